"""Reads every Windows form of one role's settings, without groundplan, and prints each as the same kind of list.

Usage: forms.py ROLE_FOLDER

Prints a JSON object. `forms`: form to a sorted list of [hive, key, value name, type, data in hexadecimal]; deletions have the
type "delete" or "delete all". `browsers`: how many values of browsers there are, which must be the same in their own files
and in the backup, where there is one. `thunderbird`: the policies that the backup has for it, which must be those of
policies.json. The forms are `.reg`, `.pol`, the text of LGPO, the entries for samba-tool, and, where they are there, the backup
of the Group Policy object, whose XML files are read by ElementTree and compared with the order of elements of native backups,
what Intune is given (intune.py), and the profiles of a Fleet folder (fleet.py). Registry.pol is read by Samba.
"""

import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

from samba.dcerpc import preg, security
from samba.ndr import ndr_unpack

import fleet
import intune

KINDS = {"REG_SZ": 1, "REG_EXPAND_SZ": 2, "REG_DWORD": 4, "REG_MULTI_SZ": 7, "REG_QWORD": 11}
LGPO_KINDS = {"SZ": 1, "EXSZ": 2, "DWORD": 4, "MULTISZ": 7, "QWORD": 11}
MANIFEST = "{http://www.microsoft.com/GroupPolicy/GPOOperations/Manifest}"
BACKUP = "{http://www.microsoft.com/GroupPolicy/GPOOperations}"


def utf16(text):
    return (text + "\0").encode("utf-16-le")


def raw(kind, data):
    if kind in (1, 2):
        return utf16(data)
    if kind == 7:
        return b"".join(utf16(text) for text in data) + b"\0\0"
    return int(data).to_bytes(4 if kind == 4 else 8, "little")


def entry(hive, key, name, kind, data):
    """One setting; the instructions of Registry.pol become deletions."""
    if name.lower() == "**delvals.":
        return [hive, key.lower(), "", "delete all", ""]
    if name.lower().startswith("**del."):
        return [hive, key.lower(), name[6:].lower(), "delete", ""]
    return [hive, key.lower(), name.lower(), kind, data.hex()]


def from_pol(path, hive):
    if not path.exists():
        return []
    found = []
    # Kept in a name: the entries are no longer there when the file they belong to is gone.
    file = ndr_unpack(preg.file, path.read_bytes())
    for read in file.entries:
        data = bytes(read.data) if read.type == 7 else raw(read.type, read.data)
        found.append(entry(hive, read.keyname, read.valuename, read.type, data))
    return found


def from_reg(path):
    found, emptied, key = [], set(), None
    lines = path.read_bytes().decode("utf-16").split("\r\n")
    assert lines[0] == "Windows Registry Editor Version 5.00", lines[0]
    hives = {"HKEY_CURRENT_USER": "user", "HKEY_LOCAL_MACHINE": "machine"}
    for line in filter(None, lines[1:]):
        if match := re.fullmatch(r"\[(-?)([A-Z_]+)\\(.*)\]", line):
            key = (hives[match[2]], match[3])
            if match[1]:
                found.append([key[0], key[1].lower(), "", "delete all", ""])
                emptied.add(key)
            continue
        name, value = re.fullmatch(r'(@|"(?:[^"\\]|\\.)*")=(.*)', line).groups()
        name = "" if name == "@" else re.sub(r"\\(.)", r"\1", name[1:-1])
        if value == "-":
            found.append([key[0], key[1].lower(), name.lower(), "delete", ""])
        elif value.startswith('"'):
            found.append(entry(*key, name, 1, utf16(re.sub(r"\\(.)", r"\1", value[1:-1]))))
        elif value.startswith("dword:"):
            found.append(entry(*key, name, 4, raw(4, int(value[6:], 16))))
        else:
            kind, data = re.fullmatch(r"hex\(([0-9a-f]+)\):(.*)", value).groups()
            found.append(entry(*key, name, int(kind, 16), bytes.fromhex(data.replace(",", ""))))
    return found


def from_lgpo(path):
    data = path.read_bytes()
    text = data.decode("utf-16") if data.startswith(b"\xff\xfe") else data.decode("ascii")
    found = []
    for block in filter(None, text.split("\r\n\r\n")):
        half, key, name, action = block.split("\r\n")
        hive = {"Computer": "machine", "User": "user"}[half]
        if action == "DELETEALLVALUES":
            assert name == "*", name
            found.append([hive, key.lower(), "", "delete all", ""])
        elif action == "DELETE":
            found.append([hive, key.lower(), name.lower(), "delete", ""])
        else:
            kind, value = action.split(":", 1)
            kind = LGPO_KINDS[kind]
            value = value.split("\\0") if kind == 7 and value else [] if kind == 7 else value
            found.append(entry(hive, key, name, kind, raw(kind, value)))
    return found


