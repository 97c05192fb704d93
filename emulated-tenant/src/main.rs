//! The emulated tenant as a program, for trying out and testing MFA code other than the portal's.

use std::net::IpAddr;

use clap::Parser;
use emulated_tenant::{Factor, Options, Organization, OrganizationUsage, Settings, Tenant};

/// Plays an Auth0 tenant on loopback.
#[derive(Parser)]
#[command(version)]
#[expect(clippy::struct_excessive_bools, reason = "a command line has switches")]
struct Arguments {
    /// The address to listen on; use another one than loopback in containers only.
    #[arg(long, default_value = "127.0.0.1")]
    listen: IpAddr,
    /// The port to listen on.
    #[arg(long, env = "TENANT_PORT", default_value_t = 3100)]
    port: u16,
    /// The application's client id.
    #[arg(long, default_value = "mfa-portal")]
    client_id: String,
    /// The application's client secret.
    #[arg(long, default_value = "emulated-tenant-client-secret")]
    client_secret: String,
    /// An allowed callback URL; may be repeated.
    #[arg(long = "callback-url")]
    callback_urls: Vec<String>,
    /// An allowed logout URL; may be repeated.
    #[arg(long = "logout-url")]
    logout_urls: Vec<String>,
    /// An origin whose scripts may call the tenant (CORS); may be repeated.
    #[arg(long = "web-origin")]
    web_origins: Vec<String>,
    /// The tenant's name, shown on its pages and in authenticator apps.
    #[arg(long, default_value = "Example Company")]
    friendly_name: String,
    /// The enabled factors, separated by commas: totp, sms, voice, email, push.
    #[arg(long, value_delimiter = ',', default_value = "totp,sms,voice,email,push", value_parser = factor)]
    factors: Vec<Factor>,
    /// An organization, as NAME; its id is org_NAME, and everybody is a member; may be repeated.
    #[arg(long = "organization")]
    organizations: Vec<String>,
    /// Refuse sign-ins that name no organization.
    #[arg(long)]
    require_organization: bool,
    /// Issue no recovery codes.
    #[arg(long)]
    no_recovery_codes: bool,
    /// Add the field `type` to list entries, which some SDKs need.
    #[arg(long)]
    type_field: bool,
    /// Register an API https://CUSTOM_DOMAIN/mfa/; its tokens work until the confirmation, which fails.
    #[arg(long)]
    custom_domain_api: bool,
}

fn factor(name: &str) -> Result<Factor, String> {
    let all = [Factor::Totp, Factor::Sms, Factor::Voice, Factor::Email, Factor::Push];
    all.into_iter().find(|factor| factor.prefix() == name).ok_or_else(|| format!("unknown factor {name}"))
}

impl Arguments {
    fn options(self) -> Options {
        let defaults = Settings::default();
        let or = |given: Vec<String>, default| if given.is_empty() { default } else { given };
        let settings = Settings {
            client_id: self.client_id,
            client_secret: self.client_secret,
            callback_urls: or(self.callback_urls, defaults.callback_urls.clone()),
            logout_urls: or(self.logout_urls, defaults.logout_urls.clone()),
            web_origins: self.web_origins,
            friendly_name: self.friendly_name,
            organization_usage: match (self.require_organization, self.organizations.is_empty()) {
                (true, _) => OrganizationUsage::Require,
                (false, false) => OrganizationUsage::Allow,
                (false, true) => OrganizationUsage::Deny,
            },
            organizations: self.organizations.iter().map(|name| Organization::of_everybody(name)).collect(),
            factors: self.factors,
            recovery_codes: !self.no_recovery_codes,
            type_field: self.type_field,
            custom_domain_api: self.custom_domain_api,
            ..defaults
        };
        Options { listen: Some(self.listen), port: self.port, settings, ..Options::default() }
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let tenant = Tenant::start(Arguments::parse().options()).await?;
    let (settings, url) = (tenant.settings(), tenant.url());
    println!("The emulated tenant runs at {url} (custom domain: {})", tenant.custom_url());
    println!("  Phones and mailboxes  {url}devices");
    println!("  Audience              {url}mfa/");
    println!("  Client id             {}", settings.client_id);
    println!("  Client secret         {}", settings.client_secret);
    println!("  Callback URLs         {}", settings.callback_urls.join(", "));
    println!("  People                all with the password \"{}\"", emulated_tenant::DEMO_PASSWORD);
    for person in tenant.people() {
        println!("    {:<24}{}", person.email, person.situation);
    }
    tokio::signal::ctrl_c().await?;
    tenant.stop().await;
    Ok(())
}
