//! The portal's binary: where Cargo puts it, and whether it is what the sources say. No test builds it, so that nothing
//! is compiled while tests run.

use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, fs, io};

/// The portal's binary, found by where this executable is; the error says what to do.
pub(crate) fn portal() -> Result<PathBuf, String> {
    let executable = env::current_exe().map_err(|error| error.to_string())?;
    // Tests' executables are in `deps`, a folder beside the binaries.
    let folder = executable.ancestors().skip(1).find(|folder| !folder.ends_with("deps"));
    let folder = folder.ok_or("this executable is in no folder")?;
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    current(folder, "mfa-portal", &top)
        .map_err(|problem| format!("{problem}; `cargo test --no-run` builds it"))
}

/// The binary in this folder; the error says why it is not what its sources say. The compiler lists them for Cargo in
/// `deps/NAME-*.d`, one a line with a colon behind it, relative to the top of the workspace.
pub(crate) fn current(folder: &Path, name: &str, top: &Path) -> Result<PathBuf, String> {
    let binary = folder.join(name);
    let built = modified(&binary).map_err(|_| format!("{} is missing", binary.display()))?;
    let krate = format!("{}-", name.replace('-', "_"));
    let lists = fs::read_dir(folder.join("deps")).map_err(|error| error.to_string())?;
    let lists = lists.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| {
        let name = path.file_stem().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(&krate)) && path.extension().is_some_and(|it| it == "d")
    });
    for list in lists.filter_map(|list| fs::read_to_string(list).ok()) {
        let sources = list.lines().filter_map(|line| line.strip_suffix(':'));
        let sources = sources.map(|source| top.join(source.replace("\\ ", " ")));
        // A build with other flags, such as the fuzz targets', generates its own files while the tests run.
        for source in sources.filter(|source| !source.starts_with(folder.join("build"))) {
            if modified(&source).is_ok_and(|changed| changed > built) {
                return Err(format!("{} is older than {}", binary.display(), source.display()));
            }
        }
    }
    Ok(binary)
}

fn modified(file: &Path) -> io::Result<SystemTime> {
    fs::metadata(file)?.modified()
}
