//! Outlook's registry artifacts, held against programs that are not ours.
//!
//! Every policy of the committed templates is compiled enabled, with each element at both of its limits and each item of an
//! enumeration, and disabled. What must come of it is calculated by `windows/expected.py`, which shares nothing with the
//! crate. The files are then read by Samba (Registry.pol) and imported and exported by wine (.reg).
//!
//! A missing program is told on stderr; with `GROUNDPLAN_ALL_CONSUMERS=1` it is a failure.

#[path = "support/hostile.rs"]
mod hostile;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use groundplan::baselines::Baselines;
use groundplan::emit::EmitError;
use groundplan::emit::registry::{pol, render};
use groundplan::value::Value;
use groundplan::vendor::admx::{Kind, Templates};
use groundplan::vendor::registry::{Hive, RegistryAction, RegistryData, RegistryKey, RegistryOperation};
use serde_json::Value as Json;

/// Samba's Python modules belong to the system's Python.
const PYTHON: &str = "/usr/bin/python3";

static BASELINES: LazyLock<Baselines> = LazyLock::new(Baselines::embedded);

/// All cases; `None` without Python.
static CASES: LazyLock<Option<Vec<Case>>> = LazyLock::new(cases);

#[test]
#[expect(clippy::print_stdout, reason = "the numbers are part of the proof")]
fn every_policy_compiles_to_what_an_independent_calculation_expects() {
    let Some(cases) = CASES.as_deref() else { return };
    let of_variant = |variant| cases.iter().filter(|case| case.variant == variant).count();
    assert_eq!([of_variant(Variant::Enabled(0)), of_variant(Variant::Enabled(1)), of_variant(Variant::Disabled)], [POLICIES; 3]);
    println!("{POLICIES} policies, {} cases", cases.len());
    for case in cases {
        let mut found = case.operations.clone();
        found.sort_by_key(RegistryOperation::order);
        let mut expected = case.expected.clone();
        expected.sort_by_key(RegistryOperation::order);
        assert_eq!(found, expected, "{} with {}", case.name, case.value);
        assert!(!found.is_empty(), "{} with {} writes nothing", case.name, case.value);
    }
}

/// What was tried of each kind of element, counted here from the values that the cases gave.
#[test]
#[expect(clippy::print_stdout, reason = "the numbers are part of the proof")]
fn each_element_was_tried_at_both_limits_and_each_item_once() {
    let Some(cases) = CASES.as_deref() else { return };
    let templates = Templates::new(&BASELINES).expect("the built-in templates are distinct");
    let mut given: BTreeMap<(&str, &str), Vec<&Json>> = BTreeMap::new();
    for case in cases {
        for (id, value) in case.value.as_object().into_iter().flatten().filter(|(id, _)| *id != "state") {
            given.entry((&case.name, id)).or_default().push(value);
        }
    }
    let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
    for name in templates.names() {
        for element in templates.describe(&name).expect("a name of the templates").elements {
            let values = given.get(&(name.as_str(), element.id)).map(Vec::as_slice).unwrap_or_default();
            let has = |value: Json| values.contains(&&value);
            let units = |text: &Json| text.as_str().map_or(0, |text| text.encode_utf16().count() as u64);
            let count = |value: &Json| value.as_array().map(Vec::len).or_else(|| value.as_object().map(serde_json::Map::len));
            let (kind, all) = match element.kind {
                Kind::Boolean { .. } => ("check box", has(true.into()) && has(false.into())),
                Kind::Decimal { from, to, .. } => ("number", has(from.into()) && has(to.into())),
                Kind::Text { longest, required, .. } => {
                    ("text", values.iter().any(|text| units(text) == longest) && (required || has("".into())))
                }
                Kind::MultiText { longest, most, .. } => {
                    let full = |lines: &&Json| count(lines).is_some_and(|lines| lines as u64 == most || most == 0 && lines > 9);
                    let all = values.iter().any(|lines| full(lines) && units(&lines[0]) == longest);
                    ("lines", all && values.iter().any(|lines| count(lines) < Some(2)))
                }
                Kind::Enumeration { items } => ("enumeration", items.iter().all(|item| has(item.label.into()))),
                Kind::List { additive, .. } => {
                    let fewest = usize::from(additive);
                    let counts: Vec<usize> = values.iter().filter_map(|list| count(list)).collect();
                    ("list", counts.contains(&fewest) && counts.iter().any(|&entries| entries > 9))
                }
            };
            assert!(all, "{name}, `{}`, was tried with {values:?}", element.id);
            *tried.entry(kind).or_default() += 1;
        }
    }
    println!("{tried:?}");
    assert_eq!(tried.len(), 6, "{tried:?}");
}

