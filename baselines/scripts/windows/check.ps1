# Checks whether this shared computer is still as apply.ps1 left it. Changes nothing.
#
# Written by groundplan from one plan of decisions; --about names the organisation and the role it was written for.
# Uses no network, holds no secret, and names no person in what it prints.
# For Windows PowerShell 5.1 and PowerShell 7. Its text was parsed, linted and held against its tables, and the registry
# values were read back by wine; it was not run on Windows by those who wrote it. Try it on one computer first.
#
# Exit: 0 all as planned, 1 something differs, 2 something could not be checked, 64 wrong usage, 77 no administrator.
$script = 'check'
$intune = $false
$given = @($args)
