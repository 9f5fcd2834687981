# ---- removal ----

# Remove-Tree PATH: removes it; of a link only the link goes, never what it leads to
function Remove-Tree([string] $Path) {
    try {
        $kind = [int] [IO.File]::GetAttributes($Path)
        $isFolder = ($kind -band [int] [IO.FileAttributes]::Directory) -ne 0
        $isLink = ($kind -band [int] [IO.FileAttributes]::ReparsePoint) -ne 0
        if ($isFolder -and -not $isLink) {
            foreach ($entry in [IO.Directory]::GetFileSystemEntries($Path)) {
                Remove-Tree $entry
            }
        }
        if ($isFolder) {
            [IO.Directory]::Delete($Path, $false)
        }
        else {
            [IO.File]::SetAttributes($Path, [IO.FileAttributes]::Normal)
            [IO.File]::Delete($Path)
        }
    }
    catch {
        $script:failed = 2
    }
}

# Find-Below BASE RELATIVE: the path when it is there and no folder on the way is a link, else nothing
function Find-Below([string] $Base, [string] $Relative) {
    $path = $Base
    $names = $Relative.Split('\')
    for ($at = 0; $at -lt $names.Length; $at += 1) {
        if ($at -gt 0 -and (Test-Link $path)) {
            $script:failed = 2
            return
        }
        $path = [IO.Path]::Combine($path, $names[$at])
        if (-not (Test-There $path)) {
            return
        }
    }
    return $path
}

# Clear-Below BASE RELATIVE: removes it from the profile
function Clear-Below([string] $Base, [string] $Relative) {
    $path = Find-Below $Base $Relative
    if ($path) {
        Remove-Tree $path
    }
}

# Limit-Folder PATH NAMES: removes all but these names from the folder; the name */ stands for every folder in it
function Limit-Folder([string] $Path, [string[]] $Names) {
    if ((Test-Link $Path) -or -not [IO.Directory]::Exists($Path)) {
        Remove-Tree $Path
        return
    }
    foreach ($entry in [IO.Directory]::GetFileSystemEntries($Path)) {
        $stays = $Names -contains [IO.Path]::GetFileName($entry) -or ($Names -ccontains '*/' -and [IO.Directory]::Exists($entry))
        if ((Test-Link $entry) -or -not $stays) {
            Remove-Tree $entry
        }
    }
}

# Limit-Below BASE RELATIVE NAMES: the same in the profile
function Limit-Below([string] $Base, [string] $Relative, [string[]] $Names) {
    $path = Find-Below $Base $Relative
    if ($path) {
        Limit-Folder $path $Names
    }
}

# Limit-Each BASE RELATIVE NAMES: the same in every folder there
function Limit-Each([string] $Base, [string] $Relative, [string[]] $Names) {
    $path = Find-Below $Base $Relative
    if ($path -and -not (Test-Link $path)) {
        foreach ($folder in [IO.Directory]::GetDirectories($path)) {
            Limit-Folder $folder $Names
        }
    }
}

# Clear-Profile BASE KEEP: what may not stay on a shared computer
function Clear-Profile([string] $Base, [string] $Keep) {
{% for row in clean %}
{% if row.when == "always" %}
    Clear-Below $Base {{ row.folder }}
{% elif row.when == "nothing" %}
    if ($Keep -cne 'settings') { Clear-Below $Base {{ row.folder }} }
{% elif row.when == "stored" %}
    if (-not $stored -or $Keep -cne 'settings') { Clear-Below $Base {{ row.folder }} }
{% elif row.when == "inside" %}
    Limit-Below $Base {{ row.folder }} @()
{% endif %}
{% endfor %}
{% if keep == "settings" and accounts == "personal" %}
    if ($Keep -cne 'settings') {
        return
    }
    $names = @(
{%- for kept in profile if kept.when == "settings" or stored_sign_in -%}
{{ kept.name }}{% if not loop.last %}, {% endif %}
{%- endfor %})
{% for row in clean %}
{% if row.when == "except" and loop.changed(row.folder) %}
    Limit-Below $Base {{ row.folder }} @(
{%- for kept in clean if kept.folder == row.folder and kept.when == "except" -%}
{{ kept.name }}{% if not loop.last %}, {% endif %}
{%- endfor %})
{% elif row.when == "profiles" %}
    Limit-Each $Base {{ row.folder }} $names
{% endif %}
{% endfor %}
{% endif %}
}
