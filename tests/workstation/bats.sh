# The suite that lies beside the scripts, as an administrator runs it.
want 0 "$scripts/apply"
want 1 bats "$scripts/tests.bats"
says 'not a test machine'
same "$(id -u gp-test-one 2>/dev/null || :)" ''
want 0 "$scripts/check" # a refusal changes nothing
want 0 "$scripts/undo"
picture >/run/before
GROUNDPLAN_TEST_MACHINE=yes want 0 bats --tap "$scripts/tests.bats"
same "$(head -n 1 /tmp/out)" 1..8
same "$(grep -c '^ok ' /tmp/out)" 8
same "$(grep -c skip /tmp/out || :)" "$SKIPPED"
picture >/run/now
diff -u /run/before /run/now

# it finds scripts that do not work
cp -a /role /role-broken
sed -i 's/^        chmod 00700/        : chmod/; s/^    chmod 00700 -- "$1"/    :/' /role-broken/workstation/linux/apply
GROUNDPLAN_TEST_MACHINE=yes want 1 bats --tap /role-broken/workstation/linux/tests.bats
printf 'all steps done\n'
