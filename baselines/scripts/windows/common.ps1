Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'

$organisation = {{ organisation }}
$role = {{ role }}

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
