#!/usr/bin/env python3
"""Asks a real Firefox what it makes of a policies.json.

    firefox.py FOLDER [--visit ADDRESS ...]

FOLDER holds `policies.json`. The program is started without a display, on a
throwaway profile, from a mirror of its own folder in which the file stands in
`distribution/`; the way is that of the probe for Thunderbird, whose parts are
used. Nothing outside a temporary folder is written.

One JSON object goes to standard output: version, status, the active policies,
what the program logged about policies, preferences that policies lock, and for
each address the error page that it led to.

Exit status: 0 read, 2 the surroundings do not allow a fair test, 3 no answer.
The program to ask is /usr/lib/firefox-esr, or $GROUNDPLAN_FIREFOX.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "thunderbird"))
import probe  # noqa: E402

probe.LAUNCHER = "firefox-bin"
SYSTEM_POLICIES = pathlib.Path("/etc/firefox/policies/policies.json")

PROFILE = {
    "marionette.port": 0,
    "remote.prefs.recommended": False,
    "app.update.disabledForTesting": True,
    "browser.policies.loglevel": "warn",
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
}

QUESTION = r"""
const [names, reply] = arguments;
const logs = ["Enterprise Policies", "Policies", "PolicySchemaValidator", "WebsiteFilter", "ProxyPolicies"];
const words = part => typeof part == "object" && !(part instanceof Error) ? JSON.stringify(part) : String(part);
const prefs = Services.prefs;
const read = name => {
  switch (prefs.getPrefType(name)) {
    case prefs.PREF_BOOL: return prefs.getBoolPref(name);
    case prefs.PREF_INT: return prefs.getIntPref(name);
    case prefs.PREF_STRING: return prefs.getStringPref(name);
    default: return null;
  }
};
try {
  reply({ answer: {
    version: Services.appinfo.version,
    status: ["UNINITIALIZED", "INACTIVE", "ACTIVE", "FAILED"]
      .find(s => Ci.nsIEnterprisePolicies[s] === Services.policies.status) ?? "?",
    policies: Services.policies.getActivePolicies() ?? {},
    errors: Cc["@mozilla.org/consoleAPI-storage;1"].getService(Ci.nsIConsoleAPIStorage)
      .getEvents().filter(e => logs.includes(e.prefix) && e.level != "debug")
      .map(e => (e.arguments ?? []).map(words).join(" ")),
    preferences: Object.fromEntries(names.map(n => [n, { value: read(n), locked: prefs.prefIsLocked(n) }])),
  } });
} catch (error) { reply({ problem: String(error) }); }
"""


def error_page(remote, address):
    """The code of the error page that an address leads to, or nothing."""
    with contextlib.suppress(probe.Silent):
        remote.ask("WebDriver:Navigate", url=address)
    shown = remote.ask("WebDriver:ExecuteScript", script="return document.documentURI", args=[])["value"]
    found = re.search(r"^about:[a-z]*error\?(?:.*&)?e=([A-Za-z]+)", shown) or re.search(r"[?&]e=([A-Za-z]+)", shown)
    return found.group(1) if found else None


def ask(folder, visits, names, limit):
    installed = pathlib.Path(os.environ.get("GROUNDPLAN_FIREFOX", "/usr/lib/firefox-esr"))
    if not (installed / probe.LAUNCHER).exists():
        raise probe.Unfair(f"there is no Firefox in {installed}")
    if SYSTEM_POLICIES.exists():
        raise probe.Unfair(f"{SYSTEM_POLICIES} would win over the file under test")
    until = time.monotonic() + limit
    with contextlib.ExitStack() as stack:
        work = pathlib.Path(stack.enter_context(
            tempfile.TemporaryDirectory(prefix="groundplan-probe.", ignore_cleanup_errors=True)))
        app, profile = work / "app", work / "profile"
        profile.mkdir()
        probe.mirror(installed, app, folder)
        (profile / "user.js").write_text("".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PROFILE.items()))
        surroundings = {name: os.environ[name] for name in ("PATH", "USER", "LANG") if name in os.environ}
        surroundings |= {
            "HOME": str(work), "XDG_RUNTIME_DIR": str(work), "MOZ_HEADLESS": "1",
            "MOZ_CRASHREPORTER_DISABLE": "1", "MOZ_REMOTE_ALLOW_SYSTEM_ACCESS": "1"}
        program = subprocess.Popen(
            [app / probe.LAUNCHER, "-headless", "-no-remote", "-marionette",
             "-remote-allow-system-access", "-profile", profile],
            env=surroundings, start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(probe.end, program)
        remote = probe.Remote(probe.await_port(profile, program, until), max(1, until - time.monotonic()))
        remote.ask("WebDriver:NewSession")
        pages = {address: error_page(remote, address) for address in visits}
        remote.ask("Marionette:SetContext", value="chrome")
        remote.ask("WebDriver:SetTimeouts", script=int(max(1, until - time.monotonic()) * 1000))
        value = remote.ask("WebDriver:ExecuteAsyncScript", script=QUESTION, sandbox="system", args=[names])["value"]
    if "problem" in value:
        raise probe.Silent(value["problem"])
    return value["answer"] | {"pages": pages}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--visit", nargs="+", default=[], metavar="ADDRESS")
    arguments.add_argument("--limit", type=float, default=120, metavar="SECONDS")
    given = arguments.parse_args()
    names = sorted(probe.read_names(given.folder, as_root=False))
    try:
        answer = ask(given.folder, given.visit, names, given.limit)
    except probe.Unfair as reason:
        print(f"probe: {reason}", file=sys.stderr)
        return 2
    except (probe.Silent, OSError, ValueError) as reason:
        print(f"probe: no answer: {reason}", file=sys.stderr)
        return 3
    json.dump(answer, sys.stdout, ensure_ascii=False)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
