# Prepares this shared computer: closes profiles, switches off automatic and guest sign-in, cleans up after people.
#
# Written by groundplan from one plan of decisions; --about names the organisation and the role it was written for.
# Changing nothing twice: a second run finds everything as it should be. What was there before is kept in the journal of
# the folder groundplan below the programs, and undo.ps1 restores it. May be interrupted at any moment and run again.
# Before the scripts of a changed plan are applied, run the undo.ps1 of the old ones: what a plan no longer asks for stays.
# What a policy of the role sets (lock, fast user switching, clipboard, old profiles) is left to the policy.
# Uses no network, holds no secret, and names no person in what it prints.
# For Windows PowerShell 5.1 and PowerShell 7. Its text was parsed, linted and held against its tables, and the registry
# values were read back by wine; it was not run on Windows by those who wrote it. Try it on one computer first.
#
# Exit: 0 applied, 2 something failed (the others were applied), 64 wrong usage, 77 no administrator.
$script = 'apply'
$intune = $false
$given = @($args)
