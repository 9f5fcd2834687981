#!/bin/sh
# Extension attribute for Jamf Pro (type String): the answer of `check` as one text, such as
# <result>compliant</result> or <result>drift: homes.mode, clean.loaded</result>. Changes nothing; ends with 0.
#
# Written by groundplan from one plan of decisions; --about names the organisation and the role it was written for.
# NOT run on macOS by its makers: the head of `apply` says what was run for real.
script=check
form=attribute
