"""Looks for byte strings in everything below a folder: in files, in their names, and in what archives hold.

On stdin a JSON object, a name to the bytes in hexadecimal. On stdout the places as JSON: name, place, spelling. An archive is
looked at as it is (owners, comments) and each of its files as well, whatever it is packed in: zip, xlsx, tar, gzip, deb.
"""

import base64
import gzip
import io
import json
import pathlib
import sys
import tarfile
import zipfile


def spellings(needle: bytes) -> list[tuple[str, bytes]]:
    """The bytes as formats write them. Base64 has three forms, by what stands before; its edges depend on their neighbours."""
    text = needle.decode("latin-1")
    forms = [("plain", needle), ("utf-16le", text.encode("utf-16-le")), ("utf-16be", text.encode("utf-16-be"))]
    forms += [("hex", needle.hex().encode()), ("hex", needle.hex().upper().encode())]
    wide = [("base64", needle), ("base64 of utf-16", text.encode("utf-16-le"))]
    for name, whole in wide:
        for before in range(3):
            cut = whole[(3 - before) % 3 :]
            cut = cut[: len(cut) // 3 * 3]
            if len(cut) >= 9:
                forms.append((name, base64.b64encode(cut)))
    return forms


def members(data: bytes):
    """Name and content of each file in an archive; nothing for other files."""
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from ((info.filename, archive.read(info)) for info in archive.infolist())
    elif data[:2] == b"\x1f\x8b":
        yield "gzip", gzip.decompress(data)
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for info in archive:
                opened = archive.extractfile(info)
                yield f"{info.name} {info.linkname} {info.uname} {info.gname}", opened.read() if opened else b""
    elif data[:8] == b"!<arch>\n":
        at = 8
        while at + 60 <= len(data):
            name, size = data[at : at + 16].decode().strip(), int(data[at + 48 : at + 58])
            yield name, data[at + 60 : at + 60 + size]
            at += 60 + size + size % 2


def look(place: str, data: bytes, needles, found) -> int:
    squeezed = b"".join(data.split())
    name = place.encode()
    for needle, forms in needles.items():
        for spelling, form in forms:
            if form in data or form in name or form in squeezed:
                found.add((needle, place, spelling))
    return 1 + sum(look(f"{place}!{inner}", content, needles, found) for inner, content in members(data))


def main() -> None:
    needles = {name: spellings(bytes.fromhex(value)) for name, value in json.load(sys.stdin).items()}
    found: set[tuple[str, str, str]] = set()
    root = pathlib.Path(sys.argv[1])
    looked = sum(
        look(str(path.relative_to(root)), path.read_bytes() if path.is_file() else b"", needles, found)
        for path in sorted(root.rglob("*"))
    )
    json.dump({"looked": looked, "found": sorted(found)}, sys.stdout)


main()
