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

# ---- changes ----

# Set-Value ID KEY NAME KIND DATA: a value of the registry of the computer
function Set-Value([string] $Id, [string] $Key, [string] $Name, [string] $Kind, $Data) {
    $open = $local.OpenSubKey($Key, $false)
    if ($null -eq $open) {
        Say $Id 'error' "the registry lacks $Key"
        return
    }
    $before = $open.GetValue($Name, $null, 'DoNotExpandEnvironmentNames')
    $kindBefore = 'None'
    if ($null -ne $before) {
        $kindBefore = $open.GetValueKind($Name).ToString()
    }
    $open.Dispose()
    if ($kindBefore -ceq $Kind -and (ConvertTo-Data $Kind $before) -ceq (ConvertTo-Data $Kind $Data)) {
        Say $Id 'ok' $Name
    }
    elseif ($script -ceq 'check') {
        Say $Id 'drift' "$Name is not as planned"
    }
    elseif (@('None', 'String', 'ExpandString', 'DWord', 'QWord', 'Binary', 'MultiString') -cnotcontains $kindBefore) {
        Say $Id 'error' "refused: $Name has a type that undo could not restore"
    }
    else {
        $dataBefore = ''
        if ($kindBefore -cne 'None') {
            $dataBefore = ConvertTo-Data $kindBefore $before
        }
        Remember 'value' "$Key\$Name" @($Key, $Name, $kindBefore, $dataBefore)
        $open = $local.OpenSubKey($Key, $true)
        $open.SetValue($Name, $Data, $Kind)
        $open.Dispose()
        Say $Id 'changed' $Name
    }
}

# New-Parent PATH: makes the folders above it
function New-Parent([string] $Path) {
    $above = [IO.Path]::GetDirectoryName($Path)
    if (-not [IO.Directory]::Exists($above)) {
        New-Parent $above
        Remember 'folder' $above @()
        $null = [IO.Directory]::CreateDirectory($above)
    }
}

# Test-Equal PATH BYTES: whether the file holds these bytes
function Test-Equal([string] $Path, [byte[]] $Bytes) {
    if (-not [IO.File]::Exists($Path)) {
        return $false
    }
    return [Convert]::ToBase64String([IO.File]::ReadAllBytes($Path)) -ceq [Convert]::ToBase64String($Bytes)
}

# Set-File ID PATH BYTES: the file shall hold these bytes
function Set-File([string] $Id, [string] $Path, [byte[]] $Bytes) {
    if (-not (Test-Trusted $Path) -or [IO.Directory]::Exists($Path)) {
        Say $Id 'error' "refused: $Path is no ordinary file, or belongs to somebody else"
    }
    elseif (Test-Equal $Path $Bytes) {
        Say $Id 'ok' $Path
    }
    elseif ($script -ceq 'check') {
        Say $Id 'drift' "$Path is not as planned"
    }
    else {
        New-Parent $Path
        if (-not [IO.File]::Exists($Path)) {
            Remember 'absent' $Path @()
        }
        elseif (-not (Test-Remembered $Path)) {
            Remember 'file' $Path @([Convert]::ToBase64String([IO.File]::ReadAllBytes($Path)))
        }
        Write-Whole $Path $Bytes
        Say $Id 'changed' $Path
    }
}

# ---- profiles of people ----

