//! Writes a template (ADMX) and its texts (ADML) from policies, so that tests need no file of a vendor.
//!
//! The opposite of the importer, and independent of it: what it reads of these files must be the policies again.

use std::fmt::Write as _;

use groundplan::vendor::admx::{Class, Data, Element, Kind, ListNames, Policy, Write};

/// The two files as text.
pub(crate) struct Written {
    pub(crate) admx: String,
    pub(crate) adml: String,
}

/// Writes the policies in their order.
pub(crate) fn write(policies: &[Policy<'_>]) -> Written {
    let mut writer = Writer::default();
    let mut body = String::new();
    for policy in policies {
        writer.policy(&mut body, policy);
    }
    let head = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<policyDefinitions revision=\"1.0\" schemaVersion=\"1.0\">\n\
        <policyNamespaces><target prefix=\"t\" namespace=\"T\" /></policyNamespaces>\n<resources minRequiredRevision=\"1.0\" />\n";
    let definitions: String = writer.supported.iter().enumerate().fold(String::new(), |mut text, (index, (_, id))| {
        writeln!(text, "<definition name=\"S{index}\" displayName=\"$(string.{id})\" />").expect("text takes all");
        text
    });
    let categories: String = writer.categories.iter().enumerate().fold(String::new(), |mut text, (index, category)| {
        let parent = category.parent.map_or(String::new(), |parent| format!("<parentCategory ref=\"C{parent}\" />"));
        let id = category.id;
        writeln!(text, "<category name=\"C{index}\" displayName=\"$(string.{id})\">{parent}</category>").expect("text takes all");
        text
    });
    let admx = format!(
        "{head}<supportedOn><definitions>\n{definitions}</definitions></supportedOn>\n<categories>\n{categories}</categories>\n<policies>\n{body}</policies>\n</policyDefinitions>\n"
    );
    let adml = format!(
        "<policyDefinitionResources revision=\"1.0\" schemaVersion=\"1.0\">\n<resources><stringTable>\n{}</stringTable></resources>\n</policyDefinitionResources>\n",
        writer.strings
    );
    Written { admx, adml }
}

/// A category with the number of its title and of the one above it.
struct Category {
    path: Vec<String>,
    id: usize,
    parent: Option<usize>,
}

#[derive(Default)]
struct Writer {
    strings: String,
    count: usize,
    categories: Vec<Category>,
    supported: Vec<(String, usize)>,
}

impl Writer {
    fn string(&mut self, text: &str) -> usize {
        self.count += 1;
        writeln!(self.strings, "<string id=\"{}\">{}</string>", self.count, escaped(text)).expect("text takes all");
        self.count
    }

    fn category(&mut self, path: &[&str]) -> usize {
        if let Some(known) = self.categories.iter().position(|category| category.path == path) {
            return known;
        }
        let parent = (path.len() > 1).then(|| self.category(&path[..path.len() - 1]));
        let id = self.string(path.last().expect("a path has a part"));
        self.categories.push(Category { path: path.iter().map(|&part| part.to_owned()).collect(), id, parent });
        self.categories.len() - 1
    }

    fn policy(&mut self, out: &mut String, policy: &Policy<'_>) {
        let class = match policy.class {
            Class::Machine => "Machine",
            Class::User => "User",
            Class::Both => "Both",
        };
        let (title, category) = (self.string(policy.title), self.category(&policy.category));
        let (name, key) = (policy.name, escaped(policy.key));
        let value = policy.value.map_or(String::new(), |value| format!(" valueName=\"{}\"", escaped(value)));
        let mut put = |text: String| out.push_str(&text);
        put(format!("<policy name=\"{name}\" class=\"{class}\" displayName=\"$(string.{title})\" key=\"{key}\"{value}>\n"));
        put(format!("<parentCategory ref=\"C{category}\" />"));
        if let Some(supported) = policy.supported {
            let known = self.supported.iter().position(|(text, _)| text == supported).unwrap_or_else(|| {
                let id = self.string(supported);
                self.supported.push((supported.to_owned(), id));
                self.supported.len() - 1
            });
            put(format!("<supportedOn ref=\"S{known}\" />"));
        }
        put(policy.enabled.map_or(String::new(), |value| format!("<enabledValue>{}</enabledValue>", data(value))));
        put(policy.disabled.map_or(String::new(), |value| format!("<disabledValue>{}</disabledValue>", data(value))));
        put(list("enabledList", &policy.enabled_also));
        put(list("disabledList", &policy.disabled_also));
        let elements: Vec<String> = policy.elements.iter().map(|one| self.element(one)).collect();
        put(if elements.is_empty() { String::new() } else { format!("<elements>\n{}\n</elements>", elements.join("\n")) });
        put("</policy>\n".to_owned());
    }

    fn element(&mut self, element: &Element<'_>) -> String {
        let flag = |set: bool, name: &str| if set { format!(" {name}=\"true\"") } else { String::new() };
        let (mut inside, soft) = (String::new(), flag(element.soft, "soft"));
        let (name, options) = match &element.kind {
            Kind::Boolean { on, off, on_also, off_also } => {
                inside.push_str(&on.map_or(String::new(), |value| format!("<trueValue>{}</trueValue>", data(value))));
                inside.push_str(&off.map_or(String::new(), |value| format!("<falseValue>{}</falseValue>", data(value))));
                inside.push_str(&list("trueList", on_also));
                inside.push_str(&list("falseList", off_also));
                ("boolean", String::new())
            }
            Kind::Decimal { from, to, long, as_text } => {
                let name = if *long { "longDecimal" } else { "decimal" };
                (name, format!(" minValue=\"{from}\" maxValue=\"{to}\"{}", flag(*as_text, "storeAsText")))
            }
            Kind::Text { required, expandable, longest } => {
                let flags = flag(*required, "required") + &flag(*expandable, "expandable");
                ("text", format!(" maxLength=\"{longest}\"{flags}"))
            }
            Kind::MultiText { required, longest, most } => {
                ("multiText", format!(" maxLength=\"{longest}\" maxStrings=\"{most}\"{}", flag(*required, "required")))
            }
            Kind::Enumeration { items } => {
                for item in items {
                    let label = self.string(item.label);
                    let also = list("valueList", &item.also);
                    let value = data(item.data);
                    write!(inside, "<item displayName=\"$(string.{label})\"><value>{value}</value>{also}</item>")
                        .expect("text takes all");
                }
                ("enum", String::new())
            }
            Kind::List { names, additive, expandable } => {
                let names = match names {
                    ListNames::Same => String::new(),
                    ListNames::Numbered(prefix) => format!(" valuePrefix=\"{}\"", escaped(prefix)),
                    ListNames::Given => flag(true, "explicitValue"),
                };
                ("list", names + &flag(*additive, "additive") + &flag(*expandable, "expandable"))
            }
        };
        let value = if name == "list" { String::new() } else { format!(" valueName=\"{}\"", escaped(element.value)) };
        let (id, key) = (element.id, escaped(element.key));
        format!("<{name} id=\"{id}\" key=\"{key}\"{value}{options}{soft}>{inside}</{name}>")
    }
}

fn list(name: &str, writes: &[Write<'_>]) -> String {
    let item = |write: &Write<'_>| {
        let (key, value) = (escaped(write.key), escaped(write.value));
        format!("<item key=\"{key}\" valueName=\"{value}\"><value>{}</value></item>", data(write.data))
    };
    let items: Vec<String> = writes.iter().map(item).collect();
    if items.is_empty() { String::new() } else { format!("<{name}>{}</{name}>", items.concat()) }
}

fn data(data: Data<'_>) -> String {
    match data {
        Data::Dword(number) => format!("<decimal value=\"{number}\" />"),
        Data::Qword(number) => format!("<longDecimal value=\"{number}\" />"),
        Data::Text(text) => format!("<string>{}</string>", escaped(text)),
        Data::Delete => "<delete />".to_owned(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
