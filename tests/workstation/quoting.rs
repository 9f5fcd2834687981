//! Hostile texts reach every shell as data.

use std::io::Write as _;
use std::process::{Command, Stdio};

use groundplan::baselines::Baselines;
use groundplan::emit::workstation::render;
use groundplan::value::Value;

use super::hostile::{HOSTILE, texts};
use super::machine::{PLATFORMS, checked, have, scripts, standard, with, write_out};

const SHELLS: [(&str, &[&str]); 5] = [("dash", &[]), ("bash", &[]), ("zsh", &[]), ("mksh", &[]), ("busybox", &["sh"])];

fn shell(name: &str, arguments: &[&str], script: &[u8]) -> Vec<u8> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(script).unwrap();
    let output = Command::new("timeout")
        .args(["-k", "2", "30", name])
        .args(arguments)
        .arg(file.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The texts go the way of a value: through a parameter, a template and the formatter into a script, which a shell runs.
#[test]
fn every_shell_reads_back_what_was_quoted() {
    const TEMPLATE: &str = "{% for text in also_clean %}\nx={{ text }}\nprintf '%s\\0' \"$x\" {{ text }}\n{% endfor %}\n";
    const MKSH: &[u8] = b"printf() { shift; for text; do print -rn -- \"$text\"; print -n '\\0'; done; }\n";
    let texts = texts(10_000);
    let expected: Vec<u8> = texts.iter().flat_map(|text| [text.as_bytes(), b"\0", text.as_bytes(), b"\0"].concat()).collect();
    let rendered = PLATFORMS.map(|platform| {
        let folder = tempfile::tempdir().unwrap();
        let template = folder.path().join(format!("scripts/{platform}/apply.sh"));
        std::fs::create_dir_all(template.parent().unwrap()).unwrap();
        std::fs::write(&template, TEMPLATE).unwrap();
        std::fs::write(template.with_file_name("artifacts.tsv"), "artifact\tuse\tpart\napply\tfile\tapply.sh\n").unwrap();
        let baselines = Baselines::embedded().with_overlay(folder.path()).unwrap();
        // past the check, which takes paths only: what is looked at is the way into the script
        let mut parameters = checked(platform, &standard());
        let list = parameters.iter_mut().find(|parameter| parameter.name == "also_clean").unwrap();
        list.value = Value::List(texts.iter().map(|text| text.as_str().into()).collect());
        render(&parameters, &baselines).unwrap().remove(0).bytes
    });
    assert_eq!(rendered[0], rendered[1], "one language, one spelling");
    for (name, arguments) in SHELLS.into_iter().filter(|(name, _)| have(&[name])) {
        // the printf of mksh is a program of its own, and twenty thousand of them take a minute
        let own = if name == "mksh" { MKSH } else { b"" };
        assert!(shell(name, arguments, &[own, &rendered[0]].concat()) == expected, "{name} read something else");
    }
    assert!(!std::path::Path::new("/tmp/groundplan-pwned").exists());
}

#[test]
fn the_scripts_show_hostile_names_as_they_are() {
    for text in HOSTILE.iter().filter(|text| !text.contains(['\n', '\r'])) {
        let plan = with(&[("organisation", (*text).into()), ("role", (*text).into()), ("notice", (*text).into())]);
        let artifacts: Vec<_> = PLATFORMS.iter().flat_map(|platform| scripts(platform, &plan)).collect();
        let folder = write_out(&artifacts);
        for (name, arguments) in SHELLS {
            if !have(&[name]) {
                continue;
            }
            for script in artifacts.iter().map(|artifact| &artifact.path).filter(|path| !path.ends_with("/tests.bats")) {
                let output = Command::new(name)
                    .args(arguments)
                    .arg(folder.path().join(script))
                    .arg("--about")
                    .stdin(Stdio::null())
                    .output()
                    .unwrap();
                assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{text}\n{text}\n"), "{name} {script}");
                assert_eq!(output.status.code(), Some(0), "{name} {script}: {}", String::from_utf8_lossy(&output.stderr));
            }
        }
    }
    assert!(!std::path::Path::new("/tmp/groundplan-pwned").exists());
}