# Get-Profiles: identifier and folder of everyone who signed in here once; not the accounts of the system
function Get-Profiles {
    $list = $local.OpenSubKey('SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList', $false)
    $all = ([string] $list.GetValue('ProfilesDirectory', '')).TrimEnd('\')
    foreach ($id in $list.GetSubKeyNames()) {
        if ($id -cmatch '^S-1-(5-21|12-1)-[0-9-]+$') {
            $key = $list.OpenSubKey($id, $false)
            $folder = ([string] $key.GetValue('ProfileImagePath', '')).TrimEnd('\')
            $key.Dispose()
            # one name directly below the folder of all profiles, and nothing else
            if ($folder -and [IO.Path]::GetDirectoryName($folder) -eq $all -and [IO.Directory]::Exists($folder)) {
                Write-Output -InputObject @{ id = $id; folder = $folder }
            }
        }
    }
    $list.Dispose()
}

# Test-Own PROFILE: its folder is no link, and belongs to the person or the system
function Test-Own($Entry) {
    if (Test-Link $Entry.folder) {
        return $false
    }
    return ($trusted + $Entry.id) -ccontains (Get-OwnerId $Entry.folder)
}

# ---- access lists of profiles ----

# Test-Closed PROFILE: nobody but the person, the system and administrators is named, and all three are
function Test-Closed($Entry) {
    $list = Get-Acl -LiteralPath $Entry.folder
    if (-not $list.AreAccessRulesProtected) {
        return $false
    }
    $wanted = @($system, $administrators, $Entry.id)
    $found = @()
    foreach ($rule in $list.GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier])) {
        if ($rule.AccessControlType -eq 'Allow') {
            if ($wanted -cnotcontains $rule.IdentityReference.Value) {
                return $false
            }
            $whole = $rule.FileSystemRights -eq 'FullControl' -and $rule.PropagationFlags -eq 'None'
            if ($whole -and $rule.InheritanceFlags -eq 'ContainerInherit,ObjectInherit') {
                $found += $rule.IdentityReference.Value
            }
        }
    }
    foreach ($id in $wanted) {
        if ($found -cnotcontains $id) {
            return $false
        }
    }
    return $true
}

function Close-Profiles {
    $open = 0
    $closed = 0
    $refused = 0
    foreach ($entry in @(Get-Profiles)) {
        if (-not (Test-Own $entry)) {
            $refused += 1
        }
        elseif (Test-Closed $entry) {
            $closed += 1
        }
        else {
            $open += 1
            if ($script -cne 'check') {
                $before = (Get-Acl -LiteralPath $entry.folder).GetSecurityDescriptorSddlForm('Access')
                Remember 'access' $entry.folder @($entry.id, $before)
                Set-Access $entry.folder (New-Access @($system, $administrators, $entry.id))
            }
        }
    }
    if ($refused -gt 0) {
        Say 'homes.refused' 'error' "$refused profile folders are links or belong to another account"
    }
    if ($open -eq 0) {
        Say 'homes.access' 'ok' "$closed profile folders are closed"
    }
    elseif ($script -ceq 'check') {
        Say 'homes.access' 'drift' "$open profile folders are open to others, $closed are closed"
    }
    else {
        Say 'homes.access' 'changed' "$open profile folders closed, $closed were closed"
    }
}

# ---- sign-in ----

# Set-Guest: the account that Windows made for guests, known by the end of its identifier
function Set-Guest {
    $cim = Get-Cim
    $guests = @(Get-CimInstance -CimSession $cim -ClassName 'Win32_UserAccount' -Filter 'LocalAccount=TRUE' |
        Where-Object -FilterScript { $_.SID -cmatch '^S-1-5-21-[0-9-]+-501$' })
    $enabled = @($guests | Where-Object -FilterScript { -not $_.Disabled })
    if ($enabled.Count -eq 0) {
        Say 'sign-in.guest' 'ok' 'no guest account is enabled'
    }
    elseif ($script -ceq 'check') {
        Say 'sign-in.guest' 'drift' 'the guest account is enabled'
    }
    else {
        Remember 'guest' 'guest' @()
        foreach ($guest in $enabled) {
            Set-CimInstance -CimSession $cim -InputObject $guest -Property @{ Disabled = $true }
        }
        Say 'sign-in.guest' 'changed' 'the guest account is disabled'
    }
    Remove-CimSession -CimSession $cim
}

# Test-StoredPassword: one that is stored for automatic sign-in stands there for all to read; it is never copied, so it is not removed either
function Test-StoredPassword {
    $key = $local.OpenSubKey('SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon', $false)
    $there = @($key.GetValueNames()) -contains 'DefaultPassword'
    $key.Dispose()
    if ($there) {
        Say 'sign-in.password' 'skipped' 'the registry holds a password for automatic sign-in; remove it and change it'
    }
}

# ---- task that cleans and signs out ----

$taskPath = '\groundplan\'
$taskName = 'sweep'
$taskMark = 'Cleans profiles nobody is signed in to, and signs out people whose screen has been locked for long. groundplan 1'
$program = [IO.Path]::Combine($state, 'session.ps1')
$shell = [IO.Path]::Combine([Environment]::GetFolderPath('System'), 'WindowsPowerShell\v1.0\powershell.exe')
$line = '-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "' + $program + '" sweep'

