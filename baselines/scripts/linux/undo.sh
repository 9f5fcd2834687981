#!/bin/sh
# Restores what was there before `apply`, from its journal in /var/lib/groundplan, and removes the journal.
#
# Written by groundplan from one plan of decisions; --about names the organisation and the role it was written for.
# Contents, owners and modes become what they were before the first `apply`; later changes to these files are lost.
# May be interrupted at any moment and run again. Mail that was cleaned at sign-out does not come back.
# It was run for real on Debian 12 (dash, GNU coreutils, util-linux, systemd 252, Thunderbird 153).
#
# Exit: 0 restored or nothing to restore, 2 something failed (run it again), 64 wrong usage, 77 not root.
script=undo
form=text
