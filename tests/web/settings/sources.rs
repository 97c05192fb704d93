//! Flags, environment, CONFIG_FILE and defaults: which one counts, what is missing, and what is a typing mistake.

use std::fs;
use std::process::Command;

use mfa_portal::internals::refuse_misspelt;

use crate::support::process::{bare, finished, in_memory};

use super::KEY;

/// The command with the required settings in its environment, and these changed; an empty value removes one.
fn command(name: &str, changed: &[(&str, &str)]) -> (Command, tempfile::TempDir) {
    let directory = in_memory();
    let mut command = bare(name, directory.path());
    for (name, value) in [
        ("AUTH0_DOMAIN", "example.eu.auth0.com"),
        ("AUTH0_CLIENT_ID", "mfa-portal"),
        ("AUTH0_CLIENT_SECRET", "a client secret"),
        ("AUTH0_SECRET", KEY),
        ("APP_BASE_URL", "https://mfa.example.com"),
    ] {
        command.env(name, value);
    }
    command.envs(changed.iter().copied());
    (command, directory)
}

async fn said(name: &str, changed: &[(&str, &str)]) -> (i32, String) {
    let (command, _directory) = command(name, changed);
    finished(command).await
}

// D-06
#[test]
fn a_name_close_to_a_setting_is_refused_and_names_the_setting() {
    for (name, meant) in [
        ("AUTH0_DOMIAN", "AUTH0_DOMAIN"),
        ("AUTH0_CLIENTID", "AUTH0_CLIENT_ID"),
        ("AUTH0_SECRETS", "AUTH0_SECRET"),
        ("SESION_STORE", "SESSION_STORE"),
        ("SESSION_STORES", "SESSION_STORE"),
        ("EMBED_ORIGIN", "EMBED_ORIGINS"),
        ("RETURN_ORIGIN", "RETURN_ORIGINS"),
        ("FACTOR", "FACTORS"),
        ("TRUSTED_PROXY", "TRUSTED_PROXIES"),
        ("BRAND_NAM", "BRAND_NAME"),
        ("LOGFORMAT", "LOG_FORMAT"),
        ("APP_BASEURL", "APP_BASE_URL"),
    ] {
        let said = refuse_misspelt([name.to_owned()].iter()).unwrap_err().to_string();
        assert!(said.contains(&format!("{name} is not a setting. Did you mean {meant}?")), "{said}");
    }
}

// D-06
#[test]
fn names_of_others_are_let_be() {
    let others = [
        "PATH",
        "HOME",
        "LANG",
        "TERM",
        "ROOT",
        "LISTEN_FDS",
        "LISTEN_PID",
        "AUTH0_AUDIENCE",
        "AUTH0_SCOPE",
        "AUTH0_BASE_URL",
        "AUTH0_SERVICE_HOST",
        "AUTH0_SERVICE_PORT",
        "AUTH0_PORT",
        "RUST_LOG",
        "SSL_CERT_FILE",
        "HOSTNAME",
        "APP_NAME",
        "STORE",
        "WORDPRESS",
        "PROOFS_DIR",
        "KUBERNETES_SERVICE_HOST",
        "DATABASE_URL",
        "PORTAL",
        "REDIS_URL",
        "XAUTH0_Y",
        "auth0_x",
    ];
    refuse_misspelt(others.map(ToOwned::to_owned).iter()).unwrap();
}

// D-06
#[tokio::test]
async fn a_misspelt_name_is_named_before_the_missing_one() {
    let (code, said) = said("serve", &[("AUTH0_DOMAIN", ""), ("AUTH0_DOMIAN", "example.eu.auth0.com")]).await;
    assert_eq!(code, 1);
    assert!(said.contains("AUTH0_DOMIAN is not a setting. Did you mean AUTH0_DOMAIN?"), "{said}");
}

