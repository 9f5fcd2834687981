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
