"""Reads registry files as `wine reg export` writes them.

Usage: read_reg.py FILE...

Prints one JSON object for all files: key in lower case to value name in lower case to [type, data in hexadecimal].
"""

import json
import pathlib
import re
import sys


def unquote(text):
    # wine writes line breaks as \r and \n.
    return re.sub(r"\\(.)", lambda match: {"r": "\r", "n": "\n"}.get(match[1], match[1]), text)


def data(text):
    if text.startswith('"'):
        return 1, (unquote(text[1:-1]) + "\0").encode("utf-16-le")
    if text.startswith("dword:"):
        return 4, int(text[6:], 16).to_bytes(4, "little")
    kind, digits = re.fullmatch(r"hex(?:\(([0-9a-f]+)\))?:(.*)", text).groups()
    return int(kind, 16) if kind else 3, bytes.fromhex(digits.replace(",", ""))


keys = {}
for name in sys.argv[1:]:
    text = pathlib.Path(name).read_bytes().decode("utf-16").replace("\\\r\n", "")
    values = None
    for line in text.split("\r\n")[1:]:
        line = line.lstrip()
        if line.startswith("["):
            values = keys.setdefault(line[1:-1].lower(), {})
        elif line:
            match = re.fullmatch(r'(@|"(?:[^"\\]|\\.)*")=(.*)', line, re.S)
            if not match:
                raise SystemExit(f"{name}: {line!r}")
            value, rest = match.groups()
            kind, raw = data(rest)
            values["" if value == "@" else unquote(value[1:-1]).lower()] = [kind, raw.hex()]
json.dump(keys, sys.stdout)
