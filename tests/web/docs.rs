//! The documentation: its commands run, its internal links resolve, its examples are the tested ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use emulated_tenant::Tenant;
use url::Url;

use crate::support::World;
use crate::support::process::{SEALING_KEY, binary, free_address, tenant};

/// The documents that people read.
const FILES: [&str; 20] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/architecture.md",
    "docs/audit.md",
    "docs/brand.md",
    "docs/embed.md",
    "docs/logging.md",
    "docs/metrics.md",
    "docs/notices.md",
    "docs/operate.md",
    "docs/release.md",
    "docs/requirements.md",
    "docs/security.md",
    "docs/sizing.md",
    "docs/support.md",
    "docs/tenant.md",
    "docs/upgrade.md",
    "docs/words.md",
];
/// Precedes the documented commands: `serve` runs in the background while the next ones run.
const PRELUDE: &str = r#"set -euo pipefail
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
mfa-portal() {
    if [ "${1-}" != serve ]; then command mfa-portal "$@"; return; fi
    command mfa-portal serve &
    for _ in $(seq 400); do curl --fail --silent "http://$ADMIN_LISTEN/readyz" >/dev/null && return; sleep 0.05; done
    return 1
}
"#;

/// The path of a file of the repository.
pub(crate) fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// The first code block of this language in a document.
pub(crate) fn block(name: &str, language: &str) -> String {
    blocks(name, language).into_iter().next().unwrap_or_else(|| panic!("no {language} in {name}"))
}

/// Every code block of this language, without the indentation of a surrounding list.
pub(crate) fn blocks(name: &str, language: &str) -> Vec<String> {
    let text = fs::read_to_string(file(name)).unwrap();
    let (mut blocks, mut open): (Vec<String>, _) = (Vec::new(), None);
    for line in text.lines() {
        match (open, line.trim_start().strip_prefix("```")) {
            (None, Some(begun)) => {
                open = Some((line.len() - line.trim_start().len(), begun == language));
                blocks.extend((begun == language).then(String::new));
            }
            (Some(_), Some(_)) => open = None,
            (Some((indent, true)), None) => {
                let block = blocks.last_mut().unwrap();
                *block += line.get(indent..).unwrap_or_default();
                *block += "\n";
            }
            _ => {}
        }
    }
    blocks
}

/// The commands of a document in order, with local URLs in place of the example ones.
fn shell_script(name: &str, tenant: &Tenant, portal: &Url, admin: &Url) -> String {
    let application = tenant.settings();
    let plain = |url: &Url| url.as_str().trim_end_matches('/').to_owned();
    let examples = [
        ("login.example.com", plain(&tenant.custom_url())),
        ("example.eu.auth0.com", plain(&tenant.url())),
        ("https://mfa.example.com", plain(portal)),
        ("YOUR_CLIENT_ID", application.client_id),
        ("YOUR_CLIENT_SECRET", application.client_secret),
        ("http://127.0.0.1:3001", plain(admin)),
    ];
    // It exits with 2, because the portal does not run yet.
    let commands =
        blocks(name, "sh").concat().replace("mfa-portal check", "{ mfa-portal check || [ $? = 2 ]; }");
    assert!(!commands.contains('…'), "{name} leaves something out");
    examples.iter().fold(PRELUDE.to_owned() + &commands, |text, (example, real)| text.replace(example, real))
}