# Test-Task TASK: whether it is ours, whole and enabled
function Test-Task($Task) {
    $actions = @($Task.Actions)
    return $Task.Description -ceq $taskMark -and $Task.State.ToString() -cne 'Disabled' -and
    @('SYSTEM', $system) -ccontains $Task.Principal.UserId -and @($Task.Triggers).Count -eq 2 -and
    $actions.Count -eq 1 -and $actions[0].Execute -eq $shell -and $actions[0].Arguments -ceq $line
}

function Set-Task {
    $cim = Get-Cim
    $tasks = @(Get-ScheduledTask -CimSession $cim -TaskPath $taskPath -TaskName $taskName -ErrorAction SilentlyContinue)
    if ($tasks.Count -eq 1 -and (Test-Task $tasks[0])) {
        Say 'clean.task' 'ok' "$taskPath$taskName"
    }
    elseif ($script -ceq 'check') {
        Say 'clean.task' 'drift' "$taskPath$taskName is not as planned"
    }
    elseif ($tasks.Count -gt 0 -and -not (Test-Remembered "$taskPath$taskName")) {
        Say 'clean.task' 'error' "refused: $taskPath$taskName is there and is not ours"
    }
    else {
        Remember 'task' "$taskPath$taskName" @($taskPath, $taskName)
        $action = New-ScheduledTaskAction -Execute $shell -Argument $line
        $often = New-ScheduledTaskTrigger -Once -At (New-Object -TypeName 'System.DateTime' -ArgumentList 2000, 1, 1) -RepetitionInterval (New-TimeSpan -Minutes 5)
        $start = New-ScheduledTaskTrigger -AtStartup
        $who = New-ScheduledTaskPrincipal -UserId $system -LogonType ServiceAccount -RunLevel Highest
        $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -StartWhenAvailable -MultipleInstances IgnoreNew -ExecutionTimeLimit (New-TimeSpan -Minutes 30)
        $null = Register-ScheduledTask -CimSession $cim -TaskPath $taskPath -TaskName $taskName -Description $taskMark -Action $action -Trigger $often, $start -Principal $who -Settings $settings -Force
        Say 'clean.task' 'changed' "$taskPath$taskName"
    }
    Remove-CimSession -CimSession $cim
}

# ---- files of the role ----

