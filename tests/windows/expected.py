"""What each policy of a compact template (baselines/vendor/office/*.tsv and the like) must write, calculated without groundplan.

Usage: expected.py TEMPLATE.tsv

Prints a JSON list of cases: the policy's name, its variant, the value a rule could give it, and the operations that must
come of it, as [hive, key, value name, "set" | "delete" | "delete all", type, data]. The variants of a policy are

  0         enabled, everything at its first: checked, lowest, first item, longest text, most lines, several entries;
  1         enabled, everything at its last: unchecked, highest, second item, shortest text, fewest lines, empty lists;
  2 and up  enabled, for each further item of its enumerations;
  disabled.

Only the standard library is used.
"""

import json
import pathlib
import sys


def read(path):
    policies = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line or line.startswith("#"):
            continue
        depth = len(line) - len(line.lstrip("\t"))
        fields = line[depth:].split("\t")
        if depth == 0:
            policies.append({"head": fields, "lines": []})
        elif depth == 1:
            policies[-1]["lines"].append((fields, []))
        elif depth == 2:
            policies[-1]["lines"][-1][1].append((fields, []))
        else:
            policies[-1]["lines"][-1][1][-1][1].append(fields)
    return policies


def action(data):
    if data == "delete":
        return ["delete"]
    kind, _, text = data.partition(":")
    return ["set", kind, int(text) if kind in ("dword", "qword") else text]


class Writer:
    def __init__(self, policy):
        self.hive = "machine" if policy["head"][1] == "machine" else "user"
        self.key = policy["head"][2]
        self.places = {}

    def put(self, key, name, what):
        key = key or self.key
        # "delete all" has a place of its own: it goes together with values in the same key.
        self.places[key.lower(), name.lower(), what[0] == "delete all"] = [self.hive, key, name, *what]

    def put_if_free(self, key, name, what):
        if ((key or self.key).lower(), name.lower(), False) not in self.places:
            self.put(key, name, what)

    def operations(self):
        return [self.places[place] for place in sorted(self.places)]


SAMPLE = 'Größe "A"; C:\\Ü %TEMP% \U0001f512 '


def number(options, name, default):
    return next((int(o.split("=")[1]) for o in options if o.startswith(name + "=")), default)


