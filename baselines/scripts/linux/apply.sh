#!/bin/sh
# Prepares this shared computer: closes home folders, locks idle screens, signs idle people out, cleans up after them.
#
# Written by groundplan from one plan of decisions; --about names the organisation and the role it was written for.
# Changing nothing twice: a second run finds everything as it should be. What was there before is kept in
# /var/lib/groundplan/journal, and `undo` restores it. May be interrupted at any moment and run again.
# Before the scripts of a changed plan are applied, run the `undo` of the old ones: what a plan no longer asks for stays.
# Uses no network, holds no secret, and names no person in what it prints.
# It was run for real on Debian 12 (dash, GNU coreutils, util-linux, systemd 252, Thunderbird 153).
#
# Exit: 0 applied, 2 something failed (the others were applied), 64 wrong usage, 77 not root.
script=apply
form=text