#[test]
fn samba_reads_every_policy_and_writes_the_same_bytes() {
    let Some(cases) = CASES.as_deref() else { return };
    let files: Vec<Vec<u8>> = cases.iter().map(|case| pol_of(&case.operations)).collect();
    let Some(read) = samba(&files) else { return };
    assert_eq!(read.len(), files.len());
    for ((case, file), read) in cases.iter().zip(&files).zip(&read) {
        assert_eq!(read["same"], true, "{} with {}: Samba writes other bytes", case.name, case.value);
        assert_eq!(read["entries"], Json::from(expected_entries(case)), "{} with {}", case.name, case.value);
        let records = pol::read(file).expect("our reader takes what our writer wrote");
        assert_eq!(&pol::write(&records), file);
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the numbers are part of the proof")]
fn wine_imports_every_policy_and_exports_the_same_values() {
    let Some(cases) = CASES.as_deref() else { return };
    let Some(wine) = Wine::start() else { return };
    let mut registry = Registry::default();
    let mut files = 0;
    // First, disabled, last: each file meets what the one before left, so that deletions have something to delete.
    for variant in [Variant::Enabled(0), Variant::Disabled, Variant::Enabled(1)] {
        for batch in batches(cases.iter().filter(|case| case.variant == variant)) {
            import_all(&wine, &mut registry, &batch);
            files += 1;
        }
        assert_same(&wine.export(&registry.roots), &registry.as_json());
    }
    assert!(files >= 3);
    // The other items: each case below a key of its own, so that one file holds them all.
    let further = cases.iter().enumerate().filter(|(_, case)| matches!(case.variant, Variant::Enabled(2..)));
    let moved: Vec<RegistryOperation> = further
        .flat_map(|(index, case)| case.operations.iter().map(move |operation| (index, operation)))
        .map(|(index, operation)| {
            let key = format!("software\\policies\\groundplan items\\{index}\\{}", operation.key.as_str());
            RegistryOperation { key: RegistryKey::new(&key).expect("a key below another one"), ..operation.clone() }
        })
        .collect();
    println!("{} values of further items", moved.len());
    let mut registry = Registry::default();
    import_all(&wine, &mut registry, &moved);
    let roots = ["HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"].map(|hive| format!("{hive}\\software\\policies\\groundplan items"));
    assert_same(&wine.export(&roots.into()), &registry.as_json());
}

fn import_all(wine: &Wine, registry: &mut Registry, operations: &[RegistryOperation]) {
    let artifacts = render(operations).expect("a batch holds nothing twice");
    let file = artifacts.iter().find(|artifact| artifact.path == "outlook/outlook.reg").expect("a batch is not empty");
    wine.import(&file.bytes);
    registry.apply(operations);
}

#[test]
fn wine_and_samba_take_hostile_text() {
    let texts = ["", " ", "\"", "\\", "a\\\"b", "[x]", ";", "]", "line\r\nbreak", "\u{1F512} ü", "@", "-", "hex:00", "%PATH%"];
    let key = RegistryKey::new("software\\policies\\groundplan\\a]b [c").expect("a key");
    let operation =
        |name: String, data| RegistryOperation { hive: Hive::User, key: key.clone(), name, action: RegistryAction::Set(data) };
    let mut operations = Vec::new();
    for (index, text) in texts.into_iter().enumerate() {
        operations.push(operation(format!("text {index}"), RegistryData::Text(text.to_owned())));
        operations.push(operation(format!("expand {index}"), RegistryData::ExpandText(text.to_owned())));
        if !text.chars().any(char::is_control) {
            operations.push(operation(format!("name {text}"), RegistryData::MultiText(vec![format!("x{text}"), "y".to_owned()])));
        }
    }
    operations.push(operation(String::new(), RegistryData::Dword(u32::MAX)));
    operations.push(operation("long".to_owned(), RegistryData::MultiText(vec!["ä".repeat(30_000)])));
    operations.push(operation("none".to_owned(), RegistryData::MultiText(Vec::new())));
    operations.push(operation("wide".to_owned(), RegistryData::Qword(u64::MAX - 1)));
    let artifacts = render(&operations).expect("all of it can be carried");
    if let Some(read) = samba(&[pol_of(&operations)]) {
        assert_eq!(read[0]["same"], true);
        assert_eq!(read[0]["entries"].as_array().map(Vec::len), Some(operations.len()));
    }
    if let Some(wine) = Wine::start() {
        let mut registry = Registry::default();
        wine.import(&artifacts[0].bytes);
        registry.apply(&operations);
        let roots = BTreeSet::from(["HKEY_CURRENT_USER\\software\\policies\\groundplan".to_owned()]);
        assert_same(&wine.export(&roots), &registry.as_json());
        wine.run(&["delete", "HKCU\\software\\policies\\groundplan", "/f"]);
    }
}

#[test]
fn the_registry_of_wine_gives_back_ten_thousand_hostile_texts() {
    let Some(wine) = Wine::start() else { return };
    let key = RegistryKey::new("software\\policies\\groundplan\\hostile").expect("a key");
    let operations: Vec<RegistryOperation> = hostile::texts(10_000)
        .into_iter()
        .enumerate()
        .map(|(index, text)| {
            let data = if index % 2 == 0 { RegistryData::Text(text) } else { RegistryData::ExpandText(text) };
            let name = format!("text {index}");
            RegistryOperation { hive: Hive::User, key: key.clone(), name, action: RegistryAction::Set(data) }
        })
        .collect();
    let mut registry = Registry::default();
    import_all(&wine, &mut registry, &operations);
    let roots = BTreeSet::from(["HKEY_CURRENT_USER\\software\\policies\\groundplan".to_owned()]);
    assert_same(&wine.export(&roots), &registry.as_json());
    wine.run(&["delete", "HKCU\\software\\policies\\groundplan", "/f"]);
    assert!(!Path::new("/tmp/groundplan-pwned").exists());
}

#[test]
fn a_file_that_windows_applied_is_read_and_written_byte_for_byte() {
    let file = include_bytes!("windows/dod-outlook-2016.pol");
    let records = pol::read(file).expect("the file is a Registry.pol");
    assert_eq!(records.len(), 53);
    assert_eq!(pol::write(&records), file);
}

#[test]
fn the_policies_behind_a_file_that_windows_applied_give_its_records() {
    let states: BTreeMap<String, Json> =
        serde_json::from_slice(include_bytes!("windows/dod-outlook-2016.json")).expect("the file is JSON");
    let templates = Templates::new(&BASELINES).expect("the built-in templates are distinct");
    let operations: Vec<_> = states
        .iter()
        .flat_map(|(name, state)| templates.check(name, &as_value(state)).expect("a policy of the template"))
        .collect();
    let by_place = |records: Vec<pol::Record>| -> BTreeMap<_, _> {
        records.into_iter().map(|record| ((record.key, record.name), (record.kind, record.data))).collect()
    };
    let found = pol::read(&pol_of(&operations)).expect("our own file");
    let golden = pol::read(include_bytes!("windows/dod-outlook-2016.pol")).expect("the file is a Registry.pol");
    assert_eq!(by_place(found), by_place(golden));
}

#[test]
fn only_one_list_key_of_the_templates_has_a_key_below_it() {
    // A .reg file can empty a key only together with the keys below: were there more, the choice would need another look.
    let templates = Templates::new(&BASELINES).expect("the built-in templates are distinct");
    let mut keys = BTreeSet::new();
    let mut lists = BTreeSet::new();
    for name in templates.names() {
        let policy = templates.describe(&name).expect("a name of the template");
        for (key, value) in policy.places() {
            keys.insert(key.to_lowercase());
            if value.is_empty() {
                lists.insert(key.to_lowercase());
            }
        }
    }
    let parents: Vec<_> =
        lists.iter().filter(|list| keys.iter().any(|key| key.starts_with(&format!("{list}\\")))).map(String::as_str).collect();
    assert_eq!(parents, ["software\\policies\\microsoft\\office\\16.0\\common\\open find\\restrictedbrowse"]);
}

/// How many policies all committed templates have.
const POLICIES: usize = 406 + 945 + 295 + 173 + 143 + 26 + 2 + 348 + 530;

/// How a policy was set, as `expected.py` numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variant {
    Enabled(u64),
    Disabled,
}

/// One policy in one state.
struct Case {
    name: String,
    variant: Variant,
    value: Json,
    expected: Vec<RegistryOperation>,
    operations: Vec<RegistryOperation>,
}

fn cases() -> Option<Vec<Case>> {
    let script = helper("expected.py");
    let templates = Templates::new(&BASELINES).expect("the built-in templates are distinct");
    let mut cases = Vec::new();
    let of_template =
        |text: &[u8]| text.split(|&byte| byte == b'\n').nth(1).is_some_and(|line| line.starts_with(b"# Template: "));
    for (path, _) in BASELINES.below("vendor/").filter(|(_, text)| of_template(text)) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("baselines").join(path);
        let output = run_or_notice(Command::new(PYTHON).arg(&script).arg(file), "python3")?;
        let listed: Vec<Json> = serde_json::from_slice(&output).expect("expected.py prints JSON");
        for case in listed {
            let name = case["name"].as_str().expect("a case has a name").to_owned();
            let operations = match templates.check(&name, &as_value(&case["value"])) {
                Ok(operations) => operations,
                Err(problem) => panic!("{name} with {}: {problem}", case["value"]),
            };
            let expected = case["operations"].as_array().expect("a case has operations").iter().map(as_operation).collect();
            let variant = case["variant"].as_u64().map_or(Variant::Disabled, Variant::Enabled);
            cases.push(Case { name, variant, value: case["value"].clone(), expected, operations });
        }
    }
    Some(cases)
}

