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
