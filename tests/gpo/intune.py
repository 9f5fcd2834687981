"""Reads what Microsoft Intune is given, as Windows would, and gives back the operations on the registry.

Templates are read by ElementTree from the lines that bring them; policies of Windows and of the settings catalogue by the tables
of their templates, whose names and categories an identifier of the catalogue is made of. Nothing here is shared with groundplan.
What Graph and the Policy CSP would not take is an error.
"""

import base64
import csv
import json
import pathlib
import plistlib
import re
import xml.etree.ElementTree as ElementTree

TABLES = pathlib.Path(__file__).resolve().parents[2] / "baselines/vendor"
ADMX = "{http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions}"
CONFIGURATION = {"@odata.type", "displayName", "description", "omaSettings"}
SETTING = {"@odata.type", "displayName", "description", "omaUri", "value"}
MAC = {"@odata.type", "displayName", "description", "deploymentChannel", "payloadName", "payloadFileName", "payload"}
INSTALL = re.compile(r"\./Device/Vendor/MSFT/Policy/ConfigOperations/ADMXInstall/([A-Za-z0-9_]+)/Policy/([A-Za-z0-9_.]+)")
POLICY = re.compile(r"\./(Device|User)/Vendor/MSFT/Policy/Config/([^/]+)/([^/]+)")


def data(element):
    """The one value inside an element, as kind and value; nothing when there is no element."""
    if element is None:
        return None
    (inside,) = element
    kind = inside.tag.removeprefix(ADMX)
    return {
        "decimal": lambda: ("dword", int(inside.get("value"))),
        "longDecimal": lambda: ("qword", int(inside.get("value"))),
        "string": lambda: ("text", inside.text or ""),
        "delete": lambda: ("delete", None),
    }[kind]()


def writes(element, key):
    """A list of values, as key, name and value."""
    items = element if element is not None else []
    return [(item.get("key", key), item.get("valueName"), data(item.find(ADMX + "value"))) for item in items]


def template(text):
    """The policies of a template by category path and name."""
    root = ElementTree.fromstring(text)
    assert root.tag == ADMX + "policyDefinitions", root.tag
    order = [child.tag.removeprefix(ADMX) for child in root]
    assert order == ["policyNamespaces", "resources", "categories", "policies"], order
    parents = {}
    for category in root.find(ADMX + "categories"):
        parent = category.find(ADMX + "parentCategory")
        assert category.get("name") not in parents
        parents[category.get("name")] = parent.get("ref") if parent is not None else None
    found = {}
    for node in root.find(ADMX + "policies"):
        path, category = [], node.find(ADMX + "parentCategory").get("ref")
        while category:
            path.insert(0, category)
            category = parents[category]
        child = lambda name: node.find(ADMX + name)
        key = node.get("key")
        elements = []
        for one in child("elements") if child("elements") is not None else []:
            own = one.get("key", key)
            part = lambda name: one.find(ADMX + name)
            elements.append(
                {
                    "kind": one.tag.removeprefix(ADMX),
                    "options": one.attrib,
                    "id": one.get("id"),
                    "key": own,
                    "value": one.get("valueName"),
                    "on": data(part("trueValue")),
                    "off": data(part("falseValue")),
                    "on also": writes(part("trueList"), own),
                    "off also": writes(part("falseList"), own),
                    "items": [
                        (data(item.find(ADMX + "value")), writes(item.find(ADMX + "valueList"), own))
                        for item in one.findall(ADMX + "item")
                    ],
                }
            )
        name = "~".join(path), node.get("name")
        assert name not in found, name
        found[name] = {
            "class": node.get("class"),
            "key": key,
            "value": node.get("valueName"),
            "enabled": data(child("enabledValue")),
            "disabled": data(child("disabledValue")),
            "enabled also": writes(child("enabledList"), key),
            "disabled also": writes(child("disabledList"), key),
            "elements": elements,
        }
    return found


def coded(text):
    """Data as the tables write it."""
    form, _, rest = text.partition(":")
    return form, int(rest) if form in ("dword", "qword") else rest or None


