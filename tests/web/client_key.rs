//! A private key in place of the client secret (`private_key_jwt`): the tenant gets signatures and never a secret, a key is
//! rotated without a restart, and wrong keys are named.

use std::fs;
use std::path::PathBuf;

use emulated_tenant::Tenant;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, SignatureAlgorithm};
use tempfile::TempDir;

use crate::support::process::{Process, command, finished, refused, tenant};
use crate::support::{Browser, TOKEN};

const ALEX: &str = "app.phone@example.com";
const NORA: &str = "nothing@example.com";
const LIST: &str = "Two-step verification";

/// A key in a file, as an operator has it.
struct Key {
    pair: KeyPair,
    directory: TempDir,
}

impl Key {
    fn new(kind: &'static SignatureAlgorithm) -> Self {
        let key =
            Self { pair: KeyPair::generate_for(kind).unwrap(), directory: tempfile::tempdir().unwrap() };
        fs::write(key.path(), key.pair.serialize_pem()).unwrap();
        key
    }

    fn rsa() -> Self {
        Self::new(&PKCS_RSA_SHA256)
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("key.pem")
    }

    fn public(&self) -> String {
        self.pair.public_key_pem()
    }
}

/// A tenant whose two applications have these keys, and no secret.
async fn tenant_with(keys: &[&Key]) -> Tenant {
    let tenant = tenant().await;
    let keys: Vec<String> = keys.iter().map(|key| key.public()).collect();
    tenant.configure(|settings| {
        settings.client_keys.clone_from(&keys);
        settings.management_client_keys = keys;
    });
    tenant
}

/// The settings with this key and without secrets.
fn settings(path: &str) -> [(&str, &str); 3] {
    [
        ("AUTH0_CLIENT_SECRET", ""),
        ("AUTH0_CLIENT_KEY_FILE", path),
        ("AUTH0_MANAGEMENT_CLIENT_ID", "mfa-portal-management"),
    ]
}

fn portal(tenant: &Tenant, key: &Key) -> Process {
    Process::start(tenant, &settings(key.path().to_str().unwrap()))
}

async fn signed_in(process: &Process, tenant: &Tenant, email: &str) -> Browser {
    let mut browser = process.browser(tenant);
    browser.open("/").await;
    browser.pass_sign_in(email).await;
    browser
}

/// Sign-in, set-up, trial and new recovery code.
async fn works_with(key: Key) {
    let tenant = tenant_with(&[&key]).await;
    let process = portal(&tenant, &key);
    let mut browser = signed_in(&process, &tenant, NORA).await;
    assert_eq!(browser.page.heading(), LIST);
    browser.open("/factors/totp").await;
    browser.press("Show me the QR code", &[]).await;
    let secret = browser.page.text_of(".key").replace(' ', "");
    let code = tenant.devices(NORA).totp_code_of(&secret).unwrap();
    browser.press("Confirm", &[("Six-digit code", &code)]).await;
    assert_eq!(browser.page.path(), "/recovery-code", "{}", browser.page.text());
    let mut browser = signed_in(&process, &tenant, ALEX).await;
    browser.follow("Test your phone ending 0167").await;
    browser.press("Send me a text message", &[]).await;
    assert_eq!(browser.page.status, 200, "{}", browser.page.text());
    browser.open("/").await;
    browser.follow("Get a new recovery code").await;
    browser.press("Get a new recovery code", &[]).await;
    assert_eq!(browser.page.count(".recovery"), 1, "{}", browser.page.text());
    let asked = tenant.journal().requests();
    let proofs: Vec<_> = asked.iter().filter(|it| it.path == TOKEN || it.path == "/mfa/challenge").collect();
    assert!(proofs.len() >= 5, "two sign-ins, a confirmation, a challenge, a management token");
    for request in proofs {
        assert!(
            request.body.contains("client_assertion") && !request.body.contains("client_secret"),
            "{request:?}"
        );
    }
}

// K-06
#[tokio::test]
async fn an_rsa_key_serves_sign_in_set_up_trial_and_recovery_code() {
    works_with(Key::rsa()).await;
}

#[tokio::test]
async fn a_p256_key_serves_them_as_well() {
    works_with(Key::new(&PKCS_ECDSA_P256_SHA256)).await;
}

