//! `groundplan sign`: signed copies of configuration profiles.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Format, context};
use crate::out::replace;
use crate::sign::{SignError, Signer};

const ENDING: &str = "mobileconfig";
const SIGNED: &str = "signed.mobileconfig";

/// Arguments of `sign`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Profiles, or folders with profiles at any depth, such as the output of `generate`.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The certificate of the signer, PEM.
    #[arg(long, value_name = "FILE")]
    cert: PathBuf,
    /// Its private key, PEM; it is read by openssl alone and goes into no file.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The certificates between it and the root, PEM.
    #[arg(long, value_name = "FILE")]
    chain: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Exit, Failure> {
    context::text_or_json("sign", output)?;
    for file in [Some(&arguments.cert), Some(&arguments.key), arguments.chain.as_ref()].into_iter().flatten() {
        std::fs::File::open(file).map_err(|source| Failure::Read { path: file.clone(), source })?;
    }
    let mut profiles = Vec::new();
    arguments.paths.iter().try_for_each(|path| find(path, true, &mut profiles))?;
    if profiles.is_empty() {
        return Err(Failure::Usage("there is no profile: their names end in .mobileconfig".to_owned()));
    }
    let signer = Signer { certificate: &arguments.cert, key: &arguments.key, chain: arguments.chain.as_deref() };
    signer.check().map_err(failed)?;
    // Everything is signed before anything is written.
    let mut signed = Vec::new();
    for path in profiles {
        let bytes = std::fs::read(&path).map_err(|source| Failure::Read { path: path.clone(), source })?;
        signed.push((path.with_extension(SIGNED), signer.sign(&bytes).map_err(failed)?));
    }
    for (path, bytes) in &signed {
        replace(path, bytes).map_err(|error| Failure::Surroundings(Box::new(error)))?;
    }
    let names: Vec<String> = signed.iter().map(|(path, _)| path.display().to_string()).collect();
    if output.format() == Format::Json {
        output.json(&json!({ "version": 1, "signed": names }))?;
    } else {
        output.data(&names.iter().map(|name| format!("{name}\n")).collect::<Vec<_>>().concat())?;
    }
    Ok(Exit::Fine)
}

fn failed(error: SignError) -> Failure {
    match error {
        SignError::Program(_) => Failure::Surroundings(Box::new(error)),
        other => Failure::Refused(Box::new(other)),
    }
}

/// The profiles at or below a path, in order; a file that was `named` counts whatever it is called.
fn find(path: &Path, named: bool, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let read = |source| Failure::Read { path: path.to_owned(), source };
    if !path.is_dir() {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if named || (path.extension().is_some_and(|ending| ending == ENDING) && !name.ends_with(&format!(".{SIGNED}"))) {
            found.push(path.to_owned());
        }
        return Ok(());
    }
    let mut below = std::fs::read_dir(path)
        .map_err(read)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(read)?;
    below.sort();
    below.iter().try_for_each(|path| find(path, false, found))
}