def from_table(folder, name):
    """A policy by the table of its template."""
    table, policy = name.split(":")
    lines = (TABLES / folder / f"{table}.tsv").read_text(encoding="utf-8").split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(policy + "\t"))
    _, half, key, value, *_ = lines[start].split("\t")
    found = {"class": half.capitalize(), "key": key, "value": value or None, "enabled": None, "disabled": None}
    found |= {"enabled also": [], "disabled also": [], "elements": []}
    element = None
    for line in lines[start + 1 :]:
        depth = len(line) - len(line.lstrip("\t"))
        kind, *fields = line.lstrip("\t").split("\t")
        if depth == 0:
            break
        if depth == 1 and kind in ("enabled", "disabled"):
            found[kind] = coded(fields[0])
        elif depth == 1 and kind not in ("title", "category", "supported"):
            assert kind in ("boolean", "decimal", "enumeration", "text"), line
            options = {"storeAsText": "true"} if "as-text" in fields[3:] else {}
            options |= {"expandable": "true"} if "expandable" in fields[3:] else {}
            options |= {
                {"from": "minValue", "to": "maxValue"}[word]: number
                for word, _, number in (option.partition("=") for option in fields[3:])
                if number and word in ("from", "to")
            }
            kind = {"enumeration": "enum"}.get(kind, kind)
            element = {"kind": kind, "id": fields[0], "key": fields[1] or key, "value": fields[2], "options": options}
            element |= {"on": None, "off": None, "on also": [], "off also": [], "items": []}
            found["elements"].append(element)
        elif depth == 2 and kind in ("on", "off"):
            element[kind] = coded(fields[0])
        elif depth == 2 and kind == "item":
            element["items"].append((coded(fields[1]), []))
        else:
            assert kind in ("title", "category", "supported"), line
    return found


