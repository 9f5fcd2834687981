#!/usr/bin/env python3
"""Asks a real Thunderbird what it makes of a folder that groundplan wrote.

    probe.py FOLDER [--root] [--also NAME ...] [--every] [--oauth]
                    [--limit SECONDS]

FOLDER may hold `policies.json`, `defaults.js`, in `autoconfig/` the files
`groundplan.cfg` and `groundplan.js`, and in `isp/` a file a mail domain. The
program is started without a display, on a throwaway profile, from a mirror of
its own folder: symbolic links to everything but the launcher, so that it
looks for `distribution/`, `defaults/` and `isp/` in the mirror. With --root
FOLDER is the root folder of a system instead: what lies there in `etc` and
`usr` is laid over the machine's, in mounts of the probe's own, and the
installed program itself is started; that needs root. Nothing outside a
temporary folder is written.

One JSON object goes to standard output. Every preference that these files
name is read back, and those named with --also; --every reads all that have a
default; --oauth asks for the hosts with which the program can sign in by
OAuth 2.

Exit status: 0 read, 2 the surroundings do not allow a fair test, 3 no answer.
The program to ask is /usr/lib/thunderbird, or $GROUNDPLAN_THUNDERBIRD.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile

# Would win over the file under test.
SYSTEM_POLICIES = pathlib.Path("/etc/thunderbird/policies/policies.json")
LAUNCHER = "thunderbird-bin"

# What a fresh profile would do by itself and a test does not want: fetch
# pages, ask questions, choose the remote port.
PROFILE = {
    "marionette.port": 0,
    "remote.prefs.recommended": False,
    "app.update.disabledForTesting": True,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page_override.mstone": "ignore",
    "mailnews.start_page.enabled": False,
    "app.donation.eoy.version.viewed": 999,
    "mail.rights.version": 1,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "browser.policies.loglevel": "warn",
}

# Runs inside the program. arguments: names of preferences, whether all, mail domains, hosts.
QUESTION = r"""
const [names, every, domains, hosts, reply] = arguments;
const soft = ask => { try { return ask() ?? null; } catch { return null; } };
const prefs = Services.prefs;
const kinds = new Map([
  [prefs.PREF_BOOL, ["flag", n => prefs.getBoolPref(n)]],
  [prefs.PREF_INT, ["number", n => prefs.getIntPref(n)]],
  [prefs.PREF_STRING, ["text", n => prefs.getStringPref(n)]],
]);
const preference = name => {
  const [kind, read] = kinds.get(prefs.getPrefType(name)) ?? ["none", () => null];
  return { kind, value: soft(() => read(name)), locked: prefs.prefIsLocked(name),
           changed: prefs.prefHasUserValue(name) };
};
const policyLogs = ["Enterprise Policies", "Policies", "PolicySchemaValidator",
                    "PolicySchemaValidator.sys.mjs", "JsonSchemaValidator",
                    "JsonSchemaValidator.sys.mjs", "ProxyPolicies"];
const words = part => typeof part == "object" && !(part instanceof Error)
  ? soft(() => JSON.stringify(part)) ?? String(part) : String(part);
