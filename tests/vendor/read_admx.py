"""What a template says, read with Python's XML parser and without groundplan.

Usage: read_admx.py TEMPLATE.admx TEXTS.adml

Prints the policies in the form of the committed tables (src/vendor/admx/form.rs), sorted by name, without the header. Only
for templates whose categories are all their own.
"""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def tree(path):
    root = ElementTree.fromstring(pathlib.Path(path).read_bytes())
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
    return root


ROOT, TEXTS = tree(sys.argv[1]), tree(sys.argv[2])
STRINGS = {node.get("id"): " ".join("".join(node.itertext()).split()) for node in TEXTS.iter("string")}
CATEGORIES = {node.get("name"): node for node in ROOT.iter("category")}
NUMBERS = (("minValue", "from"), ("maxValue", "to"), ("maxLength", "longest"), ("maxStrings", "most"))
FLAGS = (("storeAsText", "as-text"), ("required", "required"), ("expandable", "expandable"), ("additive", "additive"))
KINDS = {"boolean": "boolean", "decimal": "decimal", "text": "text", "multiText": "multi-text", "enum": "enumeration", "list": "list"}


def text(reference):
    if reference.startswith("$(string."):
        return STRINGS[reference[9:-1]]
    return " ".join(reference.split())


def path(category):
    """The categories from the outermost to this one."""
    parent = category.find("parentCategory")
    above = path(CATEGORIES[parent.get("ref")]) if parent is not None and ":" not in parent.get("ref") else []
    return above + [category]


def data(node):
    value = node[0]
    if value.tag == "decimal":
        return f"dword:{int(value.get('value'))}"
    if value.tag == "string":
        return f"text:{value.text if (value.text or '').strip() else ''}"
    return value.tag


class Policy:
    def __init__(self, node):
        self.key, self.lines = node.get("key"), []
        category = path(CATEGORIES[node.find("parentCategory").get("ref")])
        head = [node.get("name"), node.get("class").lower(), self.key, node.get("valueName", ""), text(node.get("displayName"))]
        self.lines.append("\t".join(head + [text(one.get("displayName")) for one in category]))
        self.add(1, "category", *(one.get("name") for one in category))
        for tag, word in (("enabledValue", "enabled"), ("disabledValue", "disabled")):
            for value in node.findall(tag):
                self.add(1, word, data(value))
        for tag, word in (("enabledList", "enabled also"), ("disabledList", "disabled also")):
            self.also(1, word, node.find(tag), self.key)
        for element in node.findall("elements/*"):
            self.element(element)

    def add(self, depth, *fields):
        self.lines.append("\t" * depth + "\t".join(fields))

    def short(self, key):
        return "" if key == self.key else key

    def also(self, depth, word, holder, key):
        for item in [] if holder is None else holder.findall("item"):
            place = item.get("key") or holder.get("defaultKey") or key
            self.add(depth, word, self.short(place), item.get("valueName"), data(item.find("value")))

    def element(self, node):
        kind, key = KINDS[node.tag], node.get("key") or self.key
        options = [f"{word}={int(node.get(name))}" for name, word in NUMBERS if node.get(name)]
        if kind == "list":
            prefix, given = node.get("valuePrefix"), node.get("explicitValue") == "true"
            options.append("given" if given else "same" if prefix is None else f"prefix={prefix}")
        options += [word for name, word in FLAGS if node.get(name) in ("true", "1") and kind != "boolean"]
        self.add(1, kind, node.get("id"), self.short(key), node.get("valueName", ""), *options)
        for tag, word in (("trueValue", "on"), ("falseValue", "off")):
            for value in node.findall(tag):
                self.add(2, word, data(value))
        for tag, word in (("trueList", "on also"), ("falseList", "off also")):
            self.also(2, word, node.find(tag), key)
        for item in node.findall("item"):
            self.add(2, "item", text(item.get("displayName")), data(item.find("value")))
            self.also(3, "also", item.find("valueList"), key)


sys.stdout.reconfigure(encoding="utf-8")
policies = {node.get("name"): Policy(node) for node in ROOT.iter("policy")}
for name in sorted(policies, key=lambda name: name.encode()):
    sys.stdout.write("\n".join(policies[name].lines) + "\n")