def by_identifier():
    """The name of each policy of Office by template and the end of its identifier."""
    found = {}
    for path in sorted((TABLES / "office").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.startswith("\tcategory\t"):
                found[path.stem, f"{'~'.join(line.split(chr(9))[2:])}_{policy}".lower()] = f"{path.stem}:{policy}"
            elif line and line[0] not in "#\t":
                policy = line.split("\t")[0]
    return found


class Registry:
    """Values by place; a later one replaces an earlier one, as a later write does."""

    def __init__(self, hive):
        self.hive, self.places = hive, {}

    def put(self, key, name, what):
        self.places[key.lower(), name.lower(), what[0] == "delete all"] = (key, name, what)

    def put_all(self, items):
        for key, name, what in items:
            self.put(key, name, what)

    def delete_if_free(self, key, name):
        if (key.lower(), name.lower(), False) not in self.places:
            self.put(key, name, ("delete", None))


def fill(registry, element, text):
    kind, options = element["kind"], element["options"]
    form = "expandable" if options.get("expandable") == "true" else "text"
    place = element["key"], element["value"]
    if kind == "boolean":
        assert text in ("true", "false"), text
        word = "on" if text == "true" else "off"
        registry.put(*place, element[word] or (("dword", 1) if word == "on" else ("delete", None)))
        registry.put_all(element[word + " also"])
    elif kind in ("decimal", "longDecimal"):
        number = int(text)
        assert str(number) == text and int(options.get("minValue", 0)) <= number <= int(options.get("maxValue", 9999)), text
        as_text = options.get("storeAsText") == "true"
        registry.put(*place, ("text", text) if as_text else ("qword" if kind == "longDecimal" else "dword", number))
    elif kind == "text":
        assert text and len(text.encode("utf-16-le")) // 2 <= int(options.get("maxLength", 1023)), text
        registry.put(*place, (form, text))
    elif kind == "multiText":
        registry.put(*place, ("multi", text.split("\uf000")))
    elif kind == "enum":
        (chosen,) = [(value, also) for value, also in element["items"] if str(value[1]) == text]
        registry.put(*place, chosen[0])
        registry.put_all(chosen[1])
    else:
        assert kind == "list", kind
        parts = text.split("\uf000")
        assert len(parts) % 2 == 0 and all(parts), text
        if options.get("additive") != "true":
            registry.put(element["key"], "", ("delete all", None))
        for number, (name, entry) in enumerate(zip(parts[::2], parts[1::2]), start=1):
            if "valuePrefix" in options:
                assert name == f"{options['valuePrefix']}{number}", name
            elif options.get("explicitValue") != "true":
                assert name == entry, name
            registry.put(element["key"], name, (form, entry))


def enabled(policy, hive, given):
    registry = Registry(hive)
    if policy["value"]:
        registry.put(policy["key"], policy["value"], policy["enabled"] or ("dword", 1))
    registry.put_all(policy["enabled also"])
    assert list(given) == [element["id"] for element in policy["elements"]], list(given)
    for element in policy["elements"]:
        fill(registry, element, given[element["id"]])
    return registry


def disabled(policy, hive):
    registry = Registry(hive)
    if policy["value"]:
        registry.put(policy["key"], policy["value"], policy["disabled"] or ("delete", None))
    registry.put_all(policy["disabled also"])
    boxes = [element for element in policy["elements"] if element["kind"] == "boolean"]
    for box in boxes:
        if box["off"]:
            registry.put(box["key"], box["value"], box["off"])
        registry.put_all(box["off also"])
    for key, name, _ in policy["enabled also"]:
        registry.delete_if_free(key, name)
    for element in policy["elements"]:
        if element["kind"] == "list":
            registry.put(element["key"], "", ("delete all", None))
            continue
        registry.delete_if_free(element["key"], element["value"])
        also = element.get("on also", []) + element.get("off also", [])
        for _, more in element.get("items", []):
            also += more
        for key, name, _ in also:
            registry.delete_if_free(key, name)
    return registry


def state(policy, hive, text):
    root = ElementTree.fromstring(f"<all>{text}</all>")
    first, *rest = root
    assert not first.attrib and all(one.tag == "data" and set(one.attrib) == {"id", "value"} for one in rest), text
    if first.tag == "disabled":
        assert not rest, text
        return disabled(policy, hive)
    assert first.tag == "enabled", text
    return enabled(policy, hive, {one.get("id"): one.get("value") for one in rest})


def registries(document):
    """What each line of the custom configuration writes."""
    assert set(document) == CONFIGURATION and document["@odata.type"] == "#microsoft.graph.windows10CustomConfiguration"
    assert 0 < len(document["displayName"]) <= 200 and 0 < len(document["omaSettings"]) <= 1000
    templates, used, uris = {}, set(), set()
    for line in document["omaSettings"]:
        assert set(line) == SETTING, line
        assert 0 < len(line["displayName"]) <= 200 and 0 < len(line["description"]) <= 1000, line["displayName"]
        uri, value = line["omaUri"], line["value"]
        assert uri.lower() not in uris, uri
        uris.add(uri.lower())
        number = line["@odata.type"] == "#microsoft.graph.omaSettingInteger"
        assert number == isinstance(value, int) and (number or line["@odata.type"] == "#microsoft.graph.omaSettingString"), line
        if install := INSTALL.fullmatch(uri):
            # Windows must know a policy before it is set.
            assert not used and install[1] not in templates, uri
            templates[install[1]] = template(value)
            continue
        half, area, name = POLICY.fullmatch(uri).groups()
        hive = {"Device": "machine", "User": "user"}[half]
        app, *path = area.split("~")
        if path:
            assert path.pop(0) == "Policy" and path, uri
            policy = templates[app]["~".join(path), name]
            used.add((app, "~".join(path), name))
        else:
            policy = from_table("windows", line["displayName"])
        assert policy["class"] in ("Both", {"Device": "Machine", "User": "User"}[half]) and (policy["class"] != "Both" or half == "User"), uri
        if number:
            assert not policy["elements"] and value in (0, 1), uri
            yield enabled(policy, hive, {}) if value else disabled(policy, hive)
        else:
            yield state(policy, hive, value)
    assert used == {(app, *policy) for app, policies in templates.items() for policy in policies}, "a template holds more than is set"


GRAPH = "#microsoft.graph.deviceManagementConfiguration"
DEFINITION = re.compile(r"user_vendor_msft_policy_config_([a-z]+16)v[0-9]+(?:\.updates(?:\.[0-9]+)?)?~policy~(.*?)(?:_v2)?")


def chosen(instance):
    """Of an instance its definition and its option, text or number, and what is nested in it."""
    identifier = instance["settingDefinitionId"]
    if instance["@odata.type"] == GRAPH + "ChoiceSettingInstance":
        assert set(instance) == {"@odata.type", "settingDefinitionId", "choiceSettingValue"}, instance
        value = instance["choiceSettingValue"]
        assert value["@odata.type"] == GRAPH + "ChoiceSettingValue" and set(value) == {"@odata.type", "value", "children"}, value
        assert value["value"].startswith(identifier + "_"), value
        return identifier, value["value"][len(identifier) + 1 :], value["children"]
    assert instance["@odata.type"] == GRAPH + "SimpleSettingInstance", instance
    assert set(instance) == {"@odata.type", "settingDefinitionId", "simpleSettingValue"}, instance
    value = instance["simpleSettingValue"]
    kind = {int: "IntegerSettingValue", str: "StringSettingValue"}[type(value["value"])]
    assert value["@odata.type"] == GRAPH + kind and set(value) == {"@odata.type", "value"}, value
    return identifier, value["value"], []


def from_catalogue(document):
    """What each policy of the settings catalogue writes, with its definition; a nested one only where its parent is enabled."""
    head = {"@odata.type", "name", "description", "platforms", "technologies", "roleScopeTagIds", "settings"}
    assert set(document) == head and document["@odata.type"] == GRAPH + "Policy", set(document)
    assert (document["platforms"], document["technologies"]) == ("windows10", "mdm")
    assert 0 < len(document["name"]) <= 200 and document["settings"]
    names, seen = by_identifier(), set()

    def policy(instance, nested):
        identifier, option, children = chosen(instance)
        assert identifier not in seen and option in ("0", "1"), identifier
        seen.add(identifier)
        # Only definitions that lie under another one bear this.
        assert identifier.endswith("_v2") == nested, identifier
        template, end = DEFINITION.fullmatch(identifier).groups()
        known = from_table("office", names[template, end])
        assert known["class"] == "User", identifier
        given = {}
        for child in children:
            child_id, value, _ = chosen(child)
            (element,) = [one for one in known["elements"] if child_id == f"{identifier}_{one['id'].lower()}"] or [None]
            if element is None:
                assert not nested and option == "1", child_id
                yield from policy(child, True)
                continue
            choice = element["kind"] in ("boolean", "enum")
            assert choice == (child["@odata.type"] == GRAPH + "ChoiceSettingInstance"), child_id
            assert choice or isinstance(value, int) == (element["kind"] == "decimal"), child_id
            given[element["id"]] = {"0": "false", "1": "true"}[value] if element["kind"] == "boolean" else str(value)
        assert option == "1" or not given, identifier
        yield identifier, enabled(known, "user", given) if option == "1" else disabled(known, "user")

    for setting in document["settings"]:
        assert set(setting) == {"@odata.type", "settingInstance"} and setting["@odata.type"] == GRAPH + "Setting", setting
        yield from policy(setting["settingInstance"], False)


def check_sheet(path, document, definitions):
    """The table says the same as the configuration and the catalogue, and no cell begins as a formula does."""
    with path.open(encoding="utf-8", newline="") as file:
        assert file.read(1) == "\ufeff"
        rows = list(csv.DictReader(file))
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values())
    place = "OMA-URI or definition"
    catalogued = [row for row in rows if row["road"] == "settings catalogue"]
    assert sorted(row[place] for row in catalogued) == sorted(definitions), "the table differs from the catalogue"
    said = [(row[place], row["data type"], row["value"]) for row in rows if row[place] and row not in catalogued]
    kinds = {"#microsoft.graph.omaSettingString": "String", "#microsoft.graph.omaSettingInteger": "Integer"}
    meant = [(line["omaUri"], kinds[line["@odata.type"]], str(line["value"])) for line in document["omaSettings"]]
    assert said == meant, "the table differs"
    assert all((row["road"] == "rest.reg") == bool(row["reason"]) == (not row[place]) for row in rows)
    names = [row["setting"] for row in rows]
    assert len(names) == len(set(names))


