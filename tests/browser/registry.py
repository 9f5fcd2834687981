#!/usr/bin/env python3
"""Reads a Registry.pol with Samba and gives the policies that browsers would make of it.

    registry.py FILE

Written from the readers' side and sharing nothing with the program: Chromium
takes a value by its type and a key below its own as a list; Firefox makes an
object of a key, or a list where the first name is 1, and JSON of a text where
its schema says so, which here is any text that begins like JSON. One JSON
object a browser, by its key in the registry. Flags are 0 and 1 there, so a
comparison must take these for false and true.
"""
import json
import sys

from samba.dcerpc import preg
from samba.ndr import ndr_unpack

BASES = {"software\\policies\\mozilla\\firefox": "firefox", "software\\policies\\google\\chrome": "chrome",
         "software\\policies\\microsoft\\edge": "edge"}


def plain(entry):
    if entry.type == 4:
        return entry.data
    text = entry.data
    if text[:1] in "{[":
        return json.loads(text)
    return text


def listed(tree):
    """Keys whose names are 1, 2, 3 … become lists."""
    if not isinstance(tree, dict):
        return tree
    inner = {name: listed(value) for name, value in tree.items()}
    if "1" in inner:
        return [inner[str(number)] for number in range(1, len(inner) + 1)]
    return inner


def main():
    with open(sys.argv[1], "rb") as file:
        # Samba frees the entries with the file they are from.
        whole = ndr_unpack(preg.file, file.read())
    trees = {browser: {} for browser in BASES.values()}
    for entry in whole.entries:
        low = entry.keyname.lower()
        base = next(base for base in BASES if low == base or low.startswith(base + "\\"))
        tree = trees[BASES[base]]
        for step in filter(None, entry.keyname[len(base):].split("\\")):
            tree = tree.setdefault(step, {})
        if entry.valuename.lower().startswith("**delvals"):
            tree.clear()
        else:
            tree[entry.valuename] = plain(entry)
    json.dump({browser: {name: listed(value) for name, value in tree.items()} for browser, tree in trees.items()},
              sys.stdout)


main()