const account = a => ({
  key: a.key,
  default: soft(() => MailServices.accounts.defaultAccount.key) === a.key,
  server: a.incomingServer && {
    key: a.incomingServer.key, type: a.incomingServer.type,
    host: soft(() => a.incomingServer.getStringValue("hostname")),
    uri: soft(() => a.incomingServer.serverURI), port: a.incomingServer.port,
    user: a.incomingServer.username, socket: a.incomingServer.socketType,
    auth: a.incomingServer.authMethod, name: a.incomingServer.prettyName,
    junk: soft(() => a.incomingServer.getIntValue("spamLevel")),
    address: soft(() => a.incomingServer.getStringValue("ews_url")) },
  identities: a.identities.map(i => ({
    key: i.key, name: i.fullName, email: i.email, outgoing: i.smtpServerKey,
    organisation: i.organization, reply_to: i.replyTo, signature: i.htmlSigText,
    signature_is_html: i.htmlSigFormat, sign: i.signMail,
    encryption: soft(() => i.getIntAttribute("encryptionpolicy")) })),
});
const { OAuth2Providers } = ChromeUtils.importESModule("resource:///modules/OAuth2Providers.sys.mjs");
const side = s => ({ type: s.type, host: s.hostname, port: s.port, socket: s.socketType, auth: s.auth, user: s.username });
const setUp = async domain => {
  const { FetchConfig } = ChromeUtils.importESModule("resource:///modules/accountcreation/FetchConfig.sys.mjs");
  const found = await FetchConfig.fromDisk(domain, new AbortController().signal);
  return { name: found.displayName, domains: found.domains,
           incoming: side(found.incoming), outgoing: side(found.outgoing) };
};
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
(async () => ({
  version: Services.appinfo.version,
  status: ["UNINITIALIZED", "INACTIVE", "ACTIVE", "FAILED"]
    .find(s => Ci.nsIEnterprisePolicies[s] === Services.policies.status) ?? "?",
  policies: Services.policies.getActivePolicies() ?? {},
  errors: Cc["@mozilla.org/consoleAPI-storage;1"].getService(Ci.nsIConsoleAPIStorage)
    .getEvents().filter(e => policyLogs.includes(e.prefix) && e.level != "debug")
    .map(e => (e.arguments ?? []).map(words).join(" ")),
  preferences: Object.fromEntries(
    (every ? prefs.getDefaultBranch("").getChildList("") : names)
      .map(name => [name, preference(name)])),
  oauth: hosts.map(host => [host, ["imap", "smtp", "exchange", "caldav", "carddav"].filter(
    kind => OAuth2Providers.getHostnameDetails(host, kind))]),
  set_up: Object.fromEntries(await Promise.all(
    domains.map(async domain => [domain, await setUp(domain).catch(String)]))),
  accounts: MailServices.accounts.accounts.map(account),
  outgoing: (MailServices.outgoingServer ?? MailServices.smtp).servers.map(s => ({
    key: s.key, type: soft(() => s.type), user: soft(() => s.username),
    name: soft(() => s.description),
    address: soft(() => s.serverURI.spec), socket: soft(() => s.socketType),
    auth: soft(() => s.authMethod) })),
  address_books: MailServices.ab.directories.map(d => ({
    id: d.dirPrefId, name: d.dirName,
    address: soft(() => d.QueryInterface(Ci.nsIAbLDAPDirectory).lDAPURL.spec),
    user: soft(() => d.QueryInterface(Ci.nsIAbLDAPDirectory).authDn),
    mechanism: soft(() => d.QueryInterface(Ci.nsIAbLDAPDirectory).saslMechanism),
    most: soft(() => d.QueryInterface(Ci.nsIAbLDAPDirectory).maxHits),
    position: soft(() => d.position), type: soft(() => d.dirType),
    server: soft(() => d.getStringValue("carddav.url", "")) || null,
    server_user: soft(() => d.getStringValue("carddav.username", "")) || null })),
  calendars: ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs")
    .cal.manager.getCalendars().map(c => ({
      id: c.id, name: c.name, type: c.type, address: soft(() => c.uri.spec),
      read_only: c.readOnly, cached: soft(() => c.getProperty("cache.enabled")),
      off: soft(() => c.getProperty("disabled")),
      shown: soft(() => c.getProperty("calendar-main-in-composite")),
      user: soft(() => c.getProperty("username")) })),
}))().then(answer => reply({ answer }), problem => reply({ problem: String(problem) }));
"""


class Unfair(Exception):
    """The surroundings do not allow a fair test."""


class Silent(Exception):
    """The program gave no answer."""


class Remote:
    """The remote control protocol: JSON with its length in front."""

    def __init__(self, port, seconds):
        self.link = socket.create_connection(("127.0.0.1", port), seconds)
        self.stream = self.link.makefile("rb")
        self.count = 0
        self.receive()

    def receive(self):
        digits = b""
        while (byte := self.stream.read(1)) != b":":
            if not byte.isdigit():
                raise Silent("the program closed the remote control")
            digits += byte
        return json.loads(self.stream.read(int(digits)))

    def ask(self, command, **parameters):
        self.count += 1
        message = json.dumps([0, self.count, command, parameters])
        self.link.sendall(f"{len(message)}:{message}".encode("ascii"))
        while True:
            _, number, error, result = self.receive()
            if number == self.count:
                if error:
                    raise Silent(f"{command}: {error.get('message')}")
                return result


# Where a file lies in the folder of a client, and in the root folder of a system.
POLICIES = ("policies.json", "etc/thunderbird/policies/policies.json")
DEFAULTS = ("defaults.js", "etc/thunderbird/defaults/pref/groundplan.js")
PERSONAL = ("autoconfig/groundplan.cfg", "etc/thunderbird/groundplan.cfg")
SET_UP = ("isp", "usr/share/thunderbird/isp")


def read_names(folder, as_root):
    """The preferences that the files of the folder set."""
    names = []
    policies, defaults, personal = (
        folder / places[as_root] for places in (POLICIES, DEFAULTS, PERSONAL))
    if policies.is_file():
        with contextlib.suppress(ValueError, AttributeError):
            names += json.loads(policies.read_bytes())["policies"].get("Preferences", {})
    for file, call in ((defaults, r"pref"), (personal, r" *(?:default|lock)Pref")):
        if file.is_file():
            names += re.findall(rf'^{call}\("([^"]+)"', file.read_text("utf-8"), re.MULTILINE)
    return names


def read_hosts(installed):
    """The hosts of the program's table of providers, without those of its own tests."""
    with zipfile.ZipFile(installed / "omni.ja") as archive:
        module = archive.read("modules/OAuth2Providers.sys.mjs").decode()
    table = module.partition("kHostnames = new Map([")[2].partition("// For testing")[0]
    return re.findall(r'\[\s*"([^"]+)",\s*\[', table)


