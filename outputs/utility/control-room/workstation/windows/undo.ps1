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

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'

$organisation = 'Stadtwerke Lindenau'
$role = 'control-room'

$json = $false
$usage = $false
foreach ($argument in $given) {
    if ($argument -ceq '--json') {
        $json = $true
    }
    elseif ($argument -ceq '--about') {
        Write-Output -InputObject $organisation
        Write-Output -InputObject $role
        exit 0
    }
    else {
        $usage = $true
    }
}
if ($usage) {
    Write-Output -InputObject "usage: $script.ps1 [--json] [--about]"
    exit 64
}

# a program of 32 bits sees another registry and other folders: the same script goes on in 64 bits
if ([Environment]::Is64BitOperatingSystem -and -not [Environment]::Is64BitProcess) {
    $native = [IO.Path]::Combine([Environment]::GetFolderPath('Windows'), 'SysNative\WindowsPowerShell\v1.0\powershell.exe')
    & $native -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File $PSCommandPath @given
    exit $LASTEXITCODE
}

$items = New-Object -TypeName 'System.Collections.Generic.List[object]'
$changes = 0
$drifts = 0
$errors = 0
$skips = 0
$lock = $null

# Say ID STATUS DETAIL: one item; the detail is fixed text, a path of ours or a number, never a name of a person
function Say([string] $Id, [string] $Status, [string] $Detail) {
    switch ($Status) {
        'changed' { $script:changes += 1 }
        'drift' { $script:drifts += 1 }
        'error' { $script:errors += 1 }
        'skipped' { $script:skips += 1 }
    }
    $script:items.Add([ordered]@{ id = $Id; status = $Status; detail = $Detail })
}

# ConvertTo-Ascii TEXT: JSON in which every other character is an escape, whatever code page the console has
function ConvertTo-Ascii([string] $Text) {
    $out = New-Object -TypeName 'System.Text.StringBuilder'
    foreach ($letter in $Text.ToCharArray()) {
        $number = [int] $letter
        if ($number -gt 126) {
            $null = $out.Append('\u').Append($number.ToString('x4'))
        }
        else {
            $null = $out.Append($letter)
        }
    }
    return $out.ToString()
}

# Show RESULT: what is printed at the end
function Show([string] $Result) {
    $counts = "$script; $Result; $changes changed, $drifts differ, $errors failed, $skips do not apply here"
    if ($intune) {
        $ids = @($items | Where-Object -FilterScript { $_.status -ceq 'drift' -or $_.status -ceq 'error' } | ForEach-Object -Process { $_.id })
        $line = $counts + ': ' + ($ids -join ' ')
        Write-Output -InputObject $line.Substring(0, [Math]::Min($line.Length, 2000))
    }
    elseif ($json) {
        $report = [ordered]@{
            version = 1; script = $script; about = [ordered]@{ organisation = $organisation; role = $role }; result = $Result
            changed = $changes; drift = $drifts; errors = $errors; skipped = $skips; items = $items.ToArray()
        }
        $text = ConvertTo-Json -InputObject $report -Depth 4 -Compress
        Write-Output -InputObject (ConvertTo-Ascii $text)
    }
    else {
        foreach ($item in $items) {
            Write-Output -InputObject ($item.status.PadRight(8) + ' ' + $item.id.PadRight(28) + ' ' + $item.detail)
        }
        if ($script -cne 'check' -and $changes -eq 0 -and $errors -eq 0) {
            Write-Output -InputObject "${script}: nothing to change"
        }
        else {
            Write-Output -InputObject $counts
        }
    }
}

# Finish: the summary, and the exit code
function Finish {
    $result = 'compliant'
    if ($script -ceq 'apply') { $result = 'applied' }
    if ($script -ceq 'undo') { $result = 'restored' }
    $code = 0
    if ($drifts -gt 0) {
        $code = 1
        $result = 'drift'
    }
    if ($errors -gt 0) {
        $code = 2
        $result = 'error'
    }
    if ($null -ne $lock) {
        $lock.Dispose()
    }
    Show $result
    if ($intune -and $code -ne 0) {
        $code = 1
    }
    exit $code
}

