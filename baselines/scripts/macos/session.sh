#!/bin/sh
# Called by launchd: at the window for signing in, which comes back when somebody signs out, and every minute.
#
#   session sweep    removes, for everyone who is not signed in, what may not stay on a shared Mac; removes the data of
#                    those who are long gone
#   session round    the same for whoever was signed in at the last round and is no more; once a day for everyone
#
# Written and installed by groundplan. Works in home folders only with the rights of the person, never as root, so that
# a link a person made leads no further than the person could go.
#
# NOT run on macOS by its makers. What it keeps and removes was run for real on Debian 12 (dash, bash, mksh and zsh; the awk
# of the BSDs), with stand-ins for chmod -N, chflags, dscl, getconf, id -P, launchctl, ls -e, stat -f, sudo and who.
# macOS lets a program reach the data of Mail, Outlook and Safari only with the permission Full Disk Access, which the
# device management grants; what could not be removed is counted, and `check` reports it.
#
# Exit: 0 done, 2 something failed, 64 wrong usage, 77 not root.
