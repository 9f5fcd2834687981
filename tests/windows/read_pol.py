"""Reads Registry.pol files with Samba, and lets Samba write them again.

One file a line on standard input, in hexadecimal. For each, one line of JSON: whether Samba's writer gives the same
bytes, and the entries as [key, value name, type, data in hexadecimal].
"""

import json
import sys

from samba.dcerpc import preg
from samba.ndr import ndr_pack, ndr_unpack


def data_bytes(entry):
    # Samba hands out numbers and text decoded; brought back to bytes by the type alone.
    if entry.type == 4:
        return entry.data.to_bytes(4, "little")
    if entry.type == 11:
        return entry.data.to_bytes(8, "little")
    if entry.type in (1, 2):
        return (entry.data + "\0").encode("utf-16-le")
    return bytes(entry.data)


for line in sys.stdin:
    raw = bytes.fromhex(line)
    read = ndr_unpack(preg.file, raw)
    entries = [[e.keyname, e.valuename, e.type, data_bytes(e).hex()] for e in read.entries]
    print(json.dumps({"same": ndr_pack(read) == raw, "entries": entries}))