# what nothing else catches ends the run with nothing on the stream for errors
trap {
    if ($intune) { exit 1 }
    exit 2
}

# Step ID BLOCK: what fails becomes an item, and the next one is tried
function Step([string] $Id, [scriptblock] $Block) {
    try {
        & $Block
    }
    catch {
        # the type says what went wrong; the message could name a person
        $kind = $_.Exception.GetBaseException().GetType().FullName
        Say $Id 'error' $kind
    }
}

$identity = [Security.Principal.WindowsIdentity]::GetCurrent()
$principal = New-Object -TypeName 'System.Security.Principal.WindowsPrincipal' -ArgumentList $identity
if (-not $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    Write-Output -InputObject "${script}: must be run as administrator"
    if ($intune) { exit 1 }
    exit 77
}

# ---- places ----

$programs = [Environment]::GetFolderPath('ProgramFiles')
$state = [IO.Path]::Combine($programs, 'groundplan')
$local = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')

$system = 'S-1-5-18'
$administrators = 'S-1-5-32-544'
# the system, administrators, and the installer of Windows
$trusted = @($system, $administrators, 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464')

# Test-There PATH: whether something is there, a link too
function Test-There([string] $Path) {
    return [IO.File]::Exists($Path) -or [IO.Directory]::Exists($Path)
}

# Test-Link PATH: a link, a junction, or another point at which a path leads elsewhere
function Test-Link([string] $Path) {
    return ([int] [IO.File]::GetAttributes($Path) -band [int] [IO.FileAttributes]::ReparsePoint) -ne 0
}

# Get-OwnerId PATH: the identifier of the owner
function Get-OwnerId([string] $Path) {
    $list = Get-Acl -LiteralPath $Path
    return $list.GetOwner([Security.Principal.SecurityIdentifier]).Value
}

# Test-Trusted PATH: it and every folder above it, as far as they are there, is no link and belongs to the system
function Test-Trusted([string] $Path) {
    $above = $Path
    while ($above -and $above -cne [IO.Path]::GetPathRoot($Path)) {
        if (Test-There $above) {
            if ((Test-Link $above) -or $trusted -cnotcontains (Get-OwnerId $above)) {
                return $false
            }
        }
        $above = [IO.Path]::GetDirectoryName($above)
    }
    return $true
}

# Set-Access PATH ACCESS: replaces the access list and nothing else
function Set-Access([string] $Path, [Security.AccessControl.DirectorySecurity] $Access) {
    $folder = New-Object -TypeName 'System.IO.DirectoryInfo' -ArgumentList $Path
    if ($PSVersionTable.PSVersion.Major -ge 6) {
        [IO.FileSystemAclExtensions]::SetAccessControl($folder, $Access)
    }
    else {
        $folder.SetAccessControl($Access)
    }
}

# New-Access IDS: full access for these, for everything inside as well, and for nobody else
function New-Access([string[]] $Ids) {
    $access = New-Object -TypeName 'System.Security.AccessControl.DirectorySecurity'
    $access.SetAccessRuleProtection($true, $false)
    foreach ($id in $Ids) {
        $who = New-Object -TypeName 'System.Security.Principal.SecurityIdentifier' -ArgumentList $id
        $rule = New-Object -TypeName 'System.Security.AccessControl.FileSystemAccessRule' -ArgumentList $who, 'FullControl', 'ContainerInherit,ObjectInherit', 'None', 'Allow'
        $access.AddAccessRule($rule)
    }
    return $access
}

# ---- journal ----
# One line an entry: a kind, and fields in Base64 of UTF-8, so that no text of theirs ends a line or a field.

$journal = [IO.Path]::Combine($state, 'journal')
$entries = [IO.Path]::Combine($journal, 'entries')

function ConvertTo-Field([string] $Text) {
    return '=' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text))
}

function ConvertFrom-Field([string] $Field) {
    return [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Field.Substring(1)))
}

# Get-Entries: the lines of the journal, the oldest first
function Get-Entries {
    if ([IO.File]::Exists($entries)) {
        return [IO.File]::ReadAllLines($entries)
    }
}

