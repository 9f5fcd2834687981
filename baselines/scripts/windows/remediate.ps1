# Remediation in Intune: apply.ps1 in the form that Intune takes. It restarts nothing.
#
# Written by groundplan from one plan of decisions; --about names the organisation and the role it was written for.
# Prints one line of at most 2000 characters, and nothing on the stream for errors. undo.ps1 takes it back.
# For Windows PowerShell 5.1 and PowerShell 7. Its text was parsed, linted and held against its tables, and the registry
# values were read back by wine; it was not run on Windows by those who wrote it. Try it on one computer first.
#
# Exit: 0 applied, 1 something failed.
$script = 'apply'
$intune = $true
$given = @($args)
