#!/bin/sh
# Prepares this shared Mac where no profile does it: closes home folders, ends the automatic sign-in, cleans up after people
# who signed out, installs accounts and default preferences of Thunderbird. The profiles of the role do the rest: lock and
# sign-out of idle screens, the guest account, the notice at sign-in, the policies of Thunderbird.
#
# Written by groundplan from one plan of decisions; --about names the organisation and the role it was written for.
# Changing nothing twice: a second run finds everything as it should be. What was there before is kept in
# /private/var/db/groundplan/journal, and `undo` restores it. May be interrupted at any moment and run again.
# Before the scripts of a changed plan are applied, run the `undo` of the old ones: what a plan no longer asks for stays.
# Uses no network, holds no secret, and names no person in what it prints.
#
# NOT run on macOS by its makers: try it on one Mac first. Run for real was, on Debian 12 with dash, bash, mksh and zsh and the
# awk of the BSDs: everything it does with files, modes, owners, the journal, and what is cleaned. Stand-ins answered for
# what only macOS has: chmod -N and -E, ls -e, stat -f, dscl, id -P, defaults and launchctl.
# macOS 13 and later let a program change an application such as Thunderbird only with the permission App Management,
# which the device management grants to its agent.
#
# Exit: 0 applied, 2 something failed (the others were applied), 64 wrong usage, 77 not root.
script=apply
form=text