// K-06
#[tokio::test]
async fn a_key_is_rotated_without_a_restart_and_signs_nobody_out() {
    let (old, new) = (Key::rsa(), Key::rsa());
    let tenant = tenant_with(&[&old, &new]).await;
    let process = portal(&tenant, &old);
    let mut browser = signed_in(&process, &tenant, NORA).await;
    fs::copy(new.path(), old.path()).unwrap();
    process.signal("HUP");
    process.says("private key read anew");
    tenant.configure(|settings| settings.client_keys = vec![new.public()]);
    assert_eq!(browser.open("/").await.heading(), LIST);
    assert_eq!(browser.journey.len(), 1);
    assert_eq!(signed_in(&process, &tenant, ALEX).await.page.heading(), LIST, "the new key signs");
    fs::write(old.path(), "half of a k").unwrap();
    process.signal("HUP");
    process.says("private key not read");
    assert_eq!(
        signed_in(&process, &tenant, NORA).await.page.heading(),
        LIST,
        "the last good one still signs"
    );
    assert!(!process.output().contains("half of a k"));
}

#[tokio::test]
async fn check_accepts_a_registered_key_and_names_any_other() {
    let (key, other) = (Key::rsa(), Key::rsa());
    let tenant = tenant_with(&[&key]).await;
    for (used, code, outcome) in [(&key, 2, "ok"), (&other, 1, "failed")] {
        let directory = tempfile::tempdir().unwrap();
        let mut command = command("check", &tenant, directory.path());
        let path = used.path();
        command.arg("--json").envs(settings(path.to_str().unwrap()));
        command.env("APP_BASE_URL", "http://127.0.0.1:3000").env("SESSION_STORE", "memory:");
        let (exit, output) = finished(command).await;
        let report: serde_json::Value = serde_json::from_str(&output).unwrap();
        let of =
            |name: &str| report.as_array().unwrap().iter().find(|it| it["check"] == name).unwrap().clone();
        assert_eq!(exit, code, "no portal runs at the public address: {output}");
        for check in ["Client key", "Management"] {
            assert_eq!(of(check)["outcome"], outcome, "{output}");
        }
        if outcome == "failed" {
            assert!(of("Client key")["remedy"].as_str().unwrap().contains("Private Key JWT"), "{output}");
        }
        assert!(!output.contains("PRIVATE KEY"), "{output}");
    }
}

#[tokio::test]
async fn a_secret_where_the_tenant_wants_a_signature_is_named() {
    let tenant = tenant_with(&[&Key::rsa()]).await;
    let directory = tempfile::tempdir().unwrap();
    let mut command = command("check", &tenant, directory.path());
    command.env("APP_BASE_URL", "http://127.0.0.1:3000").env("SESSION_STORE", "memory:");
    let (exit, output) = finished(command).await;
    assert_eq!(exit, 1);
    assert!(output.contains("the tenant refuses the application's secret"), "{output}");
}

#[test]
fn a_key_that_cannot_be_used_ends_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        fs::write(directory.path().join(name), text).unwrap();
        directory.path().join(name).to_str().unwrap().to_owned()
    };
    let good = Key::rsa();
    let none = directory.path().join("none").to_str().unwrap().to_owned();
    let unusable = "holds no private key in PEM that the portal can use";
    for (path, words) in [
        (none, "cannot be read"),
        (file("empty", ""), unusable),
        (file("public", &good.public()), unusable),
        (file("p384", &Key::new(&PKCS_ECDSA_P384_SHA384).pair.serialize_pem()), unusable),
        (file("words", "a private key"), unusable),
    ] {
        let (code, said) = refused(&[("AUTH0_CLIENT_SECRET", ""), ("AUTH0_CLIENT_KEY_FILE", &path)]);
        assert_eq!(code, 1);
        assert!(said.contains("AUTH0_CLIENT_KEY_FILE: ") && said.contains(words), "{path}: {said}");
    }
    let path = good.path();
    let (_, said) = refused(&[("AUTH0_CLIENT_KEY_FILE", path.to_str().unwrap())]);
    assert!(said.contains("AUTH0_CLIENT_KEY_FILE: is set, and AUTH0_CLIENT_SECRET too"), "{said}");
    let (_, said) = refused(&[("AUTH0_CLIENT_SECRET", "")]);
    assert!(said.contains("AUTH0_CLIENT_SECRET"), "{said}");
}
