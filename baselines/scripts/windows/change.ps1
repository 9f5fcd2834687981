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
