# ---- sweep ----

$users = [Microsoft.Win32.RegistryKey]::OpenBaseKey('Users', 'Registry64')
$seen = [IO.Path]::Combine($state, 'seen')

# Find-Named PROFILE KEY NAME: the folder that the person registry names, relative to the profile; nothing for one outside it
function Find-Named($Entry, [string] $Key, [string] $Name) {
    $open = $users.OpenSubKey($Entry.id + '\' + $Key, $false)
    if ($null -eq $open) {
        return
    }
    $path = [string] $open.GetValue($Name, '', 'DoNotExpandEnvironmentNames')
    $open.Dispose()
    $start = '%USERPROFILE%'
    if ($path.StartsWith($start, 'OrdinalIgnoreCase')) {
        $path = $Entry.folder + $path.Substring($start.Length)
    }
    if (-not $path.StartsWith($Entry.folder + '\', 'OrdinalIgnoreCase')) {
        return
    }
    $path = [IO.Path]::GetFullPath($path).TrimEnd('\')
    if ($path.StartsWith($Entry.folder + '\', 'OrdinalIgnoreCase')) {
        return $path.Substring($Entry.folder.Length + 1)
    }
}

# Set-Seen PROFILE: notes that the person is signed in, and the folders that only the registry of a signed-in person tells
function Set-Seen($Entry) {
    $named = @(
{% for row in clean if row.when == "named" %}
        Find-Named $Entry {{ row.folder }} {{ row.name }}
{% endfor %}
    )
    [IO.File]::WriteAllLines([IO.Path]::Combine($seen, $Entry.id), [string[]] $named)
}

# Clear-Person PROFILE: removes what may not stay, of a person who is not signed in
function Clear-Person($Entry) {
    $mark = [IO.Path]::Combine($seen, $Entry.id)
    if (-not [IO.File]::Exists($mark)) {
        # the first sight of a person counts as a sign-in
        [IO.File]::WriteAllLines($mark, [string[]] @())
    }
    $keep = $planned
    if ($days -gt 0 -and [DateTime]::UtcNow.Subtract([IO.File]::GetLastWriteTimeUtc($mark)).TotalDays -gt $days) {
        $keep = 'nothing'
    }
    Clear-Profile $Entry.folder $keep
    foreach ($relative in [IO.File]::ReadAllLines($mark)) {
        Limit-Below $Entry.folder $relative @()
    }
}

{% if sign_out_after > 0 and lock_after > 0 %}
# Close-Locked: signs out everyone whose screen has been locked, or under the screen saver of the policy, for the planned time
function Close-Locked {
    $minutes = {{ [sign_out_after - lock_after, 1] | max }}
    $ended = @()
    foreach ($screen in @(Get-Process -Name 'LogonUI', 'scrnsave.scr' -ErrorAction SilentlyContinue)) {
        $number = $screen.SessionId
        $desktops = @(Get-Process -Name 'explorer' -ErrorAction SilentlyContinue | Where-Object -FilterScript { $_.SessionId -eq $number })
        $locked = [DateTime]::Now.Subtract($screen.StartTime).TotalMinutes
        if ($desktops.Count -gt 0 -and $locked -ge $minutes -and $ended -notcontains $number) {
            $ended += $number
            $order = New-Object -TypeName 'System.Diagnostics.ProcessStartInfo'
            $order.FileName = [IO.Path]::Combine([Environment]::GetFolderPath('System'), 'logoff.exe')
            $order.Arguments = $number.ToString()
            $order.UseShellExecute = $false
            $order.CreateNoWindow = $true
            $process = [Diagnostics.Process]::Start($order)
            if (-not $process.WaitForExit(60000)) {
                $process.Kill()
                $script:failed = 2
            }
            elseif ($process.ExitCode -ne 0) {
                $script:failed = 2
            }
        }
    }
}

{% endif %}
if (-not (Test-Trusted $state)) {
    exit 2
}
if (-not [IO.Directory]::Exists($seen)) {
    $null = [IO.Directory]::CreateDirectory($seen)
}
Set-Access $seen (New-Access @($system, $administrators))
{% if sign_out_after > 0 and lock_after > 0 %}
try {
    Close-Locked
}
catch {
    $failed = 2
}
{% endif %}
$known = @()
foreach ($entry in @(Get-Profiles)) {
    $known += $entry.id
    try {
        $hive = $users.OpenSubKey($entry.id, $false)
        if ($null -ne $hive) {
            $hive.Dispose()
            Set-Seen $entry
        }
        elseif (Test-Own $entry) {
            Clear-Person $entry
        }
        else {
            $failed = 2
        }
    }
    catch {
        $failed = 2
    }
}
# nothing is kept about people whose profile is gone
foreach ($mark in [IO.Directory]::GetFiles($seen)) {
    if ($known -cnotcontains [IO.Path]::GetFileName($mark)) {
        [IO.File]::Delete($mark)
    }
}
exit $failed
