# Restores what was there before apply.ps1, from its journal, and removes the journal.
#
# Written by groundplan from one plan of decisions; --about names the organisation and the role it was written for.
# Values, files, access lists and accounts become what they were before the first run of apply.ps1; later changes are lost.
# May be interrupted at any moment and run again. Mail that was cleaned after sign-out does not come back.
# For Windows PowerShell 5.1 and PowerShell 7. Its text was parsed, linted and held against its tables, and the registry
# values were read back by wine; it was not run on Windows by those who wrote it. Try it on one computer first.
#
# Exit: 0 restored or nothing to restore, 2 something failed (run it again), 64 wrong usage, 77 no administrator.
$script = 'undo'
$intune = $false
$given = @($args)
