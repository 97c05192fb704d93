//! Where the value of a setting comes from: a flag, the environment, the file that CONFIG_FILE names, or the default, in
//! this order. An empty value is none, because templates of deployments leave empty ones.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::{env, fs};

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args as _, Command};
use serde_json::Value;
use url::Url;

use super::{ConfigError, Settings, without_user_info};
use crate::store::RedisAddress;

const CONFIG_FILE: &str = "CONFIG_FILE";
/// Settings of which one is enough, though clap requires neither.
const ONE_OF_TWO: [&str; 2] = [CLIENT_SECRET, "AUTH0_SECRET"];
const CLIENT_SECRET: &str = "AUTH0_CLIENT_SECRET";

/// The sources below the flags.
pub struct Sources {
    environment: BTreeMap<String, OsString>,
    /// The values of the file, by name.
    file: BTreeMap<String, String>,
}

impl Sources {
    /// Reads the environment, and the file that it or a flag names. Fails when a name is close to one of ours and none of
    /// them, which most often is a typing mistake.
    pub fn read() -> Result<Self, ConfigError> {
        let environment: BTreeMap<_, _> = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        refuse_misspelt(environment.keys())?;
        let named = flag(env::args_os()).or_else(|| environment.get(CONFIG_FILE).cloned());
        let file = named.map(|path| read_file(Path::new(&path))).transpose()?.unwrap_or_default();
        Ok(Self { environment, file })
    }

    /// The command with the values of the file as its defaults, and without variables that are empty.
    #[must_use]
    pub fn prepared(&self, command: Command) -> Command {
        let names: Vec<String> = command.get_subcommands().map(|it| it.get_name().to_owned()).collect();
        let prepare = |it: Command| it.mut_args(|argument| self.prepared_argument(argument));
        names.into_iter().fold(command, |command, name| command.mut_subcommand(name, prepare))
    }

    fn prepared_argument(&self, argument: Arg) -> Arg {
        let Some(name) = name_of(&argument) else { return argument };
        let argument = if self.environment.contains_key(&name) { argument } else { argument.env(None) };
        match self.file.get(&name) {
            Some(value) => argument.default_value(value).hide_default_value(true).required(false),
            None => argument,
        }
    }

    /// The required settings that neither the flags nor these sources give.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let flags: Vec<_> = env::args_os().filter_map(|it| it.into_string().ok()).collect();
        let is_given = |name: &str| {
            let flag = format!("--{}", name.to_lowercase().replace('_', "-"));
            let is_flag = |it: &String| *it == flag || it.starts_with(&format!("{flag}="));
            self.environment.contains_key(name) || self.file.contains_key(name) || flags.iter().any(is_flag)
        };
        let required = settings().into_iter().filter(Arg::is_required_set).filter_map(|it| name_of(&it));
        let is_replaced = |name: &&str| {
            is_given(&format!("{name}_FILE")) || *name == CLIENT_SECRET && is_given("AUTH0_CLIENT_KEY_FILE")
        };
        let secrets = ONE_OF_TWO.into_iter().filter(|name| !is_replaced(name));
        let all = required.chain(secrets.map(ToOwned::to_owned));
        all.filter(|name| !is_given(name)).collect()
    }

    /// Names that begin as ours do and are none: those of other programs that share the environment.
    #[must_use]
    pub fn foreign(&self) -> Vec<&str> {
        let known = names();
        let is_foreign = |name: &&String| name.starts_with("AUTH0_") && !known.contains(*name);
        self.environment.keys().filter(is_foreign).map(String::as_str).collect()
    }

    /// Every setting as a line with its value and its source, without secrets.
    #[must_use]
    pub fn lines(&self, given: &ArgMatches) -> String {
        settings().iter().filter_map(|setting| self.line(setting, given)).collect()
    }

    fn line(&self, setting: &Arg, given: &ArgMatches) -> Option<String> {
        let (name, id) = (name_of(setting)?, setting.get_id().as_str());
        let source = match given.value_source(id) {
            Some(ValueSource::CommandLine) => "flag",
            Some(ValueSource::EnvVariable) => "environment",
            Some(_) if self.file.contains_key(&name) => "file",
            Some(_) => "default",
            None => return Some(format!("{name}  # not set\n")),
        };
        let raw = given.get_raw(id).and_then(|mut values| values.next())?.to_string_lossy().into_owned();
        let hides = setting.is_hide_env_values_set();
        let shown = if hides { without_secret(&raw) } else { without_user_info(&raw) };
        Some(format!("{name} = {shown:?}  # {source}\n"))
    }
}

