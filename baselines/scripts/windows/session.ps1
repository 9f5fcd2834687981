# Run by the task \groundplan\sweep every five minutes and at each start, as the system.
#
#   session.ps1 sweep    removes what may not stay from the profiles nobody is signed in to, and signs out those whose
#                        screen has been locked for the planned time
#
# Written and installed by groundplan. It never follows a link: of a link in a profile only the link is removed. Its text
# was parsed and linted; it was not run on Windows by those who wrote it.
#
# Exit: 0 done, 2 something failed, 64 wrong usage.
if ($args.Count -ne 1 -or $args[0] -cne 'sweep') {
    Write-Output -InputObject 'usage: session.ps1 sweep'
    exit 64
}
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$planned = {{ keep }}
$stored = {{ stored_sign_in }}
$accounts = {{ accounts }}
if ($accounts -ceq 'group') {
    # a common account keeps nothing, whatever else was planned
    $planned = 'nothing'
    $stored = $false
}
$days = {{ profile_days }}
$failed = 0
