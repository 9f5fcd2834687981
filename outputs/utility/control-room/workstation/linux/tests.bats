#!/usr/bin/env bats
# Tries apply, check and undo of this folder on a computer that may be broken: it makes two accounts and removes them.
#
#   GROUNDPLAN_TEST_MACHINE=yes bats tests.bats    as root; bats is a package of Debian
#
# Written by groundplan beside the scripts. Run for real on Debian 12 by its makers.

test_machine() {
    [ "${GROUNDPLAN_TEST_MACHINE-}" = yes ] && [ "$(id -u)" = 0 ]
}

setup_file() {
    if ! test_machine; then
        printf 'not a test machine: GROUNDPLAN_TEST_MACHINE=yes is missing, or the right of root\n' >&2
        return 1
    fi
    useradd -m -s /bin/sh gp-test-one
    useradd -m -s /bin/sh gp-test-two
    chmod 755 /home/gp-test-one
    runuser -u gp-test-one -- mkdir -p /home/gp-test-one/.thunderbird/x/Mail
    runuser -u gp-test-one -- sh -c 'printf "secret words\n" >/home/gp-test-one/.thunderbird/x/Mail/Inbox'
    chmod -R a+rX /home/gp-test-one/.thunderbird
}

teardown_file() {
    test_machine || return 0 # bats comes here after a refusal too
    "$BATS_TEST_DIRNAME/undo" >/dev/null 2>&1 || :
    userdel -r gp-test-one 2>/dev/null || :
    userdel -r gp-test-two 2>/dev/null || :
}

other_reads() {
    runuser -u gp-test-two -- cat /home/gp-test-one/.thunderbird/x/Mail/Inbox
}

@test "before apply one person reads the mail of another, and check says that something differs" {
    run other_reads
    [ "$status" -eq 0 ]
    run "$BATS_TEST_DIRNAME/check"
    [ "$status" -eq 1 ]
}

@test "only root may, and an unknown word is refused" {
    cp "$BATS_TEST_DIRNAME/apply" "$BATS_FILE_TMPDIR/apply"
    chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_FILE_TMPDIR/apply"
    run setpriv --reuid=gp-test-one --regid=gp-test-one --clear-groups "$BATS_FILE_TMPDIR/apply"
    [ "$status" -eq 77 ]
    run "$BATS_TEST_DIRNAME/apply" --force
    [ "$status" -eq 64 ]
}

@test "apply works, and changes nothing when it is run again" {
    run "$BATS_TEST_DIRNAME/apply"
    [ "$status" -eq 0 ]
    run "$BATS_TEST_DIRNAME/apply"
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" = 'apply: nothing to change' ]
}

@test "check finds all as planned, and answers in JSON" {
    run "$BATS_TEST_DIRNAME/check"
    [ "$status" -eq 0 ]
    run "$BATS_TEST_DIRNAME/check" --json
    [ "$status" -eq 0 ]
    [[ "$output" == *'"result":"compliant"'* ]]
}

@test "nobody reads the mail of another any more" {
    [ "$(stat -c '%a' /home/gp-test-one)" = 700 ] || skip 'this plan does not close home folders'
    run other_reads
    [ "$status" -ne 0 ]
}

@test "check finds a home folder that somebody opened" {
    [ "$(stat -c '%a' /home/gp-test-one)" = 700 ] || skip 'this plan does not close home folders'
    chmod 755 /home/gp-test-one
    run "$BATS_TEST_DIRNAME/check"
    [ "$status" -eq 1 ]
    [[ "$output" == *'homes.mode'* ]]
    "$BATS_TEST_DIRNAME/apply" >/dev/null
}

@test "mail is gone after the sign-out" {
    run /usr/lib/groundplan/session close "$(id -u gp-test-one)"
    [ "$status" -eq 0 ]
    [ ! -e /home/gp-test-one/.thunderbird/x/Mail ]
}

@test "undo gives back the first state, and has nothing to do after that" {
    run "$BATS_TEST_DIRNAME/undo"
    [ "$status" -eq 0 ]
    [ "$(stat -c '%a' /home/gp-test-one)" = 755 ]
    [ ! -e /usr/lib/groundplan/session ]
    run "$BATS_TEST_DIRNAME/undo"
    [ "${lines[-1]}" = 'undo: nothing to change' ]
}