/// Runs a document's commands in an empty directory and returns their output.
async fn run_commands_of(name: &str) -> String {
    let (tenant, portal, admin) = (tenant().await, free_address(), free_address());
    tenant.configure(|settings| {
        settings.callback_urls.push(portal.join("callback").unwrap().into());
        settings.logout_urls.push(portal.join("signed-out").unwrap().into());
    });
    let script = shell_script(name, &tenant, &portal, &admin);
    let directory = tempfile::tempdir().unwrap();
    let path = format!("{}:{}", binary().parent().unwrap().display(), std::env::var("PATH").unwrap());
    let listen = |url: &Url| format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let mut shell = Command::new("bash");
    shell.args(["-c", &script]).current_dir(directory.path()).env_clear().env("PATH", path);
    shell.env("LISTEN", listen(&portal)).env("ADMIN_LISTEN", listen(&admin));
    if !script.contains("AUTH0_DOMAIN=") {
        let application = tenant.settings();
        shell
            .env("AUTH0_DOMAIN", tenant.url().as_str().trim_end_matches('/'))
            .env("AUTH0_SECRET", SEALING_KEY);
        shell.env("AUTH0_CLIENT_ID", application.client_id);
        shell.env("AUTH0_CLIENT_SECRET", application.client_secret).env("APP_BASE_URL", portal.as_str());
    }
    let output = tokio::task::spawn_blocking(move || shell.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{name}:\n{script}\n{said}");
    said
}

#[tokio::test]
async fn readme_commands_work() {
    assert!(run_commands_of("README.md").await.contains("serving "));
}

#[tokio::test]
async fn operating_guide_commands_work() {
    let said = run_commands_of("docs/operate.md").await;
    assert!(said.contains("serving ") && said.contains("ready"), "{said}");
}

#[tokio::test]
async fn commands_in_the_other_documents_work() {
    assert!(run_commands_of("docs/tenant.md").await.contains("MFA grant"));
    assert!(run_commands_of("docs/upgrade.md").await.contains("mfa-portal "));
    run_commands_of("docs/embed.md").await;
    run_commands_of("docs/notices.md").await;
    assert!(run_commands_of("docs/support.md").await.contains("Nothing is remembered"));
    run_commands_of("docs/sizing.md").await;
    assert_eq!(blocks("docs/security.md", "sh").len(), 0);
}

#[test]
fn every_untested_command_is_listed() {
    let shown: Vec<String> = FILES.iter().flat_map(|name| blocks(name, "console")).collect();
    let soak = "cargo run -p load -- --store redis: --minutes 20"; // tests/run runs it
    let fuzzing = "CASES=1000000 tests/fuzz/run cookies phones"; // tests/run runs it with fewer cases
    let known = [
        "cargo run --example demo",
        "tests/run",
        "tests/run quick",
        "tests/deploy/run",
        "tests/container/run",
        "cargo test",
        "CASES=1000000 tests/fuzz/run cookies phones", // tests/run runs all of them with fewer
        soak,
        "tests/load/bench", // tests/load/tests/bench.rs makes a short run of it
        // They measure; tests/deploy/recorded.py reads what the first one recorded
        "cargo run -p load -- --record tests/deploy/recorded",
        "cargo run -p load -- --store redis: --sessions 500",
        // examples.test.js installs the package and element.test.js opens a page on two ports
        "npm pack ./mfa-portal/deploy/npm",
        "npm install ./mfa-portal-element-0.1.0.tgz",
        "EMBED_ORIGINS=http://127.0.0.1:8000 cargo run --example demo",
        "python3 -m http.server 8000 --bind 127.0.0.1 --directory examples/html",
        fuzzing,
        "deploy/release/contents.py licences >THIRD-PARTY.txt", // tests/deploy/run runs both
        "deploy/release/contents.py bill >mfa-portal.cdx.json",
    ];
    // They need a cluster, a tenant, a release or root; tests/deploy/run checks the files that they read.
    let elsewhere = ["kubectl ", "sudo ", "terraform ", "npx auth0-deploy-cli", "gh ", "cosign ", "docker "];
    for line in shown.iter().flat_map(|block| block.lines()) {
        let command = line.trim_start_matches("$ ").split('#').next().unwrap().trim();
        let is_elsewhere = elsewhere.iter().any(|program| command.starts_with(program));
        assert!(is_elsewhere || known.contains(&command), "nobody tries: {line}");
    }
    for name in FILES {
        assert_eq!(
            blocks(name, "").len(),
            usize::from(name == "CONTRIBUTING.md"),
            "{name}: a block of no language"
        );
        assert_eq!(
            blocks(name, "bash").len() + blocks(name, "shell").len(),
            0,
            "{name}: sh is typed, console is not"
        );
    }
}

#[test]
fn the_readmes_nginx_lines_come_from_the_tested_example() {
    let tried = block("docs/embed.md", "nginx");
    assert!(block("README.md", "nginx").lines().all(|line| tried.contains(line)), "{tried}");
}

#[tokio::test]
async fn the_documented_link_leads_to_its_page_and_back() {
    let world = World::with(&[("return-origins", "https://portal.example.com")]).await;
    for name in ["README.md", "docs/embed.md"] {
        let html = block(name, "html");
        let href = html.split('"').nth(1).unwrap().replace("&amp;", "&");
        let page = href.strip_prefix("https://mfa.example.com").unwrap();
        let mut browser = world.browser();
        browser.open(page).await;
        browser.pass_sign_in("nothing@example.com").await;
        assert_eq!(browser.page.path(), "/factors/totp", "{name}");
        browser.follow("Go back").await;
        let back = "https://portal.example.com/account?status=cancelled&factor=totp";
        assert_eq!(browser.page.url.as_str(), back, "{name}");
    }
}

#[test]
fn every_internal_link_of_the_documentation_resolves() {
    let mut links = 0;
    for name in FILES {
        let text = fs::read_to_string(file(name)).unwrap();
        let targets = text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
        for target in targets.filter(|target| !target.contains("://")) {
            links += 1;
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let there = if path.is_empty() { file(name) } else { file(name).parent().unwrap().join(path) };
            assert!(there.exists(), "{name} links to {target}");
            if !anchor.is_empty() {
                let text = fs::read_to_string(&there).unwrap();
                let headings = text.lines().filter(|line| line.starts_with('#'));
                assert!(headings.map(anchor_of).any(|it| it == anchor), "{name} links to {target}");
            }
        }
    }
    assert!(links > 10, "{links}");
}

/// The anchor that GitHub gives a heading.
fn anchor_of(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
    text.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
}
