#!/usr/bin/env python3
"""Asks a real Chromium what it makes of a policy file.

    chromium.py FILE [--without POLICY ...] [--visit ADDRESS ...]

The program reads policies only below /etc/chromium, so this runs itself again
in a mount namespace of its own, in which an empty folder with FILE lies there;
it must be root for that, and nothing outside changes. The browser runs without
a display on a throwaway profile, and every host name leads to a server in here
that answers with a page of its own. Policies named with --without are taken
out of the file before: one of them shuts the door that this asks through.

One JSON object goes to standard output: version, all policy names that the
program knows, each policy of the file with the value, level and error that
chrome://policy shows, and for each address the error or the title of the page.

Exit status: 0 read, 2 the surroundings do not allow a fair test, 3 no answer.
The program to ask is /usr/lib/chromium/chromium, or $GROUNDPLAN_CHROMIUM.
"""
import argparse
import contextlib
import http.server
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading

FOLDER = pathlib.Path("/etc/chromium")
PROGRAM = os.environ.get("GROUNDPLAN_CHROMIUM", "/usr/lib/chromium/chromium")
TITLE = "the server behind every name"

POLICIES = """(async () => {
  const cr = await import("chrome://resources/js/cr.js");
  return await new Promise(done => {
    cr.addWebUiListener("policies-updated", (names, values) => done({ names, values }));
    chrome.send("listenPoliciesUpdates");
  });
})()"""


class Silent(Exception):
    """The program gave no answer."""


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        page = f"<!doctype html><title>{TITLE}</title>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


class Browser:
    """The browser, asked through the pipe of its remote control."""

    def __init__(self, profile, port):
        theirs_in, self.out = os.pipe()
        ours_in, theirs_out = os.pipe()

        def take_over():
            # The program reads from 3 and writes to 4.
            here, there = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(here, 3)
            os.dup2(there, 4)

        self.program = subprocess.Popen(
            [PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--no-first-run", "--remote-debugging-pipe", f"--user-data-dir={profile}",
             f"--host-resolver-rules=MAP * 127.0.0.1:{port}", "about:blank"],
            # A policy under test names a folder for the cache, which lies where the program was started.
            preexec_fn=take_over, close_fds=False, start_new_session=True, cwd=profile,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.stream, self.rest, self.count = os.fdopen(ours_in, "rb"), b"", 0

    def ask(self, method, session=None, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        try:
            os.write(self.out, json.dumps(message).encode() + b"\0")
        except BrokenPipeError as error:
            raise Silent("the program closed the remote control") from error
        while True:
            while b"\0" not in self.rest:
                if not (more := self.stream.read1(1 << 16)):
                    raise Silent("the program closed the remote control")
                self.rest += more
            one, self.rest = self.rest.split(b"\0", 1)
            answer = json.loads(one)
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise Silent(f"{method}: {answer['error']}")
                return answer["result"]

    def page(self, address):
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        went = self.ask("Page.navigate", session, url=address)
        return session, went.get("errorText")

    def evaluate(self, session, expression):
        result = self.ask("Runtime.evaluate", session, expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise Silent(json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def end(self):
        self.program.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.program.wait(10)


def ask(visits):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="groundplan-probe.", ignore_cleanup_errors=True) as profile:
        browser = Browser(profile, server.server_port)
        try:
            version = browser.ask("Browser.getVersion")["product"].partition("/")[2]
            session, error = browser.page("chrome://policy")
            if error:
                raise Silent(f"chrome://policy: {error}")
            told = browser.evaluate(session, POLICIES)
            pages = {}
            for address in visits:
                session, error = browser.page(address)
                title = None
                for _ in range(50):
                    title = browser.evaluate(session, "document.readyState == 'complete' ? document.title : null")
                    if error or title == TITLE:
                        break
                pages[address] = error or ("reached" if title == TITLE else f"shows {title}")
        finally:
            browser.end()
    return {"version": version, "names": told["names"]["chrome"]["policyNames"],
            "policies": told["values"]["policyGroups"]["chrome"]["policies"], "pages": pages}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("file", type=pathlib.Path)
    arguments.add_argument("--without", nargs="+", default=[], metavar="POLICY")
    arguments.add_argument("--visit", nargs="+", default=[], metavar="ADDRESS")
    arguments.add_argument("--limit", type=int, default=90, metavar="SECONDS")
    arguments.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if not os.access(PROGRAM, os.X_OK):
        print(f"probe: there is no Chromium at {PROGRAM}", file=sys.stderr)
        return 2
    if not given.inside:
        return subprocess.call(
            ["unshare", "--mount", "--propagation", "private", sys.executable, __file__, "--inside", *sys.argv[1:]],
            timeout=given.limit + 30)
    FOLDER.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "none", FOLDER], check=True)
    managed = FOLDER / "policies" / "managed"
    managed.mkdir(parents=True)
    policies = json.loads(given.file.read_bytes())
    kept = {name: value for name, value in policies.items() if name not in given.without}
    (managed / given.file.name).write_text(given.file.read_text() if kept == policies else json.dumps(kept))
    def overdue(_number, _frame):
        raise Silent("time is up")

    signal.signal(signal.SIGALRM, overdue)
    signal.alarm(given.limit)
    try:
        answer = ask(given.visit)
    except (Silent, OSError, ValueError, KeyError) as reason:
        print(f"probe: no answer: {reason!r}", file=sys.stderr)
        return 3
    json.dump(answer, sys.stdout)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
