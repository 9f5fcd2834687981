//! Writing, held against what the surroundings can do: the real program is killed, starved of space, shut out, run twice at
//! once, and pointed at folders that hold what is not its own. At every moment the target is the old tree or the new one.
//!
//! Full and read-only file systems are real ones (tmpfs) and need the right to mount; without it the test says so loudly,
//! and fails where `GROUNDPLAN_ALL_CONSUMERS=1`.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "support/consumer.rs"]
mod consumer;
#[path = "support/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use program::{ended, example, generate, groundplan, hex, tree};
use tempfile::TempDir;

const DESK: &str =
    "  desk: { workplace: shared, offline_days: 0, sign_in: { remember: never }, shared_computers: { keep: nothing } }\n";
const PLAN: &str = "organisation: Old\ndomains: [example.org]\nclients: [thunderbird, outlook, apple-mail]\nservers: { imap: imap.example.org, smtp: smtp.example.org, exchange: exchange.example.org }\nroles:\n  desk: { workplace: shared, offline_days: 0, sign_in: { remember: never }, shared_computers: { keep: nothing } }\n  lab: { workplace: mobile }\n";

/// A folder with two plans in it, of which the second gives other bytes and fewer files; the target is `out` beside them.
struct Place {
    folder: TempDir,
    old: PathBuf,
    new: PathBuf,
    out: PathBuf,
}

impl Place {
    fn new() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap())
    }

    fn in_folder(folder: TempDir) -> Self {
        let [old, new, out] = ["old.yaml", "new.yaml", "out"].map(|name| folder.path().join(name));
        fs::write(&old, PLAN).unwrap();
        fs::write(&new, PLAN.replace("Old", "New").replace(DESK, "")).unwrap();
        Self { folder, old, new, out }
    }

    /// Writes a plan into the target, which must succeed and leave nothing beside it.
    #[track_caller]
    fn write(&self, plan: &Path) {
        ended(&generate(plan, &["-o", self.out.to_str().unwrap()]), 0);
        self.is_tidy();
    }

    /// What the program ends with, and what it says.
    fn refused(&self, plan: &Path, code: i32) -> String {
        let told = ended(&generate(plan, &["-o", self.out.to_str().unwrap()]), code);
        self.is_tidy();
        told
    }

    /// The tree that a plan gives, written elsewhere.
    fn tree_of(&self, plan: &Path) -> BTreeMap<String, (u32, Vec<u8>)> {
        let elsewhere = tempfile::tempdir_in(self.folder.path()).unwrap();
        let out = elsewhere.path().join("out");
        ended(&generate(plan, &["-o", out.to_str().unwrap()]), 0);
        tree(&out)
    }

    #[track_caller]
    fn is_tidy(&self) {
        let names = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let remains: Vec<_> = names.filter(|name| name.to_str().unwrap().starts_with('.')).collect();
        assert!(remains.is_empty(), "left behind: {remains:?}");
    }

    fn put(&self, path: &str, text: &str) -> PathBuf {
        let path = self.out.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }
}

/// What must not change of a file that is not ours.
fn identity(path: &Path) -> (u64, u32, i64, i64, u64) {
    let metadata = fs::symlink_metadata(path).unwrap();
    (metadata.ino(), metadata.mode(), metadata.mtime(), metadata.mtime_nsec(), metadata.len())
}

#[test]
fn a_second_run_changes_nothing_and_takes_stale_files_away() {
    let place = Place::new();
    place.write(&place.old);
    let old = tree(&place.out);
    assert!(old.keys().any(|path| path.starts_with("desk/")));
    place.write(&place.old);
    assert!(old == tree(&place.out), "a second run gives other bytes");
    place.write(&place.new);
    let new = tree(&place.out);
    assert!(!new.keys().any(|path| path.starts_with("desk")), "files and folders of the last run stay");
    assert!(new == place.tree_of(&place.new), "what was there before shows");
}

