//! The portal, the emulated tenant and people to sign in as, on one machine and in memory.
//!
//! `cargo run --example demo`, then open <http://127.0.0.1:3000>.

use emulated_tenant::{DEMO_PASSWORD, MailServer, Options, Tenant};
use mfa_portal::random::Random;
use mfa_portal::{Config, Settings, gallery, server};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(std::io::stderr).init();
    let tenant = Tenant::start(Options { port: 3100, ..Options::default() }).await.map_err(|error| {
        anyhow::anyhow!(
            "The emulated tenant cannot listen on 127.0.0.1:3100: {error}. Is another demo running?"
        )
    })?;
    let config = config(&tenant, &MailServer::start(&tenant).await?.url())?;
    welcome(&tenant, &config);
    server::serve_with(config, gallery::router()).await
}

fn config(tenant: &Tenant, mail_server: &str) -> anyhow::Result<Config> {
    let application = tenant.settings();
    let settings = Settings::from_flags([
        ("auth0-domain", tenant.url().as_str().trim_end_matches('/')),
        ("auth0-client-id", &application.client_id),
        ("auth0-client-secret", &application.client_secret),
        ("auth0-management-client-id", &application.management_client_id),
        ("auth0-management-client-secret", &application.management_client_secret),
        // A new key for each run is enough, because the sessions are in memory.
        ("auth0-secret", &Random::system().verifier()),
        ("app-base-url", "http://127.0.0.1:3000"),
        ("session-store", "memory:"),
        // The terminal is for the welcome below.
        ("audit-log", "/dev/null"),
        ("brand-name", "Northwind"),
        ("portal-url", "http://127.0.0.1:3100/devices"),
        ("smtp-url", mail_server),
        ("mail-from", "Northwind <security@northwind.example>"),
    ])?;
    Ok(settings.try_into()?)
}

fn welcome(tenant: &Tenant, config: &Config) {
    println!("\n  The portal:              {}", config.base_url);
    println!("  Phones and mailboxes:    {}devices", tenant.url());
    println!("  Every part of the pages: {}", config.absolute("/gallery"));
    println!("\n  Sign in as one of these, with the password “{DEMO_PASSWORD}”:");
    for person in tenant.people() {
        println!("    {:<24} {}", person.email, person.name);
    }
    println!(
        "\n  Codes, calls, mails and the authenticator app are on the phones page; a real phone’s app works too."
    );
    println!("  Stop with Ctrl-C. Nothing is kept.\n");
}
