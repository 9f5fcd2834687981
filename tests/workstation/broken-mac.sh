# How the items of a Mac without a file of their own are broken.
mkdir -p /Applications/Thunderbird.app/Contents/Resources
: >/run/of-others

break_all() {
    for change in 'chmod 750' 'chmod 711' 'setfacl -m u:bert:rwx'; do
        $change /Users/anna
        named homes.mode
        setfacl -b /Users/anna
        chmod 700 /Users/anna
    done
    launchctl config user umask 022
    named homes.umask
    launchctl config user umask 077
    defaults write "$window" autoLoginUser -string anna
    named sign-in.automatic
    defaults delete "$window" autoLoginUser
    : >/private/etc/kcpassword
    named sign-in.password
    rm /private/etc/kcpassword
    launchctl bootout system/groundplan.rounds
    named clean.loaded
    launchctl bootstrap system /Library/LaunchDaemons/groundplan.rounds.plist
    mkdir -p /private/var/db/groundplan/uncleaned
    : >/private/var/db/groundplan/uncleaned/4001
    named clean.result
    rm -r /private/var/db/groundplan/uncleaned
}
window=/Library/Preferences/com.apple.loginwindow.plist