fn as_value(json: &Json) -> Value {
    match json {
        Json::Bool(flag) => Value::Flag(*flag),
        Json::Number(number) => Value::Number(number.as_i64().expect("numbers of the cases fit")),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(as_value).collect()),
        Json::Object(entries) => Value::Map(entries.iter().map(|(key, value)| (key.clone(), as_value(value))).collect()),
        Json::Null => panic!("no case holds null"),
    }
}

/// An operation as `expected.py` prints it.
fn as_operation(json: &Json) -> RegistryOperation {
    let word = |index: usize| json[index].as_str().unwrap_or_default().to_owned();
    let data = &json[5];
    let number = || data.as_u64().expect("a number");
    let texts = || data.as_array().expect("a list").iter().filter_map(Json::as_str).map(str::to_owned).collect();
    let action = match (word(3).as_str(), word(4).as_str()) {
        ("delete all", _) => RegistryAction::DeleteAllValues,
        ("delete", _) => RegistryAction::DeleteValue,
        ("set", "dword") => RegistryAction::Set(RegistryData::Dword(u32::try_from(number()).expect("32 bits"))),
        ("set", "qword") => RegistryAction::Set(RegistryData::Qword(number())),
        ("set", "text") => RegistryAction::Set(RegistryData::Text(word(5))),
        ("set", "expandable") => RegistryAction::Set(RegistryData::ExpandText(word(5))),
        ("set", "multi") => RegistryAction::Set(RegistryData::MultiText(texts())),
        other => panic!("expected.py prints {other:?}"),
    };
    let hive = if word(0) == "user" { Hive::User } else { Hive::Machine };
    RegistryOperation { hive, key: RegistryKey::new(&word(1)).expect("a key"), name: word(2), action }
}