def mirror(installed, app, folder):
    """A copy of the program by symbolic links, with the files under test in place."""
    app.mkdir()
    for entry in installed.iterdir():
        if entry.name == LAUNCHER:
            shutil.copy2(entry.resolve(), app / LAUNCHER)
        elif entry.name not in ("thunderbird", "distribution", "defaults", "isp"):
            (app / entry.name).symlink_to(entry.resolve())
    defaults = app / "defaults"
    shutil.copytree(installed / "defaults", defaults, ignore_dangling_symlinks=True)
    settings = defaults / "pref"
    settings.mkdir(exist_ok=True)
    if (folder / "isp").is_dir():
        shutil.copytree(folder / "isp", app / "isp")
    for name, place in (
        ("policies.json", app / "distribution" / "policies.json"),
        ("defaults.js", settings / "groundplan.js"),
        ("autoconfig/groundplan.cfg", app / "groundplan.cfg"),
        ("autoconfig/groundplan.js", settings / "groundplan-autoconfig.js"),
    ):
        if (folder / name).is_file():
            place.parent.mkdir(exist_ok=True)
            shutil.copyfile(folder / name, place)


def lay_over(root):
    """Starts the probe again where the folders of `root` lie over those of the machine."""
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-euc", 'root=$1; shift\n'
               'for below in etc usr; do\n'
               '    [ ! -d "$root/$below" ] || mount -t overlay overlay -o "lowerdir=$root/$below:/$below" "/$below"\n'
               'done\n'
               'exec "$@"', "sh", str(root.resolve()), sys.executable, *sys.argv]
    os.execvpe(command[0], command, os.environ | {"GROUNDPLAN_LAID_OVER": "1"})


