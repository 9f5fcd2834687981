"""Reads the profiles for Windows of a Fleet folder as Fleet and Windows would, and gives back the operations on the registry.

The rules are those of Fleet's check when a profile is uploaded (fleetdm/fleet, server/fleet/windows_mdm.go) and of fleetctl,
which fills in variables. What a policy writes is worked out by the reader of Intune's lines. Nothing is shared with groundplan.
"""

import xml.etree.ElementTree as ElementTree

import intune

FORMAT = "{syncml:metinf}Format"
# What Fleet keeps for itself.
RESERVED = ("/Vendor/MSFT/BitLocker", "/Vendor/MSFT/Policy/Config/Update")


def elements(text):
    assert "<?" not in text and "<!DOCTYPE" not in text, "Fleet takes no processing instruction"
    assert "$" not in text, "fleetctl would fill in a variable"
    assert text.lower().startswith(("<add>", "<replace>")), "Fleet would not take it for a profile of Windows"
    parser = ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True))
    return ElementTree.fromstring(f"<all>{text}</all>", parser)


def document(text, half):
    """The commands of a profile, as the lines of a custom configuration that say the same."""
    lines, verbs = [], []
    for command in elements(text):
        comment, item = command
        assert comment.tag is ElementTree.Comment and item.tag == "Item", command.tag
        assert [child.tag for child in item] == ["Target", "Meta", "Data"], command.tag
        (uri,), (form,), value = item
        assert uri.tag == "LocURI" and form.tag == FORMAT and form.text in ("chr", "int"), uri.text
        assert not any(reserved in uri.text for reserved in RESERVED), uri.text
        is_template = "/ADMXInstall/" in uri.text
        assert command.tag == ("Add" if is_template else "Replace"), uri.text
        assert uri.text.startswith("./Device/" if is_template else f"./{half}/"), uri.text
        verbs.append(command.tag)
        kind = "#microsoft.graph.omaSettingInteger" if form.text == "int" else "#microsoft.graph.omaSettingString"
        lines.append(
            {
                "@odata.type": kind,
                "displayName": comment.text.strip(),
                "description": "-",
                "omaUri": uri.text,
                "value": int(value.text) if form.text == "int" else value.text,
            }
        )
    assert verbs == sorted(verbs), "a template stands after what it defines"
    return {
        "@odata.type": "#microsoft.graph.windows10CustomConfiguration",
        "displayName": "-",
        "description": "-",
        "omaSettings": lines,
    }


def registries(folder):
    """What the profiles of a role write; no template of one stands in the other, since nobody knows which comes first."""
    brought = []
    for half, name in (("Device", "device"), ("User", "user")):
        path = folder / f"groundplan-windows-{name}.xml"
        if path.exists():
            read = document(path.read_text(encoding="utf-8"), half)
            brought += [line["omaUri"] for line in read["omaSettings"] if "/ADMXInstall/" in line["omaUri"]]
            yield from intune.registries(read)
    assert len(brought) == len(set(brought)), "a template comes twice"
