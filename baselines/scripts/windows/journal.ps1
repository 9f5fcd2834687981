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