def longest(options):
    """A text of exactly the longest length, counted as Windows does: in UTF-16 units."""
    units = (SAMPLE * (number(options, "longest", 1023) // len(SAMPLE) + 1)).encode("utf-16-le")
    units = units[: 2 * number(options, "longest", 1023)]
    text = units.decode("utf-16-le", errors="ignore")
    # Half of a character that takes two units may have been cut away.
    return text + "x" * ((len(units) - len(text.encode("utf-16-le"))) // 2)


def fill(writer, line, variant):
    """Writes one element, and returns the value that a rule would give it."""
    (kind, name, key, value, *options), details = line
    if kind == "boolean":
        word = "on" if variant % 2 == 0 else "off"
        own = next((f[1] for f, _ in details if f[0] == word), None)
        writer.put(key, value, action(own) if own else ["set", "dword", 1] if word == "on" else ["delete"])
        for fields, _ in details:
            if fields[0] == word + " also":
                writer.put(fields[1], fields[2], action(fields[3]))
        return word == "on"
    if kind == "decimal":
        given = number(options, "from", 0) if variant % 2 == 0 else number(options, "to", 9999)
        form = "text" if "as-text" in options else "qword" if "long" in options else "dword"
        writer.put(key, value, ["set", form, str(given) if form == "text" else given])
        return given
    text_form = "expandable" if "expandable" in options else "text"
    if kind == "text":
        given = [longest(options), "x" if "required" in options else "", SAMPLE][min(variant, 2)]
        writer.put(key, value, ["set", text_form, given])
        return given
    if kind == "multi-text":
        most = [longest(options)] + [f"{SAMPLE}{line}"[: number(options, "longest", 1023)] for line in range(1, number(options, "most", 40))]
        given = [most, ["last"] if "required" in options else [], ["first", SAMPLE]][min(variant, 2)]
        writer.put(key, value, ["set", "multi", given])
        return given
    if kind == "enumeration":
        (_, label, data), also = details[variant % len(details)]
        writer.put(key, value, action(data))
        for fields in also:
            writer.put(fields[1], fields[2], action(fields[3]))
        return label
    if kind == "list":
        key = key or writer.key
        if "additive" not in options:
            writer.put(key, "", ["delete all"])
        # An empty list that deletes nothing would write nothing, and is refused.
        fewest = ["last"] if "additive" in options else []
        texts = [[*(f"{SAMPLE}{entry}" for entry in range(12)), "example.org"], fewest, ["one"]][min(variant, 2)]
        prefix = next((o.split("=")[1] for o in options if o.startswith("prefix=")), None)
        if "given" in options:
            for index, text in enumerate(texts):
                writer.put(key, f"name {index}", ["set", text_form, text])
            return {f"name {index}": text for index, text in enumerate(texts)}
        for index, text in enumerate(texts, start=1):
            writer.put(key, text if prefix is None else f"{prefix}{index}", ["set", text_form, text])
        return texts
    raise SystemExit(f"unknown element {kind}")


NO_ELEMENT = ("title", "category", "supported", "enabled", "disabled", "enabled also", "disabled also")


def variants(policy):
    """As many as the longest of its enumerations has items, and two at least."""
    return max([2, *(len(details) for fields, details in policy["lines"] if fields[0] == "enumeration")])


def enabled(policy, variant):
    writer = Writer(policy)
    _, _, _, value, *_ = policy["head"]
    own = next((f[1] for f, _ in policy["lines"] if f[0] == "enabled"), "dword:1")
    if value:
        writer.put("", value, action(own))
    given = {"state": "enabled"}
    for line in policy["lines"]:
        fields = line[0]
        if fields[0] == "enabled also":
            writer.put(fields[1], fields[2], action(fields[3]))
    for line in policy["lines"]:
        fields = line[0]
        if fields[0] not in NO_ELEMENT:
            given[fields[1]] = fill(writer, line, variant)
    return given, writer.operations()


def disabled(policy):
    """Values that are written first; whatever else the enabled state can write is deleted."""
    writer = Writer(policy)
    _, _, _, value, *_ = policy["head"]
    own = next((f[1] for f, _ in policy["lines"] if f[0] == "disabled"), "delete")
    if value:
        writer.put("", value, action(own))
    for fields, _ in policy["lines"]:
        if fields[0] == "disabled also":
            writer.put(fields[1], fields[2], action(fields[3]))
    for fields, details in policy["lines"]:
        if fields[0] == "boolean":
            for detail, _ in details:
                if detail[0] == "off":
                    writer.put(fields[2], fields[3], action(detail[1]))
                if detail[0] == "off also":
                    writer.put(detail[1], detail[2], action(detail[3]))
    for fields, details in policy["lines"]:
        if fields[0] == "list":
            writer.put(fields[2], "", ["delete all"])
        elif fields[0] == "enabled also":
            writer.put_if_free(fields[1], fields[2], ["delete"])
        elif fields[0] not in NO_ELEMENT:
            writer.put_if_free(fields[2], fields[3], ["delete"])
            for detail, also in details:
                if detail[0] in ("on also", "off also"):
                    writer.put_if_free(detail[1], detail[2], ["delete"])
                for one in also:
                    writer.put_if_free(one[1], one[2], ["delete"])
    return writer.operations()


def main():
    path = pathlib.Path(sys.argv[1])
    cases = []
    for policy in read(path):
        name = f"{path.stem}:{policy['head'][0]}"
        for variant in range(variants(policy)):
            given, operations = enabled(policy, variant)
            value = given if len(given) > 1 else "enabled"
            cases.append({"name": name, "variant": variant, "value": value, "operations": operations})
        cases.append({"name": name, "variant": "disabled", "value": "disabled", "operations": disabled(policy)})
    json.dump(cases, sys.stdout)


main()
