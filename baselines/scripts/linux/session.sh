#!/bin/sh
# Called by systemd when the first session of a person begins and when the last one has ended, and once a day.
#
#   session open UID     makes the Thunderbird profile of the role, closed to others
#   session close UID    removes what may not stay on a shared computer
#   session sweep        the same for everyone who is not signed in; removes the data of those who are long gone
#
# Written and installed by groundplan. Works in home folders only with the rights of the person, never as root, so that
# a link a person made leads no further than the person could go. It was run for real on Debian 12.
#
# Exit: 0 done, 2 something failed, 64 wrong usage, 77 not root.
