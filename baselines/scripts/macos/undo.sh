#!/bin/sh
# Restores what was there before `apply`, from its journal in /private/var/db/groundplan, and removes the journal.
#
# Written by groundplan from one plan of decisions; --about names the organisation and the role it was written for.
# Contents, owners, modes and access lists become what they were before the first `apply`; later changes to these files
# are lost. May be interrupted at any moment and run again. Mail that was cleaned at sign-out does not come back.
# NOT run on macOS by its makers: the head of `apply` says what was run for real.
#
# Exit: 0 restored or nothing to restore, 2 something failed (run it again), 64 wrong usage, 77 not root.
script=undo
form=text
