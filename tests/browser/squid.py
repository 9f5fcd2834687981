#!/usr/bin/env python3
"""Asks a real Squid which hosts it refuses with a part of its configuration.

    squid.py FILE < HOSTS

FILE stands before the rule that allows this computer, as its first lines say.
Every request that is let through goes to a server in here, so that no name is
looked up; HOSTS are names, one a line. One JSON object goes to standard output:
for each host `refused` or `reached`.

Exit status: 0 read, 2 the surroundings do not allow a fair test, 3 no answer.
"""
import http.client
import http.server
import json
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM = "/usr/sbin/squid"


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def ask(port, host):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", f"http://{host}/", headers={"Host": host})
    answer = connection.getresponse()
    kind = answer.headers.get("X-Squid-Error", "")
    connection.close()
    if answer.status == 204:
        return "reached"
    if answer.status == 403 and kind.startswith("ERR_ACCESS_DENIED"):
        return "refused"
    return f"{answer.status} {kind}"


def main():
    if not os.access(PROGRAM, os.X_OK):
        print("there is no Squid", file=sys.stderr)
        return 2
    hosts = sys.stdin.read().split()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    work = pathlib.Path(tempfile.mkdtemp(prefix="groundplan-squid."))
    port = free_port()
    shutil.copy(sys.argv[1], work / "part.conf")
    (work / "squid.conf").write_text(
        f"http_port 127.0.0.1:{port}\nvisible_hostname test\npid_filename {work}/pid\ncache_log {work}/cache.log\n"
        f"access_log none\ncache deny all\ncoredump_dir {work}\nshutdown_lifetime 1 second\npinger_enable off\n"
        f"include {work}/part.conf\nhttp_access allow localhost\nhttp_access deny all\n"
        f"cache_peer 127.0.0.1 parent {server.server_port} 0 no-query no-digest default\nnever_direct allow all\n")
    # Squid gives up its rights and must still be able to write there.
    for path in (work, *work.iterdir()):
        os.chmod(path, 0o777 if path.is_dir() else 0o644)
    if os.getuid() == 0 and "proxy" in (entry.pw_name for entry in pwd.getpwall()):
        shutil.chown(work, "proxy")
    program = subprocess.Popen([PROGRAM, "-N", "-f", work / "squid.conf"], cwd=work, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        for _ in range(200):
            if program.poll() is not None:
                print(program.stderr.read().decode(errors="replace"), file=sys.stderr)
                return 3
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        json.dump({host: ask(port, host) for host in hosts}, sys.stdout)
    finally:
        program.kill()
        program.wait(20)
        shutil.rmtree(work, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