def check_macs(role):
    """Each profile of macOS is there once, whole, and for its channel; the script for shared Macs is that of its folder."""
    profiles = sorted(path.read_bytes() for path in role.rglob("*.mobileconfig"))
    found = []
    script = role / "workstation" / "macos" / "apply"
    bodies = {path: json.loads(path.read_text(encoding="utf-8")) for path in sorted((role / "intune").glob("macos-*.json"))}
    carried = bodies.pop(role / "intune" / "macos-script-apply.json", None)
    assert (carried is not None) == script.exists(), role
    if carried:
        assert carried["@odata.type"] == "#microsoft.graph.deviceShellScript" and carried["runAsAccount"] == "system", role
        assert base64.b64decode(carried["scriptContent"], validate=True) == script.read_bytes(), role
    for path, document in bodies.items():
        assert set(document) == MAC and document["@odata.type"] == "#microsoft.graph.macOSCustomConfiguration", path
        assert 0 < len(document["displayName"]) <= 200 and document["payloadFileName"].endswith(".mobileconfig"), path
        payload = base64.b64decode(document["payload"], validate=True)
        scope = plistlib.loads(payload).get("PayloadScope")
        assert document["deploymentChannel"] == {"System": "deviceChannel", "User": "userChannel"}[scope], path
        found.append(payload)
    assert sorted(found) == profiles, "a profile is missing, or is another"