# Remember KIND PLACE DETAILS: keeps what is there, unless an earlier run kept it. Written before the change it is for.
function Remember([string] $Kind, [string] $Place, [string[]] $Details) {
    $lines = @(Get-Entries)
    $wanted = ConvertTo-Field $Place
    foreach ($line in $lines) {
        if ($line.Split(' ')[1] -ceq $wanted) {
            return
        }
    }
    $fields = @($Details | ForEach-Object -Process { ConvertTo-Field $_ })
    $lines += (@($Kind, $wanted) + $fields) -join ' '
    Write-Whole $entries ([Text.Encoding]::ASCII.GetBytes(($lines -join "`n") + "`n"))
}

# Test-Remembered PLACE: the journal holds it
function Test-Remembered([string] $Place) {
    $wanted = ConvertTo-Field $Place
    foreach ($line in @(Get-Entries)) {
        if ($line.Split(' ')[1] -ceq $wanted) {
            return $true
        }
    }
    return $false
}

# ConvertTo-Data KIND VALUE: the data of a registry value as one text
function ConvertTo-Data([string] $Kind, $Value) {
    if ($Kind -ceq 'Binary') {
        return [Convert]::ToBase64String([byte[]] $Value)
    }
    if ($Kind -ceq 'MultiString') {
        return ([string[]] $Value) -join "`n"
    }
    return [Convert]::ToString($Value, [Globalization.CultureInfo]::InvariantCulture)
}

# ConvertFrom-Data KIND TEXT: the data again
function ConvertFrom-Data([string] $Kind, [string] $Text) {
    switch ($Kind) {
        'Binary' { return , [Convert]::FromBase64String($Text) }
        'MultiString' { return , $Text.Split("`n") }
        'DWord' { return [int] $Text }
        'QWord' { return [long] $Text }
        default { return $Text }
    }
}

# Write-Whole PATH BYTES: the file becomes these bytes in one step
function Write-Whole([string] $Path, [byte[]] $Bytes) {
    $new = $Path + '.groundplan-new'
    [IO.File]::WriteAllBytes($new, $Bytes)
    if ([IO.File]::Exists($Path)) {
        [IO.File]::Replace($new, $Path, [NullString]::Value)
    }
    else {
        [IO.File]::Move($new, $Path)
    }
}

# Get-Cim: a connection to the services of this computer, each call over which ends after 30 seconds
function Get-Cim {
    return New-CimSession -OperationTimeoutSec 30
}

# Lock-State: one run at a time, and a folder for the journal that only administrators can enter
function Lock-State {
    if (-not (Test-Trusted $state)) {
        Say $script 'error' 'refused: the folder groundplan below the programs is a link or belongs to somebody else'
        Finish
    }
    if (-not [IO.Directory]::Exists($journal)) {
        $null = [IO.Directory]::CreateDirectory($journal)
    }
    Set-Access $journal (New-Access @($system, $administrators))
    for ($try = 0; $try -lt 30; $try += 1) {
        try {
            $script:lock = [IO.File]::Open([IO.Path]::Combine($state, 'lock'), 'OpenOrCreate', 'ReadWrite', 'None')
            return
        }
        catch [IO.IOException] {
            Start-Sleep -Seconds 1
        }
    }
    Say $script 'error' 'another run holds the lock'
    Finish
}

# ---- undo ----

function Restore-Value([string[]] $Fields) {
    $key = $local.OpenSubKey($Fields[1], $true)
    if ($null -eq $key) {
        Say 'undo.value' 'skipped' "the registry lacks $($Fields[1])"
        return
    }
    if ($Fields[3] -ceq 'None') {
        $key.DeleteValue($Fields[2], $false)
    }
    else {
        $key.SetValue($Fields[2], (ConvertFrom-Data $Fields[3] $Fields[4]), $Fields[3])
    }
    $key.Dispose()
    Say 'undo.value' 'changed' $Fields[2]
}