def await_port(profile, program, until):
    """The port that the program writes into its profile once it listens."""
    place = profile / "MarionetteActivePort"
    while time.monotonic() < until:
        with contextlib.suppress(OSError, ValueError):
            return int(place.read_text())
        if program.poll() is not None:
            raise Silent(f"the program ended by itself with status {program.returncode}")
        time.sleep(0.03)
    raise Silent("the program did not listen in time")


def end(program):
    """Ends the whole process group; nothing of it may outlive the probe."""
    for sign, patience in ((signal.SIGTERM, 2), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(patience)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)


def probe(folder, as_root, also, every, oauth, limit):
    installed = pathlib.Path(os.environ.get("GROUNDPLAN_THUNDERBIRD", "/usr/lib/thunderbird"))
    if not (installed / LAUNCHER).exists():
        raise Unfair(f"there is no Thunderbird in {installed}")
    if SYSTEM_POLICIES.exists() and not as_root:
        raise Unfair(f"{SYSTEM_POLICIES} would win over the file under test")
    until = time.monotonic() + limit
    with contextlib.ExitStack() as stack:
        # The program may still write while it ends.
        work = pathlib.Path(stack.enter_context(
            tempfile.TemporaryDirectory(prefix="groundplan-probe.", ignore_cleanup_errors=True)))
        app, profile = work / "app", work / "profile"
        profile.mkdir()
        if as_root:
            app = installed
        else:
            mirror(installed, app, folder)
        (profile / "user.js").write_text("".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in PROFILE.items()))
        surroundings = {
            name: os.environ[name] for name in ("PATH", "USER", "USERNAME", "LANG") if name in os.environ}
        surroundings |= {
            "HOME": str(work), "XDG_RUNTIME_DIR": str(work), "MOZ_HEADLESS": "1",
            "MOZ_CRASHREPORTER_DISABLE": "1", "MOZ_REMOTE_ALLOW_SYSTEM_ACCESS": "1"}
        program = subprocess.Popen(
            [app / LAUNCHER, "-headless", "-no-remote", "-marionette",
             "-remote-allow-system-access", "-profile", profile],
            env=surroundings, start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(end, program)
        port = await_port(profile, program, until)
        left = max(1, until - time.monotonic())
        remote = Remote(port, left)
        remote.ask("WebDriver:NewSession")
        remote.ask("Marionette:SetContext", value="chrome")
        remote.ask("WebDriver:SetTimeouts", script=int(left * 1000))
        value = remote.ask(
            "WebDriver:ExecuteAsyncScript", script=QUESTION, sandbox="system",
            args=[sorted({*read_names(folder, as_root), *also}), every,
                  sorted(file.stem for file in (folder / SET_UP[as_root]).glob("*.xml")),
                  read_hosts(installed) if oauth else []])["value"]
    if "problem" in value:
        raise Silent(value["problem"])
    return value["answer"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--root", action="store_true")
    arguments.add_argument("--also", nargs="+", default=[], metavar="NAME")
    arguments.add_argument("--every", action="store_true")
    arguments.add_argument("--oauth", action="store_true")
    arguments.add_argument("--limit", type=float, default=60, metavar="SECONDS")
    given = arguments.parse_args()

    if given.root and "GROUNDPLAN_LAID_OVER" not in os.environ:
        lay_over(given.folder)

    def overdue(number, _frame):
        raise Silent(f"ended by signal {number}" if number != signal.SIGALRM else "time is up")

    for sign in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, overdue)
    signal.setitimer(signal.ITIMER_REAL, given.limit + 5)
    try:
        answer = probe(given.folder, given.root, given.also, given.every, given.oauth, given.limit)
    except Unfair as reason:
        print(f"probe: {reason}", file=sys.stderr)
        return 2
    except (Silent, OSError, ValueError) as reason:
        print(f"probe: no answer: {reason}", file=sys.stderr)
        return 3
    json.dump(answer, sys.stdout, ensure_ascii=False)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
