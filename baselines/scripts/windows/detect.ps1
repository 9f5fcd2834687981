# Detection of a remediation in Intune: check.ps1 in the form that Intune takes. Changes nothing.
#
# Written by groundplan from one plan of decisions; --about names the organisation and the role it was written for.
# Prints one line of at most 2000 characters, and nothing on the stream for errors.
# For Windows PowerShell 5.1 and PowerShell 7. Its text was parsed, linted and held against its tables, and the registry
# values were read back by wine; it was not run on Windows by those who wrote it. Try it on one computer first.
#
# Exit: 0 all as planned, 1 something differs or could not be checked, so that the remediation runs.
$script = 'check'
$intune = $true
$given = @($args)