#[test]
fn neither_the_working_folder_nor_the_umask_shows() {
    let place = Place::new();
    place.write(&place.old);
    let elsewhere = tempfile::tempdir().unwrap();
    let script = "umask 077; cp \"$1\" plan.yaml; exec \"$0\" --today 2026-11-01 generate plan.yaml -o out";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_groundplan"), place.old.to_str().unwrap()])
        .env_clear()
        .current_dir(elsewhere.path())
        .output()
        .unwrap();
    ended(&output, 0);
    let files = |folder: &Path| -> BTreeMap<_, _> {
        tree(folder).into_iter().filter(|(_, (mode, _))| mode & 0o170_000 == 0o100_000).collect()
    };
    assert!(files(&place.out) == files(&elsewhere.path().join("out")));
}

#[test]
fn what_is_not_ours_is_kept_as_it_is() {
    let place = Place::new();
    place.write(&place.old);
    let mut kept = vec![
        place.put("notes.txt", "mine"),
        place.put("everyone/thunderbird/mine.js", "mine"),
        place.put("everyone/own/deep/deeper/file", "mine"),
        place.put("desk/workstation/linux/.hidden", "mine"),
        place.put("manifest.json.bak", "mine"),
    ];
    fs::set_permissions(&kept[0], Permissions::from_mode(0o4751)).unwrap();
    fs::File::options().write(true).open(&kept[1]).unwrap().set_modified(std::time::UNIX_EPOCH + Duration::from_secs(1)).unwrap();
    for (name, target) in [("dangling", "nowhere"), ("everyone/link", "../../old.yaml"), ("folder-link", "everyone")] {
        symlink(target, place.out.join(name)).unwrap();
        kept.push(place.out.join(name));
    }
    let empty = place.out.join("everyone/empty/empty");
    fs::create_dir_all(&empty).unwrap();
    fs::set_permissions(&empty, Permissions::from_mode(0o700)).unwrap();
    let before: Vec<_> = kept.iter().map(|path| identity(path)).collect();
    for plan in [&place.new, &place.old, &place.new] {
        place.write(plan);
        for (path, before) in kept.iter().zip(&before) {
            assert_eq!(identity(path), *before, "{}", path.display());
        }
        assert_eq!(identity(&empty).1 & 0o777, 0o700);
    }
    assert_eq!(fs::read_link(place.out.join("dangling")).unwrap(), Path::new("nowhere"));
    // Of the role that is gone only what is not ours is left.
    let left: Vec<String> = tree(&place.out.join("desk")).into_keys().collect();
    assert_eq!(left, ["workstation", "workstation/linux", "workstation/linux/.hidden"]);
}

#[test]
fn a_foreign_file_in_the_way_is_refused_and_kept() {
    for in_the_way in ["everyone/thunderbird/policies.json", "everyone", "duties.md", "SHA256SUMS", "lab/thunderbird"] {
        let place = Place::new();
        let foreign = place.put(in_the_way, "mine");
        let before = identity(&foreign);
        let told = place.refused(&place.old, 3);
        assert!(told.contains(in_the_way) && told.contains("not a file that groundplan made"), "{told}");
        assert_eq!(identity(&foreign), before);
        assert_eq!(fs::read_to_string(&foreign).unwrap(), "mine");
    }
    let place = Place::new();
    fs::create_dir_all(place.out.join("everyone/thunderbird/policies.json")).unwrap();
    let before = tree(&place.out);
    place.refused(&place.old, 3);
    assert!(tree(&place.out) == before);
}

#[test]
fn a_foreign_link_in_the_way_is_not_followed() {
    let place = Place::new();
    let elsewhere = place.folder.path().join("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::create_dir_all(&place.out).unwrap();
    symlink(&elsewhere, place.out.join("everyone")).unwrap();
    place.refused(&place.old, 3);
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0, "it wrote through the link");
    assert!(fs::symlink_metadata(place.out.join("everyone")).unwrap().is_symlink());
}

#[test]
fn a_target_that_cannot_be_one_is_refused_with_the_reason() {
    let place = Place::new();
    fs::write(&place.out, "a file").unwrap();
    assert!(place.refused(&place.old, 3).contains("it is not a folder"));
    assert_eq!(fs::read_to_string(&place.out).unwrap(), "a file");
    for target in ["/", "/dev/null", "/proc/nothing/out", "old.yaml/out"] {
        let mut command = groundplan();
        command.arg("generate").arg(&place.old).args(["-o", target]).current_dir(place.folder.path());
        ended(&command.output().unwrap(), 3);
    }
    fs::remove_file(&place.out).unwrap();
    symlink("nowhere", &place.out).unwrap();
    place.refused(&place.old, 3);
    assert!(fs::symlink_metadata(&place.out).unwrap().is_symlink() && !place.folder.path().join("nowhere").exists());
}

