"""Reads a configuration profile as a Mac would have to, and prints what it says as JSON with types.

Refuses a dictionary that holds a key twice, which plistlib takes without a word.
"""

import json
import plistlib
import sys
import xml.parsers.expat


def scan(data):
    levels = []
    state = {"key": None}

    def start(name, _attributes):
        if name == "dict":
            levels.append(set())
        state["key"] = "" if name == "key" else None

    def text(chunk):
        if state["key"] is not None:
            state["key"] += chunk

    def end(name):
        if name == "key":
            if state["key"] in levels[-1]:
                sys.exit(f"the key {state['key']!r} stands twice")
            levels[-1].add(state["key"])
        elif name == "dict":
            levels.pop()
        state["key"] = None

    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EndElementHandler = end
    parser.Parse(data, True)


def typed(value):
    if isinstance(value, dict):
        return {key: typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [typed(inner) for inner in value]
    return [type(value).__name__, value.hex() if isinstance(value, bytes) else str(value)]


data = open(sys.argv[1], "rb").read()
scan(data)
json.dump(typed(plistlib.loads(data, fmt=plistlib.FMT_XML)), sys.stdout, sort_keys=True)
