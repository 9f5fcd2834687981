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
