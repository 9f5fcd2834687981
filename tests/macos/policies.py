"""Policies of a profile against those of a policies.json, by plistlib and json: what differs, and what the profile says of itself."""

import json
import plistlib
import sys

with open(sys.argv[1], "rb") as file:
    profile = plistlib.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    wanted = json.load(file)["policies"]
(payload,) = profile["PayloadContent"]
found = {key: value for key, value in payload.items() if not key.startswith("Payload")}
switch = found.pop("EnterprisePoliciesEnabled", None)
# As text, since Python holds True and 1 for equal.
text = lambda values, key: json.dumps(values[key], sort_keys=True) if key in values else None
differing = sorted(key for key in found.keys() | wanted.keys() if text(found, key) != text(wanted, key))
json.dump(
    {
        "domain": payload["PayloadType"],
        "scope": profile["PayloadScope"],
        "locked": profile.get("PayloadRemovalDisallowed", False),
        "switch": switch,
        "policies": len(found),
        "steps": [key for key in found if "__" in key],
        "differing": differing,
    },
    sys.stdout,
)