#[test]
fn the_folder_one_stands_in_is_not_swapped_away() {
    let place = Place::new();
    place.write(&place.old);
    let before = tree(&place.out);
    for here in [place.out.clone(), place.out.join("everyone")] {
        let output = groundplan().arg("generate").arg(&place.new).arg("-o").arg(&place.out).current_dir(here).output().unwrap();
        assert!(ended(&output, 3).contains("it is the folder you are in"));
    }
    assert!(tree(&place.out) == before);
}

#[test]
fn a_missing_parent_is_made_and_a_linked_folder_is_written_where_it_lies() {
    let place = Place::new();
    let deep = place.folder.path().join("a/b/c/out");
    ended(&generate(&place.old, &["-o", deep.to_str().unwrap()]), 0);
    assert!(tree(&deep) == place.tree_of(&place.old));
    symlink(&deep, &place.out).unwrap();
    place.write(&place.new);
    assert!(fs::symlink_metadata(&place.out).unwrap().is_symlink(), "the link was replaced");
    assert!(tree(&deep) == place.tree_of(&place.new));
    assert_eq!(fs::read_dir(deep.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn a_manifest_that_nobody_can_trust_stops_the_run() {
    let hostile = [
        "",
        "{}",
        "[]",
        "null",
        "not JSON",
        r#"{"tool":{"name":"other"},"files":[]}"#,
        r#"{"tool":{"name":"groundplan"}}"#,
        r#"{"tool":{"name":"groundplan"},"files":{}}"#,
        r#"{"tool":{"name":"groundplan"},"files":["x"]}"#,
        r#"{"tool":{"name":"groundplan"},"files":[{"path":"../victim"}]}"#,
        r#"{"tool":{"name":"groundplan"},"files":[{"path":"a/../../victim"}]}"#,
        r#"{"tool":{"name":"groundplan"},"files":[{"path":"/etc/passwd"}]}"#,
        r#"{"tool":{"name":"groundplan"},"files":[{"path":""}]}"#,
        r#"{"tool":{"name":"groundplan"},"files":[{"path":7}]}"#,
    ];
    for manifest in hostile {
        let place = Place::new();
        let victim = place.folder.path().join("victim");
        fs::write(&victim, "mine").unwrap();
        place.put("manifest.json", manifest);
        let told = place.refused(&place.old, 3);
        assert!(told.contains("manifest.json") && told.contains("no manifest of groundplan"), "{manifest}: {told}");
        assert_eq!(fs::read_to_string(place.out.join("manifest.json")).unwrap(), manifest);
        assert_eq!(fs::read_to_string(victim).unwrap(), "mine");
        assert_eq!(tree(&place.out).len(), 1);
    }
    let place = Place::new();
    fs::create_dir_all(place.out.join("manifest.json")).unwrap();
    assert!(place.refused(&place.old, 3).contains("manifest.json"));
    // Folders that are nested as deep as names allow hurt neither the reader nor the walk.
    let place = Place::new();
    place.put("manifest.json", &format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)));
    assert!(place.refused(&place.old, 3).contains("no manifest of groundplan"));
}

#[test]
fn a_part_of_a_plan_never_replaces_another_part() {
    let place = Place::new();
    let out = place.out.to_str().unwrap();
    assert!(ended(&generate(&place.old, &["--role", "desk"]), 2).contains("--output"));
    ended(&generate(&place.old, &["--role", "desky", "-o", out]), 2);
    ended(&generate(&place.old, &["--client", "thunderbrid", "-o", out]), 2);
    assert!(!place.out.exists());
    ended(&generate(&place.old, &["--role", "desk", "-o", out]), 0);
    let whole = place.tree_of(&place.old);
    let part = tree(&place.out);
    assert!(part.keys().all(|path| path.starts_with("desk") || !path.contains('/')), "{:?}", part.keys());
    for (path, entry) in part.iter().filter(|(path, _)| path.starts_with("desk/")) {
        assert!(whole[path] == *entry, "{path} is another one than in the whole plan");
    }
    assert!(place.refused(&place.old, 3).contains("it holds role desk"));
    assert!(part == tree(&place.out));
    let place = Place::new();
    let out = place.out.to_str().unwrap();
    ended(&generate(&place.old, &["--client", "thunderbird", "-o", out]), 0);
    let below_role = |path: &String| path.matches('/').count() == 1 && !path.ends_with("PLACES.md");
    let folders: Vec<String> = tree(&place.out).into_keys().filter(below_role).collect();
    assert_eq!(folders, ["desk/thunderbird", "everyone/thunderbird", "lab/thunderbird"]);
    let found: Vec<_> =
        tree(&place.out).into_iter().filter(|(path, _)| path.contains("/thunderbird/") && !whole.contains_key(path)).collect();
    assert!(found.is_empty());
    // Everyone is a role by its name, too, and stdin needs a folder.
    let place = Place::new();
    ended(&generate(&place.old, &["--role", "everyone", "-o", place.out.to_str().unwrap()]), 0);
    let stdin = fs::File::open(&place.new).unwrap();
    let output = groundplan().args(["generate", "-"]).stdin(stdin).current_dir(place.folder.path()).output().unwrap();
    assert!(ended(&output, 2).contains("choose the folder with -o"));
}

#[test]
fn a_dry_run_and_a_check_write_nothing() {
    let place = Place::new();
    let out = place.out.to_str().unwrap();
    let before = tree(place.folder.path());
    let output = generate(&place.old, &["-o", out, "--dry-run"]);
    ended(&output, 0);
    assert!(String::from_utf8_lossy(&output.stdout).contains("nothing was written"));
    ended(&generate(&place.old, &["-o", out, "--check"]), 1);
    assert!(before == tree(place.folder.path()));
    place.write(&place.old);
    let before = tree(place.folder.path());
    for arguments in [["--dry-run"], ["--check"]] {
        ended(&generate(&place.old, &[&["-o", out], arguments.as_slice()].concat()), 0);
    }
    assert!(before == tree(place.folder.path()));
}

/// Something done to a file.
type Damage = fn(&Path);

#[test]
fn check_finds_each_way_in_which_a_folder_can_differ() {
    let damage: [(&str, Damage); 7] = [
        ("everyone/outlook/user.pol", |path| {
            let mut bytes = fs::read(path).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            fs::write(path, bytes).unwrap();
        }),
        ("duties.md", |path| fs::write(path, "").unwrap()),
        ("lab/thunderbird/policies.json (missing)", |path| fs::remove_file(path).unwrap()),
        ("desk/workstation/linux/apply (mode)", |path| fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap()),
        ("everyone/thunderbird/policies.json (mode)", |path| fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap()),
        ("SHA256SUMS (missing)", |path| fs::remove_file(path).unwrap()),
        ("everyone/outlook/outlook.reg (no file)", |path| {
            fs::remove_file(path).unwrap();
            fs::create_dir(path).unwrap();
        }),
    ];
    for (says, damage) in damage {
        let place = Place::new();
        place.write(&place.old);
        damage(&place.out.join(says.split(' ').next().unwrap()));
        let output = generate(&place.old, &["-o", place.out.to_str().unwrap(), "--check"]);
        ended(&output, 1);
        assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{says}\n"));
    }
    let place = Place::new();
    place.write(&place.old);
    let output = generate(&place.new, &["-o", place.out.to_str().unwrap(), "--check", "--format", "json"]);
    ended(&output, 1);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let differing: Vec<&str> = said["differing"].as_array().unwrap().iter().filter_map(|path| path.as_str()).collect();
    assert!(differing.contains(&"desk/thunderbird/policies.json (left over)") && differing.contains(&"manifest.json"), "{said}");
}

#[test]
fn an_archive_is_the_same_bytes_and_holds_the_tree() {
    let place = Place::new();
    place.write(&place.old);
    let archives = ["one.zip", "deep/two.zip"].map(|name| place.folder.path().join(name));
    for archive in &archives {
        ended(&generate(&place.old, &["--zip", archive.to_str().unwrap()]), 0);
        assert_eq!(fs::metadata(archive).unwrap().mode() & 0o777, 0o644);
    }
    assert!(fs::read(&archives[0]).unwrap() == fs::read(&archives[1]).unwrap(), "two archives differ");
    // Over an archive that is there, and not over a folder.
    ended(&generate(&place.new, &["--zip", archives[0].to_str().unwrap()]), 0);
    assert!(fs::read(&archives[0]).unwrap() != fs::read(&archives[1]).unwrap());
    ended(&generate(&place.new, &["--zip", place.out.to_str().unwrap()]), 3);
    place.is_tidy();

    if !consumer::have("python3", Command::new("python3").arg("--version")) {
        return;
    }
    let script = "import sys,zipfile,json\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint(json.dumps([[i.filename,i.external_attr>>16,list(i.date_time),z.read(i).hex()] for i in z.infolist()]))";
    let output = Command::new("python3").args(["-c", script]).arg(&archives[1]).output().unwrap();
    ended(&output, 0);
    let entries: Vec<(String, u32, [u32; 6], String)> = serde_json::from_slice(&output.stdout).unwrap();
    let files = tree(&place.out).into_iter().filter(|(_, (mode, _))| mode & 0o170_000 == 0o100_000);
    let expected: BTreeMap<String, (u32, String)> = files.map(|(path, (mode, bytes))| (path, (mode, hex(&bytes)))).collect();
    assert!(entries.iter().all(|entry| entry.2 == [1980, 1, 1, 0, 0, 0]), "an entry tells the time");
    assert_eq!(entries.len(), expected.len());
    let found: BTreeMap<_, _> = entries.into_iter().map(|(path, mode, _, bytes)| (path, (mode, bytes))).collect();
    assert!(found == expected, "the archive holds something else than the folder");
}

/// A small file system of its own, taken away again at the end.
struct Mount(PathBuf);

impl Mount {
    fn new(folder: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(folder).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder);
        consumer::have("the right to mount a file system", &mut mount).then(|| Self(folder.to_owned()))
    }

    fn again(&self, options: &str) {
        assert!(Command::new("mount").args(["-o", options]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_the_old_tree_and_says_so() {
    let place = Place::new();
    let full = |size: u64| {
        let disk = place.folder.path().join(format!("disk-{size}"));
        let mount = Mount::new(&disk, "size=16M")?;
        let out = disk.join("out");
        ended(&generate(&place.old, &["-o", out.to_str().unwrap()]), 0);
        let before = tree(&out);
        // What is left is too little at the first file, in the middle, and at the last ones.
        mount.again(&format!("remount,size={size}k"));
        let told = ended(&generate(&place.new, &["-o", out.to_str().unwrap()]), 3);
        assert!(told.contains("No space left on device"), "{told}");
        assert!(before == tree(&out), "{size} KiB: the old tree has changed");
        assert_eq!(fs::read_dir(&disk).unwrap().count(), 1, "{size} KiB: something is left behind");
        let zip = disk.join("out.zip");
        mount.again("remount,size=16M");
        let room = 16 * 1024 * 1024 - usage(&disk);
        fs::write(disk.join("fill"), vec![0; usize::try_from(room - 8192).unwrap()]).unwrap();
        let told = ended(&generate(&place.new, &["--zip", zip.to_str().unwrap()]), 3);
        assert!(told.contains("No space left on device"), "{told}");
        assert_eq!(fs::read_dir(&disk).unwrap().count(), 2, "an archive is left behind");
        fs::remove_file(disk.join("fill")).unwrap();
        ended(&generate(&place.new, &["-o", out.to_str().unwrap()]), 0);
        Some(())
    };
    let used = {
        place.write(&place.old);
        usage(&place.out) / 1024
    };
    for more in [8, 40, 80, 120] {
        if full(used + more).is_none() {
            return;
        }
    }
}

/// Bytes of a tree, in whole pages.
fn usage(folder: &Path) -> u64 {
    tree(folder).values().map(|(_, bytes)| bytes.len().next_multiple_of(4096) as u64).sum()
}

#[test]
fn a_read_only_target_is_said_and_left_alone() {
    let place = Place::new();
    let disk = place.folder.path().join("disk");
    let Some(mount) = Mount::new(&disk, "size=4M") else { return };
    let out = disk.join("out");
    ended(&generate(&place.old, &["-o", out.to_str().unwrap()]), 0);
    let before = tree(&out);
    mount.again("remount,ro");
    let told = ended(&generate(&place.new, &["-o", out.to_str().unwrap()]), 3);
    assert!(told.contains("Read-only file system"), "{told}");
    assert!(before == tree(&out));
    // Looking needs no right to write.
    ended(&generate(&place.old, &["-o", out.to_str().unwrap(), "--check"]), 0);
    ended(&generate(&place.old, &["--zip", disk.join("x.zip").to_str().unwrap()]), 3);
}

#[test]
fn a_mount_point_is_refused_with_what_to_do() {
    let place = Place::new();
    let Some(_mount) = Mount::new(&place.out, "size=4M") else { return };
    let told = place.refused(&place.old, 3);
    assert!(told.contains("a file system is mounted there") && told.contains("folder below it"), "{told}");
    ended(&generate(&place.old, &["-o", place.out.join("below").to_str().unwrap()]), 0);
    // A folder that is mounted upon itself lies on the same file system, and still cannot be swapped.
    let place = Place::new();
    fs::create_dir_all(&place.out).unwrap();
    assert!(Command::new("mount").arg("--bind").args([&place.out, &place.out]).status().unwrap().success());
    let _mount = Mount(place.out.clone());
    assert!(place.refused(&place.old, 3).contains("a file system is mounted there"));
}

#[test]
fn another_run_is_noticed_and_the_slower_one_is_refused() {
    let place = Place::new();
    let staged = place.folder.path().join(".out.groundplan-new");
    fs::create_dir_all(&staged).unwrap();
    let running = fs::File::open(&staged).unwrap();
    running.try_lock().unwrap();
    let told = ended(&generate(&place.old, &["-o", place.out.to_str().unwrap()]), 3);
    assert!(told.contains("another run is writing there"), "{told}");
    assert!(staged.exists(), "it removed what another run is making");
    drop(running);
    place.write(&place.old);
    // A run that has swapped and is tidying holds the target.
    let running = fs::File::open(&place.out).unwrap();
    running.try_lock().unwrap();
    assert!(place.refused(&place.new, 3).contains("another run is writing there"));
}

#[test]
fn runs_at_once_end_in_one_whole_tree() {
    let place = Place::new();
    let trees = [place.tree_of(&place.old), place.tree_of(&place.new)];
    let foreign = place.put("mine", "mine");
    let before = identity(&foreign);
    let (mut written, mut refused) = (0, 0);
    for _ in 0..12 {
        let start = |index: usize| {
            let plan = if index.is_multiple_of(2) { &place.old } else { &place.new };
            let mut command = groundplan();
            command.arg("generate").arg(plan).arg("-o").arg(&place.out).stdout(Stdio::null()).stderr(Stdio::piped());
            command.spawn().unwrap()
        };
        let runs: Vec<_> = (0..6).map(start).collect();
        for run in runs {
            let output = run.wait_with_output().unwrap();
            if output.status.success() {
                written += 1;
            } else {
                refused += 1;
                assert!(ended(&output, 3).contains("another run is writing there"));
            }
        }
        let mut found = tree(&place.out);
        assert_eq!(identity(&foreign), before);
        found.remove("mine");
        assert!(trees.contains(&found), "the tree is none of the two: {:?}", found.keys());
        place.is_tidy();
    }
    assert!(written >= 12 && refused > 0, "{written} written, {refused} refused");
}

#[test]
fn remains_of_a_run_that_was_killed_are_tidied_and_nothing_foreign_goes_with_them() {
    // Killed after the swap: the old tree lies beside, and somebody put a file into it a moment before.
    let place = Place::new();
    place.write(&place.new);
    let old = place.folder.path().join(".out.groundplan-new");
    ended(&generate(&place.old, &["-o", old.to_str().unwrap()]), 0);
    fs::write(old.join("everyone/late"), "mine").unwrap();
    ended(&generate(&place.new, &["-o", place.out.to_str().unwrap()]), 0);
    place.is_tidy();
    assert_eq!(fs::read_to_string(place.out.join("everyone/late")).unwrap(), "mine");
    // Killed between two renames, where a file system cannot exchange: the target is gone, the old one beside it.
    fs::rename(&place.out, place.folder.path().join(".out.groundplan-old")).unwrap();
    fs::create_dir(&old).unwrap();
    fs::write(old.join("half"), "").unwrap();
    let told = ended(&generate(&place.old, &["--role", "lab", "-o", place.out.to_str().unwrap()]), 3);
    assert!(told.contains("it holds the whole plan"), "the old tree was not brought back: {told}");
    place.write(&place.old);
    assert_eq!(fs::read_to_string(place.out.join("everyone/late")).unwrap(), "mine");
    // Killed after both renames.
    ended(&generate(&place.new, &["-o", place.folder.path().join(".out.groundplan-old").to_str().unwrap()]), 0);
    fs::write(place.folder.path().join(".out.groundplan-old/later"), "mine").unwrap();
    place.write(&place.old);
    assert_eq!(fs::read_to_string(place.out.join("later")).unwrap(), "mine");
    assert!(!place.out.join("half").exists());
}

#[test]
#[expect(clippy::print_stdout, reason = "at which moments the runs were killed is worth more than that they were")]
fn killed_at_any_moment_the_target_is_the_old_tree_or_the_new_one() {
    // Memory is written faster than a disk, which leaves more of the time for the program itself.
    let memory = Path::new("/dev/shm");
    let place = Place::in_folder(if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap());
    let plans = [example("utility.yaml"), example("lawfirm.yaml")];
    let trees = [place.tree_of(&plans[0]), place.tree_of(&plans[1])];
    let out = place.out.to_str().unwrap().to_owned();
    let staged = place.folder.path().join(".out.groundplan-new");
    let begun = Instant::now();
    ended(&generate(&plans[0], &["-o", &out]), 0);
    let whole = begun.elapsed();
    let foreign = [place.put("mine", "mine"), place.put("everyone/deep/mine", "mine")];
    let before = foreign.each_ref().map(|path| identity(path));
    let without_foreign = |mut tree: BTreeMap<String, (u32, Vec<u8>)>| {
        for path in ["mine", "everyone/deep", "everyone/deep/mine"] {
            assert!(tree.remove(path).is_some(), "{path} is gone");
        }
        tree
    };
    let mut now = 0;
    let (mut kept, mut swapped, mut remains) = (0, 0, 0);
    // Moments that are spread evenly and in no order (steps of the golden ratio): a third over the whole run, a third over
    // the part in which it writes, a third around the swap.
    for round in 0..200_u32 {
        let fraction = (f64::from(round) * 0.618_033_988_749_894_9).fract();
        let mut command = groundplan();
        command.arg("generate").arg(&plans[1 - now]).args(["-o", &out]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut run = command.spawn().unwrap();
        let mut when = |sign: &Path, over: Duration| {
            while !sign.exists() && run.try_wait().unwrap().is_none() {
                std::hint::spin_loop();
            }
            std::thread::sleep(over.mul_f64(fraction));
        };
        match round % 3 {
            0 => std::thread::sleep(whole.mul_f64(fraction)),
            1 => when(&staged, Duration::from_millis(40)),
            _ => when(&staged.join("SHA256SUMS"), Duration::from_millis(4)),
        }
        run.kill().unwrap();
        run.wait().unwrap();
        remains += u32::from(staged.exists());
        let found = without_foreign(tree(&place.out));
        if found == trees[1 - now] {
            now = 1 - now;
            swapped += 1;
        } else {
            let mixed: Vec<_> =
                found.iter().filter(|(path, entry)| trees[now].get(*path) != Some(entry)).map(|(path, _)| path).collect();
            assert!(found == trees[now], "round {round}: a mixture of two trees: {mixed:?}");
            kept += 1;
        }
        assert_eq!(foreign.each_ref().map(|path| identity(path)), before, "round {round}");
        if round % 20 == 19 {
            place.write(&plans[1 - now]);
            now = 1 - now;
            assert!(without_foreign(tree(&place.out)) == trees[now], "round {round}: the next run is not whole");
        }
    }
    println!("200 kills within {whole:?}: {kept} times the old tree, {swapped} times the new one, {remains} times with remains");
    assert!(kept > 20 && swapped > 20 && remains > 20, "{kept} kept, {swapped} swapped, {remains} with remains");
}