// D-06
#[tokio::test]
async fn all_missing_settings_are_named_at_once_as_variables() {
    let directory = in_memory();
    let (code, said) = finished(bare("serve", directory.path())).await;
    assert_eq!(code, 1);
    let missing =
        "missing settings: AUTH0_DOMAIN, AUTH0_CLIENT_ID, APP_BASE_URL, AUTH0_CLIENT_SECRET, AUTH0_SECRET";
    assert!(said.contains(missing), "{said}");
    let mut some = bare("serve", directory.path());
    some.args(["--auth0-domain=x.example", "--app-base-url", "https://mfa.example.com"]);
    some.env("AUTH0_SECRET_FILE", "/dev/null").env("AUTH0_CLIENT_SECRET", "");
    let (_, said) = finished(some).await;
    assert!(said.contains("missing settings: AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET\n"), "{said}");
}

// D-06
#[tokio::test]
async fn an_empty_variable_is_unset_whichever_it_is() {
    let directory = in_memory();
    let (_, said) = finished(bare("settings", directory.path())).await;
    assert!(said.contains("missing settings"), "{said}");
    let (_, all) = self::said("settings", &[]).await;
    let required = ["AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET", "AUTH0_SECRET", "APP_BASE_URL"];
    let names: Vec<_> = all.lines().filter_map(|line| line.split([' ', '#']).next()).collect();
    assert!(names.len() > 40, "{all}");
    let empty: Vec<_> =
        names.iter().filter(|name| !required.contains(*name)).map(|name| (*name, "")).collect();
    let (code, with_empty) = self::said("settings", &empty).await;
    assert_eq!((code, with_empty), (0, all));
}

// K-05
#[tokio::test]
async fn the_settings_in_effect_have_a_source_and_hold_no_secret() {
    let directory = in_memory();
    let file = directory.path().join("portal.toml");
    let text = "BRAND_NAME = \"Northwind\"\nREMEMBER_DAYS = 30\nFACTORS = [\"totp\", \"email\"]\nLOG_FORMAT = \"json\"\n\
                AUTH0_MANAGEMENT_CLIENT_ID = \"machine\"\nAUTH0_MANAGEMENT_CLIENT_SECRET = \"a machine's secret\"\n";
    fs::write(&file, text).unwrap();
    let (mut command, _directory) = command("settings", &[("LOG_FORMAT", "text"), ("REMEMBER_DAYS", "60")]);
    command.env("CONFIG_FILE", &file).env("SESSION_STORE", "redis://portal:hidden@localhost:6379/3");
    command
        .env("WEBHOOK_URL", "https://user:hidden@hooks.example.com/hidden?key=hidden")
        .env("WEBHOOK_SECRET", "whsec_aGlkZGVuaGlkZGVuaGlkZGVuaGlkZGVuaGlkZGVu");
    command.arg("--remember-days=90");
    let (code, said) = finished(command).await;
    assert_eq!(code, 0, "{said}");
    for line in [
        "BRAND_NAME = \"Northwind\"  # file",
        "FACTORS = \"totp,email\"  # file",
        "LOG_FORMAT = \"text\"  # environment",
        "REMEMBER_DAYS = \"90\"  # flag",
        "PROOF = \"factor\"  # default",
        "PORTAL_URL  # not set",
        "AUTH0_SECRET = \"[redacted]\"  # environment",
        "AUTH0_MANAGEMENT_CLIENT_SECRET = \"[redacted]\"  # file",
        "SESSION_STORE = \"redis://localhost:6379\"  # environment",
        "WEBHOOK_URL = \"https://hooks.example.com\"  # environment",
    ] {
        assert!(said.lines().any(|it| it == line), "{line} is not in {said}");
    }
    for secret in ["hidden", "a client secret", KEY, "a machine's secret"] {
        assert!(!said.contains(secret), "{said}");
    }
}