function Restore-File([string] $Kind, [string[]] $Fields) {
    $path = $Fields[0]
    if (-not (Test-Trusted $path)) {
        Say 'undo.file' 'error' "refused: $path is no ordinary file, or belongs to somebody else"
        return
    }
    [IO.File]::Delete($path + '.groundplan-new')
    if ($Kind -ceq 'file') {
        Write-Whole $path ([Convert]::FromBase64String($Fields[1]))
    }
    elseif ($Kind -ceq 'absent') {
        if ([IO.File]::Exists($path)) { [IO.File]::Delete($path) }
    }
    elseif ([IO.Directory]::Exists($path)) {
        if (@([IO.Directory]::GetFileSystemEntries($path)).Count -gt 0) {
            Say 'undo.folder' 'skipped' "$path stays, because other programs use it"
            return
        }
        [IO.Directory]::Delete($path, $false)
    }
    Say 'undo.file' 'changed' $path
}

# Restore-Access: a folder that was removed, or is of another account by now, is left alone
function Restore-Access([string[]] $Fields) {
    $path = $Fields[0]
    if (-not [IO.Directory]::Exists($path)) {
        return
    }
    if ((Test-Link $path) -or ($trusted + $Fields[1]) -cnotcontains (Get-OwnerId $path)) {
        Say 'homes.access' 'error' 'refused: a profile folder is a link or belongs to another account'
        return
    }
    $access = New-Object -TypeName 'System.Security.AccessControl.DirectorySecurity'
    $access.SetSecurityDescriptorSddlForm($Fields[2], 'Access')
    Set-Access $path $access
    Say 'homes.access' 'changed' 'the access list of a profile folder'
}

function Restore-Guest {
    $cim = Get-Cim
    $guests = @(Get-CimInstance -CimSession $cim -ClassName 'Win32_UserAccount' -Filter 'LocalAccount=TRUE' |
        Where-Object -FilterScript { $_.SID -cmatch '^S-1-5-21-[0-9-]+-501$' })
    foreach ($guest in $guests) {
        Set-CimInstance -CimSession $cim -InputObject $guest -Property @{ Disabled = $false }
    }
    Remove-CimSession -CimSession $cim
    Say 'sign-in.guest' 'changed' 'the guest account is enabled again'
}

function Restore-Task([string[]] $Fields) {
    $cim = Get-Cim
    $tasks = @(Get-ScheduledTask -CimSession $cim -TaskPath $Fields[1] -TaskName $Fields[2] -ErrorAction SilentlyContinue)
    if ($tasks.Count -gt 0) {
        Unregister-ScheduledTask -CimSession $cim -TaskPath $Fields[1] -TaskName $Fields[2] -Confirm:$false
    }
    Remove-CimSession -CimSession $cim
    Say 'clean.task' 'changed' ($Fields[1] + $Fields[2])
}

# Restore LINE: one entry of the journal
function Restore([string] $Line) {
    $parts = $Line.Split(' ')
    $fields = @()
    for ($at = 1; $at -lt $parts.Length; $at += 1) {
        $fields += ConvertFrom-Field $parts[$at]
    }
    switch ($parts[0]) {
        'value' { Restore-Value $fields }
        'file' { Restore-File 'file' $fields }
        'absent' { Restore-File 'absent' $fields }
        'folder' { Restore-File 'folder' $fields }
        'access' { Restore-Access $fields }
        'guest' { Restore-Guest }
        'task' { Restore-Task $fields }
        default { Say 'undo.journal' 'error' 'the journal holds an entry of another kind' }
    }
}

if ([IO.File]::Exists($entries)) {
    try {
        Lock-State
    }
    catch {
        Say $script 'error' 'cannot open the folder of the journal'
        Finish
    }
    $lines = @(Get-Entries)
    for ($at = $lines.Length - 1; $at -ge 0; $at -= 1) {
        $entry = $lines[$at]
        Step 'undo' { Restore $entry }
    }
    if ($errors -eq 0) {
        # the list goes first: without it a second run has nothing more to restore
        [IO.File]::Delete($entries)
        Step 'undo.journal' {
            $script:lock.Dispose()
            $script:lock = $null
            [IO.Directory]::Delete($state, $true)
        }
    }
}
Finish