def from_samba(path):
    hives = {"MACHINE": "machine", "USER": "user"}
    return [
        entry(hives[one["class"]], one["keyname"], one["valuename"], KINDS[one["type"]], raw(KINDS[one["type"]], one["data"]))
        for one in json.loads(path.read_text(encoding="utf-8"))
    ]


def children(element, namespace):
    return [(child.tag.removeprefix(namespace), child.text or "") for child in element]


def from_backup(folder):
    manifest = ElementTree.parse(folder / "manifest.xml").getroot()
    assert manifest.tag == MANIFEST + "Backups" and manifest.attrib == {MANIFEST + "version": "1.0"}, manifest.attrib
    (listed,) = manifest
    order = "GPOGuid GPODomain GPODomainGuid GPODomainController BackupTime ID Comment GPODisplayName".split()
    assert listed.tag == MANIFEST + "BackupInst" and [name for name, _ in children(listed, MANIFEST)] == order
    about = dict(children(listed, MANIFEST))
    guid = re.compile(r"\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}")
    assert all(guid.fullmatch(about[name]) for name in ("GPOGuid", "GPODomainGuid", "ID")), about
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", about["BackupTime"]), about
    inside = folder / about["ID"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(["manifest.xml", about["ID"]])
    instance = ElementTree.parse(inside / "bkupInfo.xml").getroot()
    assert instance.tag == listed.tag and children(instance, MANIFEST) == children(listed, MANIFEST)

    scheme = ElementTree.parse(inside / "Backup.xml").getroot()
    assert scheme.tag == BACKUP + "GroupPolicyBackupScheme"
    assert scheme.attrib == {BACKUP + "version": "2.0", BACKUP + "type": "GroupPolicyBackupTemplate"}, scheme.attrib
    (gpo,) = scheme
    names = [name for name, _ in children(gpo, BACKUP)]
    assert names == ["SecurityGroups", "FilePaths", "GroupPolicyCoreSettings", "GroupPolicyExtension"], names
    core = children(gpo[2], BACKUP)
    order = "ID Domain SecurityDescriptor DisplayName Options UserVersionNumber MachineVersionNumber MachineExtensionGuids UserExtensionGuids WMIFilter"
    assert [name for name, _ in core] == order.split(), core
    core = dict(core)
    assert core["ID"] == about["GPOGuid"] and core["DisplayName"] == about["GPODisplayName"]
    descriptor = ndr_unpack(security.descriptor, bytes.fromhex(core["SecurityDescriptor"]))
    spelled = descriptor.as_sddl(security.dom_sid("S-1-5-21-1-2-3"))
    assert "OA;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU" in spelled and "S-1-5-21" not in spelled, spelled

    extension = gpo[3]
    registry = "{35378EAC-683F-11D2-A89A-00C04FBBCFA2}"
    assert extension.attrib == {BACKUP + "ID": registry, BACKUP + "DescName": "Registry"}, extension.attrib
    files = [{name.removeprefix(BACKUP): value for name, value in file.attrib.items()} for file in extension]
    assert files.pop()["Path"] == r"%GPO_FSPATH%\Adm\*.*"
    found, there = [], {"User": False, "Machine": False}
    for file in files:
        side, variable = {
            r"DomainSysvol\GPO\User\registry.pol": ("User", "USER"),
            r"DomainSysvol\GPO\Machine\registry.pol": ("Machine", "MACH"),
        }[file["Location"]]
        assert file["Path"] == rf"%GPO_{variable}_FSPATH%\registry.pol"
        source = rf"\\UNKNOWN\SYSVOL\{core['Domain']}\Policies\{core['ID']}\{side}\registry.pol"
        assert file["SourceExpandedPath"] == source, file
        found += from_pol(inside / file["Location"].replace("\\", "/"), side.lower())
        there[side] = True
    tools = {"User": "{D02B1F73-3407-48AE-BA88-E8213C6761F1}", "Machine": "{D02B1F72-3407-48AE-BA88-E8213C6761F1}"}
    for side, exists in there.items():
        assert core[side + "VersionNumber"] == ("65537" if exists else "0")
        assert core[side + "ExtensionGuids"] == (f"[{registry}{tools[side]}]" if exists else "")
    assert core["Options"] == str((not there["User"]) + 2 * (not there["Machine"]))
    on_disk = {str(path.relative_to(inside)).replace("/", "\\") for path in inside.rglob("registry.pol")}
    assert on_disk == {file["Location"] for file in files}, on_disk
    return found


def written(registries):
    forms = {"dword": 4, "qword": 11, "text": 1, "expandable": 2, "multi": 7}
    found = []
    for registry in registries:
        for key, name, (what, value) in registry.places.values():
            if what in forms:
                found.append(entry(registry.hive, key, name, forms[what], raw(forms[what], value)))
            else:
                found.append([registry.hive, key.lower(), name.lower(), what, ""])
    return found


def from_fleet(folder):
    rest = folder / "groundplan-windows-rest.reg"
    found = (from_reg(rest) if rest.exists() else []) + written(fleet.registries(folder))
    return [list(one) for one in {tuple(one) for one in found}]


def from_intune(role):
    folder = role / "intune"
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("# ")
    document = json.loads((folder / "omauri.json").read_text(encoding="utf-8"))
    catalogue = folder / "settings-catalog.json"
    catalogue = dict(intune.from_catalogue(json.loads(catalogue.read_text(encoding="utf-8")))) if catalogue.exists() else {}
    ways = [written(intune.registries(document)), written(catalogue.values())]
    places = [{tuple(one[:3]) for one in way} for way in ways]
    assert not places[0] & places[1], f"two ways for {places[0] & places[1]}"
    found = ways[0] + ways[1] + (from_reg(folder / "rest.reg") if (folder / "rest.reg").exists() else [])
    intune.check_sheet(folder / "omauri.csv", document, catalogue)
    intune.check_macs(role)
    # Two policies may write one value, when they agree.
    return [list(one) for one in {tuple(one) for one in found}]


def thunderbird(entries):
    """The policies below Thunderbird's key, as its reader of the registry hands them on: lines are JSON, numbers stay numbers."""
    policies = {}
    for hive, key, name, kind, data in entries:
        assert hive == "machine" and key == THUNDERBIRD, (hive, key)
        raw = bytes.fromhex(data)
        if kind == 4:
            policies[name] = int.from_bytes(raw, "little")
        else:
            text = raw.decode("utf-16-le").rstrip("\0")
            policies[name] = json.loads(text) if kind == 7 else text
    return policies


def without_case(policies):
    return {name.lower(): value for name, value in policies.items()}


THUNDERBIRD = r"software\policies\mozilla\thunderbird"
role = pathlib.Path(sys.argv[1])
outlook = role / "outlook"
browsers = from_pol(role / "browser/windows/machine.pol", "machine")
forms, own, names = {}, [], {}
if (role / "gpo").exists():
    backup = from_backup(role / "gpo")
    for form in [browsers, from_reg(role / "browser/windows/browsers.reg") if browsers else []]:
        assert sorted(form, key=str) == sorted((entry for entry in backup if entry in browsers), key=str)
    own = [entry for entry in backup if entry[1] == THUNDERBIRD]
    expected = role / "thunderbird/policies.json"
    expected = json.loads(expected.read_text(encoding="utf-8"))["policies"] if expected.exists() else {}
    # True is 1 to this comparison, as it is to the program.
    assert thunderbird(own) == without_case(expected), "Thunderbird in the backup differs from policies.json"
    names = {name.lower(): name for name in expected}
    forms["backup"] = [entry for entry in backup if entry not in browsers and entry not in own]
if (role / "intune/omauri.csv").exists():
    forms["intune"] = from_intune(role)
if (role / "fleet").exists():
    forms["fleet"] = from_fleet(role / "fleet")
if outlook.exists():
    forms["reg"] = from_reg(outlook / "outlook.reg")
    forms["pol"] = from_pol(outlook / "user.pol", "user") + from_pol(outlook / "machine.pol", "machine")
    forms["lgpo"] = from_lgpo(outlook / "lgpo.txt")
    forms["samba"] = from_samba(outlook / "samba-gpo.json")
else:
    forms["pol"] = []
json.dump(
    {
        "forms": {form: sorted(found, key=str) for form, found in forms.items()},
        "browsers": len(browsers),
        "thunderbird": {names[name]: value for name, value in thunderbird(own).items()},
    },
    sys.stdout,
)