// K-05
#[tokio::test]
async fn a_password_in_an_address_is_printed_by_no_command() {
    let values = [
        "https://portal:hidden@x.example/",
        "portal:hidden@x.example",
        "https://a.example,https://:hidden@b.example",
    ];
    for value in values {
        for name in
            ["AUTH0_DOMAIN", "APP_BASE_URL", "PORTAL_URL", "SUPPORT_URL", "EMBED_ORIGINS", "RETURN_ORIGINS"]
        {
            let (_, shown) = said("settings", &[(name, value)]).await;
            assert!(!shown.contains("hidden"), "{name}={value}: {shown}");
            let (code, refused) = said("serve", &[(name, value)]).await;
            assert_eq!(code, 1, "{name}={value}: {refused}");
            assert!(!refused.contains("hidden"), "{name}={value}: {refused}");
        }
    }
}

// K-05
#[tokio::test]
async fn help_shows_no_secret_of_the_environment() {
    let secrets = [
        ("SESSION_STORE", "redis://portal:hidden@localhost:6379/3"),
        ("SMTP_URL", "smtp://portal:hidden@localhost"),
        ("WEBHOOK_URL", "https://hooks.example.com/hidden"),
        ("WEBHOOK_SECRET", "hidden"),
        ("AUTH0_SECRET", "hidden"),
        ("AUTH0_CLIENT_SECRET", "hidden"),
        ("AUTH0_MANAGEMENT_CLIENT_SECRET", "hidden"),
    ];
    let (mut command, _directory) = command("serve", &secrets);
    command.arg("--help");
    let (code, said) = finished(command).await;
    assert!(code == 0 && said.contains("[env: APP_BASE_URL=https://mfa.example.com]"), "{said}");
    assert!(!said.contains("hidden"), "{said}");
}

#[tokio::test]
async fn several_hosts_of_a_store_are_shown_without_their_password() {
    for (given, shown) in [
        (
            "redis+cluster://portal:hidden@10.0.0.1:6379,10.0.0.2:6380",
            "redis+cluster://10.0.0.1:6379,10.0.0.2:6380",
        ),
        ("rediss+sentinel://:hidden@10.0.0.1/main", "rediss+sentinel://10.0.0.1:26379"),
        ("redis+cluster://portal:hid?den@10.0.0.1:6379", "[redacted]"),
        ("redis+other://hidden@10.0.0.1:6379", "[redacted]"),
    ] {
        let (_, said) = said("settings", &[("SESSION_STORE", given)]).await;
        let line = format!("SESSION_STORE = {shown:?}  # environment");
        assert!(said.lines().any(|it| it == line) && !said.contains("hid"), "{given}: {said}");
    }
}

// D-06, K-05
#[tokio::test]
async fn a_wrong_config_file_is_refused_without_its_content() {
    for (text, words) in [
        ("AUTH0_SECRET = hidden", "is no TOML file"),
        ("[auth0]\nSECRET = \"hidden\"", "auth0 is not a setting"),
        ("AUTH0_SECRT = \"hidden\"", "AUTH0_SECRT is not a setting. Did you mean AUTH0_SECRET?"),
        ("UNKNOWN = \"hidden\"", "UNKNOWN is not a setting"),
        ("BRAND_NAME = [1, 2]", "BRAND_NAME is neither text nor number"),
        ("BRAND_NAME = true", "BRAND_NAME is neither text nor number"),
    ] {
        let directory = in_memory();
        let file = directory.path().join("portal.toml");
        fs::write(&file, text).unwrap();
        let (code, said) = said("settings", &[("CONFIG_FILE", file.to_str().unwrap())]).await;
        assert_eq!(code, 1, "{text}");
        assert!(said.contains(words) && !said.contains("hidden"), "{text}: {said}");
    }
    let (code, said) = said("settings", &[("CONFIG_FILE", "/nowhere.toml")]).await;
    assert!(code == 1 && said.contains("CONFIG_FILE: /nowhere.toml"), "{said}");
}