/// The address of a server or a file without what may be a secret in it; nothing of any other secret.
fn without_secret(value: &str) -> String {
    if let Some((scheme, _)) = value.split_once("://").filter(|(scheme, _)| scheme.contains('+')) {
        // Several hosts, which are no URL.
        let address = value.parse::<RedisAddress>();
        return address.map_or_else(|_| "[redacted]".to_owned(), |it| format!("{scheme}://{}", it.hosts()));
    }
    let Ok(url) = Url::parse(value) else { return "[redacted]".to_owned() };
    match (url.scheme(), url.host_str(), url.port()) {
        ("sqlite" | "memory", None, _) => format!("{}:{}", url.scheme(), url.path()),
        ("redis" | "rediss" | "http" | "https" | "smtp" | "smtps", Some(host), port) => {
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            format!("{}://{host}{port}", url.scheme())
        }
        _ => "[redacted]".to_owned(),
    }
}

fn settings() -> Vec<Arg> {
    Settings::augment_args(Command::new("mfa-portal")).get_arguments().cloned().collect()
}

fn name_of(argument: &Arg) -> Option<String> {
    argument.get_env()?.to_str().map(ToOwned::to_owned)
}

fn names() -> Vec<String> {
    settings().iter().filter_map(name_of).collect()
}

/// The value of `--config-file`, which is needed before the other flags are read.
fn flag(given: impl Iterator<Item = OsString>) -> Option<OsString> {
    let given: Vec<_> = given.collect();
    let after = |at: usize| given.get(at + 1).cloned();
    given.iter().enumerate().find_map(|(at, flag)| match flag.to_str()? {
        "--config-file" => after(at),
        flag => flag.strip_prefix("--config-file=").map(OsString::from),
    })
}

/// The values of a TOML file: texts, numbers, and lists of texts for settings with commas.
fn read_file(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let problem = |why: String| ConfigError::new(CONFIG_FILE, format!("{}: {why}.", path.display()));
    let text = fs::read_to_string(path).map_err(|error| problem(error.to_string()))?;
    // The library's own words quote the line, which may hold a secret.
    let table: BTreeMap<String, Value> = basic_toml::from_str(&text)
        .map_err(|_| problem("is no TOML file with one value for each name".to_owned()))?;
    refuse_misspelt(table.keys())?;
    let known = names();
    let mut values = BTreeMap::new();
    for (name, value) in table {
        if !known.contains(&name) {
            return Err(problem(format!("{name} is not a setting")));
        }
        let value = written(&value).ok_or_else(|| problem(format!("{name} is neither text nor number")))?;
        if !value.is_empty() {
            values.insert(name, value);
        }
    }
    Ok(values)
}

/// The value as an environment variable holds it.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => {
            items.iter().map(Value::as_str).collect::<Option<Vec<_>>>().map(|it| it.join(","))
        }
        _ => None,
    }
}

/// Refuses a name that is close to one of ours and none of them.
pub fn refuse_misspelt<'a>(given: impl Iterator<Item = &'a String>) -> Result<(), ConfigError> {
    let known = names();
    for name in given.filter(|name| !known.contains(*name)) {
        if let Some(meant) = known.iter().find(|known| is_close(name, known)) {
            return Err(ConfigError::new(
                "settings",
                format!("{name} is not a setting. Did you mean {meant}?"),
            ));
        }
    }
    Ok(())
}

/// Whether one was most likely meant to be the other: the longer the name, the more mistakes it may have.
fn is_close(name: &str, known: &str) -> bool {
    let most = match known.len() {
        0..6 => 0,
        6..9 => 1,
        9..13 => 2,
        _ => 3,
    };
    strsim::damerau_levenshtein(name, known) <= most
}
