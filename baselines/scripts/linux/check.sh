#!/bin/sh
# Checks whether this shared computer is still as `apply` left it. Changes nothing.
#
# Written by groundplan from one plan of decisions; --about names the organisation and the role it was written for.
# Uses no network, holds no secret, and names no person in what it prints.
# It was run for real on Debian 12 (dash, GNU coreutils, util-linux, systemd 252, Thunderbird 153).
#
# Exit: 0 all as planned, 1 something differs, 2 something could not be checked, 64 wrong usage, 77 not root.
script=check
form=text
