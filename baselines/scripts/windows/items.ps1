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

$session = {{ session }}

if ($script -ceq 'apply') {
    try {
        Lock-State
    }
    catch {
        Say $script 'error' 'cannot make the folder for the journal'
        Finish
    }
}
{% if private_homes %}
Step 'homes.access' { Close-Profiles }
{% endif %}
{% for row in registry %}
Step {{ row.id }} { Set-Value {{ row.id }} {{ row.key }} {{ row.name }} {{ row.kind }} {{ row.data }} }
{% endfor %}
{% if not automatic_sign_in %}
Step 'sign-in.password' { Test-StoredPassword }
{% endif %}
{% if not guest_sign_in %}
Step 'sign-in.guest' { Set-Guest }
{% endif %}
Step 'clean.program' { Set-File 'clean.program' $program ([Text.Encoding]::ASCII.GetBytes($session)) }
Step 'clean.task' { Set-Task }
{% for row in install if parameters[row.only_if] %}
Step {{ row.id }} { Copy-File {{ row.id }} {{ row.from }} {{ row.to }} }
{% endfor %}
Finish