# Copy-File ID FROM TO: a file of the role that lies beside this script goes below the programs
function Copy-File([string] $Id, [string] $From, [string] $To) {
    $source = [IO.Path]::Combine($PSScriptRoot, '..\..', $From.Replace('/', '\'))
    $target = [IO.Path]::Combine($programs, $To)
    $owner = [IO.Path]::Combine($programs, $To.Split('\')[0])
    if (-not [IO.Directory]::Exists($owner)) {
        Say $Id 'skipped' "the program of $To is not installed"
    }
    elseif (-not [IO.File]::Exists($source) -or (Test-Link $source)) {
        Say $Id 'skipped' "$From does not lie beside this script; $To stays as it is"
    }
    else {
        Set-File $Id $target ([IO.File]::ReadAllBytes($source))
    }
}

# ---- everything in turn ----

$session = (-join ('# Run by the task \groundplan\sweep every five minutes and at each start, as the system.', [char]0x000a, '#', [char]0x000a, '#   session.ps1 sweep    removes what may not stay from the profiles nobody is signed in to, and signs out those whose', [char]0x000a, '#                        screen has been locked for the planned time', [char]0x000a, '#', [char]0x000a, '# Written and installed by groundplan. It never follows a link: of a link in a profile only the link is removed. Its text', [char]0x000a, '# was parsed and linted; it was not run on Windows by those who wrote it.', [char]0x000a, '#', [char]0x000a, '# Exit: 0 done, 2 something failed, 64 wrong usage.', [char]0x000a, 'if ($args.Count -ne 1 -or $args[0] -cne ''sweep'') {', [char]0x000a, '    Write-Output -InputObject ''usage: session.ps1 sweep''', [char]0x000a, '    exit 64', [char]0x000a, '}', [char]0x000a, 'Set-StrictMode -Version 2.0', [char]0x000a, '$ErrorActionPreference = ''Stop''', [char]0x000a, '$ProgressPreference = ''SilentlyContinue''', [char]0x000a, [char]0x000a, '$planned = ''nothing''', [char]0x000a, '$stored = $false', [char]0x000a, '$accounts = ''group''', [char]0x000a, 'if ($accounts -ceq ''group'') {', [char]0x000a, '    # a common account keeps nothing, whatever else was planned', [char]0x000a, '    $planned = ''nothing''', [char]0x000a, '    $stored = $false', [char]0x000a, '}', [char]0x000a, '$days = 1', [char]0x000a, '$failed = 0', [char]0x000a, [char]0x000a, '# ---- places ----', [char]0x000a, [char]0x000a, '$programs = [Environment]::GetFolderPath(''ProgramFiles'')', [char]0x000a, '$state = [IO.Path]::Combine($programs, ''groundplan'')', [char]0x000a, '$local = [Microsoft.Win32.RegistryKey]::OpenBaseKey(''LocalMachine'', ''Registry64'')', [char]0x000a, [char]0x000a, '$system = ''S-1-5-18''', [char]0x000a, '$administrators = ''S-1-5-32-544''', [char]0x000a, '# the system, administrators, and the installer of Windows', [char]0x000a, '$trusted = @($system, $administrators, ''S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'')', [char]0x000a, [char]0x000a, '# Test-There PATH: whether something is there, a link too', [char]0x000a, 'function Test-There([string] $Path) {', [char]0x000a, '    return [IO.File]::Exists($Path) -or [IO.Directory]::Exists($Path)', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# Test-Link PATH: a link, a junction, or another point at which a path leads elsewhere', [char]0x000a, 'function Test-Link([string] $Path) {', [char]0x000a, '    return ([int] [IO.File]::GetAttributes($Path) -band [int] [IO.FileAttributes]::ReparsePoint) -ne 0', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# Get-OwnerId PATH: the identifier of the owner', [char]0x000a, 'function Get-OwnerId([string] $Path) {', [char]0x000a, '    $list = Get-Acl -LiteralPath $Path', [char]0x000a, '    return $list.GetOwner([Security.Principal.SecurityIdentifier]).Value', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# Test-Trusted PATH: it and every folder above it, as far as they are there, is no link and belongs to the system', [char]0x000a, 'function Test-Trusted([string] $Path) {', [char]0x000a, '    $above = $Path', [char]0x000a, '    while ($above -and $above -cne [IO.Path]::GetPathRoot($Path)) {', [char]0x000a, '        if (Test-There $above) {', [char]0x000a, '            if ((Test-Link $above) -or $trusted -cnotcontains (Get-OwnerId $above)) {', [char]0x000a, '                return $false', [char]0x000a, '            }', [char]0x000a, '        }', [char]0x000a, '        $above = [IO.Path]::GetDirectoryName($above)', [char]0x000a, '    }', [char]0x000a, '    return $true', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# Set-Access PATH ACCESS: replaces the access list and nothing else', [char]0x000a, 'function Set-Access([string] $Path, [Security.AccessControl.DirectorySecurity] $Access) {', [char]0x000a, '    $folder = New-Object -TypeName ''System.IO.DirectoryInfo'' -ArgumentList $Path', [char]0x000a, '    if ($PSVersionTable.PSVersion.Major -ge 6) {', [char]0x000a, '        [IO.FileSystemAclExtensions]::SetAccessControl($folder, $Access)', [char]0x000a, '    }', [char]0x000a, '    else {', [char]0x000a, '        $folder.SetAccessControl($Access)', [char]0x000a, '    }', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# New-Access IDS: full access for these, for everything inside as well, and for nobody else', [char]0x000a, 'function New-Access([string[]] $Ids) {', [char]0x000a, '    $access = New-Object -TypeName ''System.Security.AccessControl.DirectorySecurity''', [char]0x000a, '    $access.SetAccessRuleProtection($true, $false)', [char]0x000a, '    foreach ($id in $Ids) {', [char]0x000a, '        $who = New-Object -TypeName ''System.Security.Principal.SecurityIdentifier'' -ArgumentList $id', [char]0x000a, '        $rule = New-Object -TypeName ''System.Security.AccessControl.FileSystemAccessRule'' -ArgumentList $who, ''FullControl'', ''ContainerInherit,ObjectInherit'', ''None'', ''Allow''', [char]0x000a, '        $access.AddAccessRule($rule)', [char]0x000a, '    }', [char]0x000a, '    return $access', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# ---- profiles of people ----', [char]0x000a, [char]0x000a, '# Get-Profiles: identifier and folder of everyone who signed in here once; not the accounts of the system', [char]0x000a, 'function Get-Profiles {', [char]0x000a, '    $list = $local.OpenSubKey(''SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList'', $false)', [char]0x000a, '    $all = ([string] $list.GetValue(''ProfilesDirectory'', '''')).TrimEnd(''\'')', [char]0x000a, '    foreach ($id in $list.GetSubKeyNames()) {', [char]0x000a, '        if ($id -cmatch ''^S-1-(5-21|12-1)-[0-9-]+$'') {', [char]0x000a, '            $key = $list.OpenSubKey($id, $false)', [char]0x000a, '            $folder = ([string] $key.GetValue(''ProfileImagePath'', '''')).TrimEnd(''\'')', [char]0x000a, '            $key.Dispose()', [char]0x000a, '            # one name directly below the folder of all profiles, and nothing else', [char]0x000a, '            if ($folder -and [IO.Path]::GetDirectoryName($folder) -eq $all -and [IO.Directory]::Exists($folder)) {', [char]0x000a, '                Write-Output -InputObject @{ id = $id; folder = $folder }', [char]0x000a, '            }', [char]0x000a, '        }', [char]0x000a, '    }', [char]0x000a, '    $list.Dispose()', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# Test-Own PROFILE: its folder is no link, and belongs to the person or the system', [char]0x000a, 'function Test-Own($Entry) {', [char]0x000a, '    if (Test-Link $Entry.folder) {', [char]0x000a, '        return $false', [char]0x000a, '    }', [char]0x000a, '    return ($trusted + $Entry.id) -ccontains (Get-OwnerId $Entry.folder)', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# ---- removal ----', [char]0x000a, [char]0x000a, '# Remove-Tree PATH: removes it; of a link only the link goes, never what it leads to', [char]0x000a, 'function Remove-Tree([string] $Path) {', [char]0x000a, '    try {', [char]0x000a, '        $kind = [int] [IO.File]::GetAttributes($Path)', [char]0x000a, '        $isFolder = ($kind -band [int] [IO.FileAttributes]::Directory) -ne 0', [char]0x000a, '        $isLink = ($kind -band [int] [IO.FileAttributes]::ReparsePoint) -ne 0', [char]0x000a, '        if ($isFolder -and -not $isLink) {', [char]0x000a, '            foreach ($entry in [IO.Directory]::GetFileSystemEntries($Path)) {', [char]0x000a, '                Remove-Tree $entry', [char]0x000a, '            }', [char]0x000a, '        }', [char]0x000a, '        if ($isFolder) {', [char]0x000a, '            [IO.Directory]::Delete($Path, $false)', [char]0x000a, '        }', [char]0x000a, '        else {', [char]0x000a, '            [IO.File]::SetAttributes($Path, [IO.FileAttributes]::Normal)', [char]0x000a, '            [IO.File]::Delete($Path)', [char]0x000a, '        }', [char]0x000a, '    }', [char]0x000a, '    catch {', [char]0x000a, '        $script:failed = 2', [char]0x000a, '    }', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# Find-Below BASE RELATIVE: the path when it is there and no folder on the way is a link, else nothing', [char]0x000a, 'function Find-Below([string] $Base, [string] $Relative) {', [char]0x000a, '    $path = $Base', [char]0x000a, '    $names = $Relative.Split(''\'')', [char]0x000a, '    for ($at = 0; $at -lt $names.Length; $at += 1) {', [char]0x000a, '        if ($at -gt 0 -and (Test-Link $path)) {', [char]0x000a, '            $script:failed = 2', [char]0x000a, '            return', [char]0x000a, '        }', [char]0x000a, '        $path = [IO.Path]::Combine($path, $names[$at])', [char]0x000a, '        if (-not (Test-There $path)) {', [char]0x000a, '            return', [char]0x000a, '        }', [char]0x000a, '    }', [char]0x000a, '    return $path', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# Clear-Below BASE RELATIVE: removes it from the profile', [char]0x000a, 'function Clear-Below([string] $Base, [string] $Relative) {', [char]0x000a, '    $path = Find-Below $Base $Relative', [char]0x000a, '    if ($path) {', [char]0x000a, '        Remove-Tree $path', [char]0x000a, '    }', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# Limit-Folder PATH NAMES: removes all but these names from the folder; the name */ stands for every folder in it', [char]0x000a, 'function Limit-Folder([string] $Path, [string[]] $Names) {', [char]0x000a, '    if ((Test-Link $Path) -or -not [IO.Directory]::Exists($Path)) {', [char]0x000a, '        Remove-Tree $Path', [char]0x000a, '        return', [char]0x000a, '    }', [char]0x000a, '    foreach ($entry in [IO.Directory]::GetFileSystemEntries($Path)) {', [char]0x000a, '        $stays = $Names -contains [IO.Path]::GetFileName($entry) -or ($Names -ccontains ''*/'' -and [IO.Directory]::Exists($entry))', [char]0x000a, '        if ((Test-Link $entry) -or -not $stays) {', [char]0x000a, '            Remove-Tree $entry', [char]0x000a, '        }', [char]0x000a, '    }', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# Limit-Below BASE RELATIVE NAMES: the same in the profile', [char]0x000a, 'function Limit-Below([string] $Base, [string] $Relative, [string[]] $Names) {', [char]0x000a, '    $path = Find-Below $Base $Relative', [char]0x000a, '    if ($path) {', [char]0x000a, '        Limit-Folder $path $Names', [char]0x000a, '    }', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# Limit-Each BASE RELATIVE NAMES: the same in every folder there', [char]0x000a, 'function Limit-Each([string] $Base, [string] $Relative, [string[]] $Names) {', [char]0x000a, '    $path = Find-Below $Base $Relative', [char]0x000a, '    if ($path -and -not (Test-Link $path)) {', [char]0x000a, '        foreach ($folder in [IO.Directory]::GetDirectories($path)) {', [char]0x000a, '            Limit-Folder $folder $Names', [char]0x000a, '        }', [char]0x000a, '    }', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# Clear-Profile BASE KEEP: what may not stay on a shared computer', [char]0x000a, 'function Clear-Profile([string] $Base, [string] $Keep) {', [char]0x000a, '    Clear-Below $Base ''AppData\Local\Google\Chrome\User Data''', [char]0x000a, '    Clear-Below $Base ''AppData\Local\Microsoft\Edge\User Data''', [char]0x000a, '    Clear-Below $Base ''AppData\Local\Microsoft\Olk''', [char]0x000a, '    Clear-Below $Base ''AppData\Local\Microsoft\Outlook''', [char]0x000a, '    Clear-Below $Base ''AppData\Local\Microsoft\Windows\WebCache''', [char]0x000a, '    Clear-Below $Base ''AppData\Local\Mozilla''', [char]0x000a, '    Clear-Below $Base ''AppData\Local\Thunderbird''', [char]0x000a, '    Clear-Below $Base ''AppData\Roaming\Microsoft\Office\Recent''', [char]0x000a, '    if ($Keep -cne ''settings'') { Clear-Below $Base ''AppData\Roaming\Microsoft\Outlook'' }', [char]0x000a, '    if ($Keep -cne ''settings'') { Clear-Below $Base ''AppData\Roaming\Microsoft\Signatures'' }', [char]0x000a, '    if ($Keep -cne ''settings'') { Clear-Below $Base ''AppData\Roaming\Mozilla\Firefox'' }', [char]0x000a, '    if ($Keep -cne ''settings'') { Clear-Below $Base ''AppData\Roaming\Thunderbird'' }', [char]0x000a, '    if (-not $stored -or $Keep -cne ''settings'') { Clear-Below $Base ''AppData\Local\Microsoft\Credentials'' }', [char]0x000a, '    if (-not $stored -or $Keep -cne ''settings'') { Clear-Below $Base ''AppData\Local\Microsoft\IdentityCache'' }', [char]0x000a, '    if (-not $stored -or $Keep -cne ''settings'') { Clear-Below $Base ''AppData\Local\Microsoft\OneAuth'' }', [char]0x000a, '    if (-not $stored -or $Keep -cne ''settings'') { Clear-Below $Base ''AppData\Local\Microsoft\TokenBroker'' }', [char]0x000a, '    if (-not $stored -or $Keep -cne ''settings'') { Clear-Below $Base ''AppData\Local\Microsoft\Vault'' }', [char]0x000a, '    if (-not $stored -or $Keep -cne ''settings'') { Clear-Below $Base ''AppData\Roaming\Microsoft\Credentials'' }', [char]0x000a, '    if (-not $stored -or $Keep -cne ''settings'') { Clear-Below $Base ''AppData\Roaming\Microsoft\Vault'' }', [char]0x000a, '    Limit-Below $Base ''AppData\Local\Microsoft\Windows\INetCache'' @()', [char]0x000a, '    Limit-Below $Base ''AppData\Local\Temp'' @()', [char]0x000a, '    Limit-Below $Base ''AppData\Roaming\Microsoft\Windows\Recent'' @()', [char]0x000a, '    Limit-Below $Base ''Downloads'' @()', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# ---- sweep ----', [char]0x000a, [char]0x000a, '$users = [Microsoft.Win32.RegistryKey]::OpenBaseKey(''Users'', ''Registry64'')', [char]0x000a, '$seen = [IO.Path]::Combine($state, ''seen'')', [char]0x000a, [char]0x000a, '# Find-Named PROFILE KEY NAME: the folder that the person registry names, relative to the profile; nothing for one outside it', [char]0x000a, 'function Find-Named($Entry, [string] $Key, [string] $Name) {', [char]0x000a, '    $open = $users.OpenSubKey($Entry.id + ''\'' + $Key, $false)', [char]0x000a, '    if ($null -eq $open) {', [char]0x000a, '        return', [char]0x000a, '    }', [char]0x000a, '    $path = [string] $open.GetValue($Name, '''', ''DoNotExpandEnvironmentNames'')', [char]0x000a, '    $open.Dispose()', [char]0x000a, '    $start = ''%USERPROFILE%''', [char]0x000a, '    if ($path.StartsWith($start, ''OrdinalIgnoreCase'')) {', [char]0x000a, '        $path = $Entry.folder + $path.Substring($start.Length)', [char]0x000a, '    }', [char]0x000a, '    if (-not $path.StartsWith($Entry.folder + ''\'', ''OrdinalIgnoreCase'')) {', [char]0x000a, '        return', [char]0x000a, '    }', [char]0x000a, '    $path = [IO.Path]::GetFullPath($path).TrimEnd(''\'')', [char]0x000a, '    if ($path.StartsWith($Entry.folder + ''\'', ''OrdinalIgnoreCase'')) {', [char]0x000a, '        return $path.Substring($Entry.folder.Length + 1)', [char]0x000a, '    }', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# Set-Seen PROFILE: notes that the person is signed in, and the folders that only the registry of a signed-in person tells', [char]0x000a, 'function Set-Seen($Entry) {', [char]0x000a, '    $named = @(', [char]0x000a, '        Find-Named $Entry ''Software\Microsoft\Office\16.0\Outlook\Security'' ''OutlookSecureTempFolder''', [char]0x000a, '        Find-Named $Entry ''Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders'' ''{374DE290-123F-4565-9164-39C4925E467B}''', [char]0x000a, '    )', [char]0x000a, '    [IO.File]::WriteAllLines([IO.Path]::Combine($seen, $Entry.id), [string[]] $named)', [char]0x000a, '}', [char]0x000a, [char]0x000a, '# Clear-Person PROFILE: removes what may not stay, of a person who is not signed in', [char]0x000a, 'function Clear-Person($Entry) {', [char]0x000a, '    $mark = [IO.Path]::Combine($seen, $Entry.id)', [char]0x000a, '    if (-not [IO.File]::Exists($mark)) {', [char]0x000a, '        # the first sight of a person counts as a sign-in', [char]0x000a, '        [IO.File]::WriteAllLines($mark, [string[]] @())', [char]0x000a, '    }', [char]0x000a, '    $keep = $planned', [char]0x000a, '    if ($days -gt 0 -and [DateTime]::UtcNow.Subtract([IO.File]::GetLastWriteTimeUtc($mark)).TotalDays -gt $days) {', [char]0x000a, '        $keep = ''nothing''', [char]0x000a, '    }', [char]0x000a, '    Clear-Profile $Entry.folder $keep', [char]0x000a, '    foreach ($relative in [IO.File]::ReadAllLines($mark)) {', [char]0x000a, '        Limit-Below $Entry.folder $relative @()', [char]0x000a, '    }', [char]0x000a, '}', [char]0x000a, [char]0x000a, 'if (-not (Test-Trusted $state)) {', [char]0x000a, '    exit 2', [char]0x000a, '}', [char]0x000a, 'if (-not [IO.Directory]::Exists($seen)) {', [char]0x000a, '    $null = [IO.Directory]::CreateDirectory($seen)', [char]0x000a, '}', [char]0x000a, 'Set-Access $seen (New-Access @($system, $administrators))', [char]0x000a, '$known = @()', [char]0x000a, 'foreach ($entry in @(Get-Profiles)) {', [char]0x000a, '    $known += $entry.id', [char]0x000a, '    try {', [char]0x000a, '        $hive = $users.OpenSubKey($entry.id, $false)', [char]0x000a, '        if ($null -ne $hive) {', [char]0x000a, '            $hive.Dispose()', [char]0x000a, '            Set-Seen $entry', [char]0x000a, '        }', [char]0x000a, '        elseif (Test-Own $entry) {', [char]0x000a, '            Clear-Person $entry', [char]0x000a, '        }', [char]0x000a, '        else {', [char]0x000a, '            $failed = 2', [char]0x000a, '        }', [char]0x000a, '    }', [char]0x000a, '    catch {', [char]0x000a, '        $failed = 2', [char]0x000a, '    }', [char]0x000a, '}', [char]0x000a, '# nothing is kept about people whose profile is gone', [char]0x000a, 'foreach ($mark in [IO.Directory]::GetFiles($seen)) {', [char]0x000a, '    if ($known -cnotcontains [IO.Path]::GetFileName($mark)) {', [char]0x000a, '        [IO.File]::Delete($mark)', [char]0x000a, '    }', [char]0x000a, '}', [char]0x000a, 'exit $failed', [char]0x000a, ''))

if ($script -ceq 'apply') {
    try {
        Lock-State
    }
    catch {
        Say $script 'error' 'cannot make the folder for the journal'
        Finish
    }
}
Step 'homes.access' { Close-Profiles }
Step 'sign-in.automatic' { Set-Value 'sign-in.automatic' 'SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon' 'AutoAdminLogon' 'String' '0' }
Step 'sign-in.automatic-again' { Set-Value 'sign-in.automatic-again' 'SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon' 'ForceAutoLogon' 'String' '0' }
Step 'sign-in.notice' { Set-Value 'sign-in.notice' 'SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System' 'legalnoticetext' 'String' 'Stadtwerke Lindenau: https://intranet.stadtwerke-lindenau.example/groupware' }
Step 'sign-in.notice-title' { Set-Value 'sign-in.notice-title' 'SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System' 'legalnoticecaption' 'String' 'Stadtwerke Lindenau' }
Step 'sign-in.password' { Test-StoredPassword }
Step 'sign-in.guest' { Set-Guest }
Step 'clean.program' { Set-File 'clean.program' $program ([Text.Encoding]::ASCII.GetBytes($session)) }
Step 'clean.task' { Set-Task }
Step 'thunderbird.defaults' { Copy-File 'thunderbird.defaults' 'thunderbird/defaults.js' 'Mozilla Thunderbird\defaults\pref\groundplan.js' }
Step 'thunderbird.person' { Copy-File 'thunderbird.person' 'thunderbird/autoconfig/groundplan.cfg' 'Mozilla Thunderbird\groundplan.cfg' }
Step 'thunderbird.person_leader' { Copy-File 'thunderbird.person_leader' 'thunderbird/autoconfig/groundplan.js' 'Mozilla Thunderbird\defaults\pref\groundplan-autoconfig.js' }
Finish
