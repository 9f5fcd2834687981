#!/usr/bin/env python3
"""Reads a profile with plistlib: each payload by its type, without the keys that all payloads have.

    profile.py FILE

A payload type that stands twice ends this with an error.
"""
import json
import plistlib
import sys

with open(sys.argv[1], "rb") as file:
    payloads = plistlib.load(file)["PayloadContent"]
domains = {payload["PayloadType"]: {key: value for key, value in payload.items() if not key.startswith("Payload")}
           for payload in payloads}
assert len(domains) == len(payloads), "a payload type stands twice"
json.dump(domains, sys.stdout)