/// The one `.pol` of operations for one hive.
fn pol_of(operations: &[RegistryOperation]) -> Vec<u8> {
    let artifacts = render(operations).expect("a policy does not contradict itself");
    let mut files = artifacts.into_iter().filter(|artifact| artifact.path != "outlook/outlook.reg");
    let file = files.next().expect("a policy writes something");
    assert_eq!(files.next(), None, "a policy writes to one half of the registry");
    file.bytes
}

/// Type number and bytes, worked out here and not taken from the crate.
fn raw(data: &RegistryData) -> (u32, Vec<u8>) {
    let wide = |text: &str| -> Vec<u8> { format!("{text}\0").encode_utf16().flat_map(u16::to_le_bytes).collect() };
    match data {
        RegistryData::Text(text) => (1, wide(text)),
        RegistryData::ExpandText(text) => (2, wide(text)),
        RegistryData::Dword(number) => (4, number.to_le_bytes().to_vec()),
        RegistryData::MultiText(texts) => (7, wide(&texts.iter().flat_map(|text| [text, "\0"]).collect::<String>())),
        RegistryData::Qword(number) => (11, number.to_le_bytes().to_vec()),
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// What Samba must find in the file of a case: the calculated operations, in the order of the format.
fn expected_entries(case: &Case) -> Vec<Json> {
    let mut sorted: Vec<&RegistryOperation> = case.expected.iter().collect();
    sorted.sort_by_key(|operation| {
        let deletes_all = operation.action == RegistryAction::DeleteAllValues;
        (operation.key.as_str().to_lowercase(), !deletes_all, operation.name.to_lowercase())
    });
    let entry = |operation: &RegistryOperation| {
        let (name, (kind, data)) = match &operation.action {
            RegistryAction::DeleteAllValues => ("**delvals.".to_owned(), (1, vec![0x20, 0, 0, 0])),
            RegistryAction::DeleteValue => (format!("**del.{}", operation.name), (1, vec![0x20, 0, 0, 0])),
            RegistryAction::Set(data) => (operation.name.clone(), raw(data)),
        };
        Json::from(vec![Json::from(operation.key.as_str()), name.into(), kind.into(), hex(&data).into()])
    };
    sorted.into_iter().map(entry).collect()
}

/// As many cases in one file as do not contradict each other; the rest in the next.
fn batches<'c>(cases: impl Iterator<Item = &'c Case>) -> Vec<Vec<RegistryOperation>> {
    let mut batches: Vec<BTreeMap<_, RegistryOperation>> = Vec::new();
    for case in cases {
        let places: BTreeMap<_, _> = case.operations.iter().map(|operation| (operation.order(), operation.clone())).collect();
        let agrees = |batch: &&mut BTreeMap<_, RegistryOperation>| {
            places.iter().all(|(place, operation)| batch.get(place).is_none_or(|other| other.action == operation.action))
        };
        match batches.iter_mut().find(agrees) {
            Some(batch) => batch.extend(places),
            None => batches.push(places),
        }
    }
    let batches: Vec<Vec<_>> = batches.into_iter().map(|batch| batch.into_values().collect()).collect();
    for pair in batches.windows(2) {
        assert!(matches!(render(&pair.concat()), Err(EmitError::Twice { .. })), "what contradicts itself is refused");
    }
    batches
}

/// What a registry holds after files were imported, worked out here: key to value name to type and bytes.
#[derive(Default)]
struct Registry {
    keys: BTreeMap<String, BTreeMap<String, (u32, String)>>,
    /// Keys above all that were ever named, below which nothing else stands.
    roots: BTreeSet<String>,
}

impl Registry {
    fn apply(&mut self, operations: &[RegistryOperation]) {
        let path = |operation: &RegistryOperation| {
            let hive = if operation.hive == Hive::User { "HKEY_CURRENT_USER" } else { "HKEY_LOCAL_MACHINE" };
            let key = operation.key.as_str().to_lowercase();
            // For computers these two are one key: Windows shares the policies of 32-bit and 64-bit programs.
            let shared = key.strip_prefix("software\\wow6432node\\policies\\").filter(|_| operation.hive == Hive::Machine);
            format!("{hive}\\{}", shared.map_or_else(|| key.clone(), |rest| format!("software\\policies\\{rest}")))
        };
        for operation in operations {
            let path = path(operation);
            let parts: Vec<&str> = path.split('\\').collect();
            let depth = if parts[2].eq_ignore_ascii_case("policies") { 3 } else { 6 };
            self.roots.insert(parts[..depth.min(parts.len())].join("\\").to_lowercase());
            if operation.action == RegistryAction::DeleteAllValues {
                let path = path.to_lowercase();
                self.keys.retain(|key, _| *key != path && !key.starts_with(&format!("{path}\\")));
            }
        }
        for operation in operations {
            let values = self.keys.entry(path(operation).to_lowercase()).or_default();
            match &operation.action {
                RegistryAction::Set(data) => {
                    let (kind, bytes) = raw(data);
                    values.insert(operation.name.to_lowercase(), (kind, hex(&bytes)));
                }
                RegistryAction::DeleteValue => drop(values.remove(&operation.name.to_lowercase())),
                RegistryAction::DeleteAllValues => {}
            }
        }
    }

    /// Keys that hold values: whether an empty key exists makes no difference to any client.
    fn as_json(&self) -> Json {
        let with_values = self.keys.iter().filter(|(_, values)| !values.is_empty());
        serde_json::to_value(with_values.collect::<BTreeMap<_, _>>()).expect("maps of text are JSON")
    }
}

/// Samba's reading of each file; `None` without Samba.
fn samba(files: &[Vec<u8>]) -> Option<Vec<Json>> {
    run_or_notice(Command::new(PYTHON).args(["-c", "import samba.dcerpc.preg"]), "python3 with Samba's modules")?;
    let mut child = Command::new(PYTHON)
        .arg(helper("read_pol.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it ran a moment ago");
    let input: String = files.iter().map(|file| hex(file) + "\n").collect();
    let mut stdin = child.stdin.take().expect("stdin is a pipe");
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("the process ends");
    writer.join().expect("the thread ends").expect("the process reads its input");
    assert!(output.status.success(), "Samba refuses a file");
    let lines = output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    Some(lines.map(|line| serde_json::from_slice(line).expect("read_pol.py prints JSON")).collect())
}

/// A registry of wine, in a prefix of its own below `target/` that is kept from run to run.
struct Wine {
    folder: PathBuf,
    /// One test at a time: a registry has one state.
    _turn: std::sync::MutexGuard<'static, ()>,
}

impl Wine {
    fn start() -> Option<Self> {
        static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let wine = Self { folder: Path::new(env!("CARGO_TARGET_TMPDIR")).join("wine"), _turn: turn };
        std::fs::create_dir_all(&wine.folder).expect("the target folder is writable");
        run_or_notice(Command::new("wine").arg("--version"), "wine")?;
        for root in [
            "software\\policies",
            "software\\wow6432node\\policies",
            "software\\microsoft\\internet explorer\\main\\featurecontrol",
            "software\\microsoft\\windows\\currentversion\\policies",
            "system\\currentcontrolset\\control\\power\\powerthrottling",
        ] {
            for hive in ["HKCU", "HKLM"] {
                // Left over from an earlier run, wine's own, or not there.
                drop(wine.command(&["delete", &format!("{hive}\\{root}"), "/f"]).status());
            }
        }
        Some(wine)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("wine");
        command.arg("reg").args(arguments).current_dir(&self.folder);
        command.env("WINEPREFIX", self.folder.join("prefix")).env("WINEDEBUG", "-all").env("DISPLAY", "");
        // No pipes: the services that wine leaves running would hold them open.
        command.env("WINEDLLOVERRIDES", "mscoree,mshtml=").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) {
        let status = self.command(arguments).status().expect("wine runs");
        assert!(status.success(), "wine reg {arguments:?}: {status}");
    }

    fn import(&self, file: &[u8]) {
        std::fs::write(self.folder.join("import.reg"), file).expect("the target folder is writable");
        self.run(&["import", "import.reg"]);
    }

    /// All keys with values below these roots.
    fn export(&self, roots: &BTreeSet<String>) -> Json {
        let mut files = Vec::new();
        for (index, root) in roots.iter().enumerate() {
            let name = format!("export-{index}.reg");
            self.run(&["export", root, &name, "/y"]);
            files.push(self.folder.join(name));
        }
        let output = Command::new(PYTHON).arg(helper("read_reg.py")).args(files).output().expect("Python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let keys: BTreeMap<String, Json> = serde_json::from_slice(&output.stdout).expect("read_reg.py prints JSON");
        let with_values = keys.into_iter().filter(|(_, values)| values.as_object().is_some_and(|values| !values.is_empty()));
        serde_json::to_value(with_values.collect::<BTreeMap<_, _>>()).expect("maps of text are JSON")
    }
}

/// Names what differs: two whole registries beside each other cannot be read.
fn assert_same(found: &Json, expected: &Json) {
    let flat = |registry: &Json| -> BTreeSet<String> {
        let keys = registry.as_object().expect("a registry is a map").iter();
        keys.flat_map(|(key, values)| {
            let values = values.as_object().expect("a key is a map").iter();
            values.map(move |(name, data)| format!("{key}, {name:?}: {data:.200}"))
        })
        .collect()
    };
    let (found_values, expected_values) = (flat(found), flat(expected));
    let missing: Vec<_> = expected_values.difference(&found_values).take(5).collect();
    let unexpected: Vec<_> = found_values.difference(&expected_values).take(5).collect();
    assert!(found == expected, "missing: {missing:#?}\nnot expected: {unexpected:#?}");
}

fn helper(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/windows").join(name)
}

/// The output of a program; `None`, told loudly, when it is missing or cannot do what is needed.
#[expect(clippy::print_stderr, reason = "a test that checks nothing must say so where it is seen")]
fn run_or_notice(command: &mut Command, what: &str) -> Option<Vec<u8>> {
    match command.output() {
        Ok(output) if output.status.success() => Some(output.stdout),
        result => {
            assert!(
                std::env::var_os("GROUNDPLAN_ALL_CONSUMERS").is_none_or(|wish| wish != "1"),
                "{what} is missing, and GROUNDPLAN_ALL_CONSUMERS=1 asks for all programs: {result:?}"
            );
            eprintln!("NOTICE: {what} is missing; what it would have read is NOT CHECKED");
            None
        }
    }
}
