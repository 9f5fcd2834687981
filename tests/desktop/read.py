"""What the libraries of Evolution read where its files are: JSON in, JSON out.

In, on stdin: {"keys": {dconf path: schema}, "sources": {uid: {group: [key, ...]}}}; the environment leads to the files. Out:
each key with its value and whether it can be changed, and each source as the service for accounts gives it,
with the properties of the library's own objects. Without "sources" the service is not asked.
"""

import json
import re
import sys

import gi

gi.require_version("EDataServer", "1.2")
gi.require_version("Camel", "1.2")
from gi.repository import Camel, EDataServer, Gio, GLib, GObject  # noqa: E402

Camel.init(GLib.get_user_data_dir(), False)


def key_of(path, schema):
    key = path.rsplit("/", 1)[1]
    settings = Gio.Settings.new(schema)
    return {"value": settings.get_value(key).unpack(), "writable": settings.is_writable(key)}


def plain(value):
    return value.value_nick if isinstance(value, GObject.GEnum) else value


def property_of(extension, key):
    name = re.sub(r"(?<!^)([A-Z])", r"-\1", key).lower()
    names = {spec.name for spec in extension.list_properties()}
    holder = extension if name in names else extension.get_settings()
    spec = next((spec for spec in holder.list_properties() if spec.name == name), None)
    if spec is None:
        return {"missing": name}
    found = {"value": plain(holder.get_property(name)), "type": spec.value_type.name}
    if spec.value_type.is_a(GObject.TYPE_ENUM):
        found["items"] = sorted(item.value_nick for item in spec.enum_class.__enum_values__.values())
    return found


def source_of(source, groups):
    found = {}
    for group, keys in groups.items():
        if group == "Data Source":
            own = {"DisplayName": source.get_display_name(), "Enabled": source.get_enabled(), "Parent": source.get_parent()}
            found[group] = {key: {"value": own[key]} for key in keys}
        elif group != "Autoconfig":
            extension = source.get_extension(group)
            found[group] = {key: property_of(extension, key) for key in keys}
    return found


def main():
    asked = json.load(sys.stdin)
    answer = {"keys": {path: key_of(path, schema) for path, schema in asked["keys"].items()}}
    if "sources" in asked:
        EDataServer.SourceCamel.register_types()
        registry = EDataServer.SourceRegistry.new_sync(None)
        answer["user"], answer["name"] = GLib.get_user_name(), GLib.get_real_name()
        answer["uids"] = sorted(source.get_uid() for source in registry.list_sources(None))
        answer["mail"] = registry.ref_default_mail_account().get_uid()
        answer["sources"] = {}
        for uid, groups in asked["sources"].items():
            source = registry.ref_source(uid)
            answer["sources"][uid] = None if source is None else source_of(source, groups)
    json.dump(answer, sys.stdout)


main()
