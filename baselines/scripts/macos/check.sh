#!/bin/sh
# Checks whether this shared Mac is still as `apply` left it. Changes nothing. What profiles set is not looked at.
#
# Written by groundplan from one plan of decisions; --about names the organisation and the role it was written for.
# Uses no network, holds no secret, and names no person in what it prints.
# NOT run on macOS by its makers: the head of `apply` says what was run for real.
#
# Exit: 0 all as planned, 1 something differs, 2 something could not be checked, 64 wrong usage, 77 not root.
script=check
form=text
