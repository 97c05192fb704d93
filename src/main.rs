//! The command line: arguments to `serve`, `check` or `health`; nothing else.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mfa_portal::clock::Clock;
use mfa_portal::config::{ConfigError, LogFormat};
use mfa_portal::random::Random;
use mfa_portal::{Config, Settings, check, health, server};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// A web page on which people manage their own second factors, for companies whose login is Auth0.
#[derive(Parser)]
#[command(version = VERSION)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages
    Serve(Box<Settings>),
    /// Try the tenant and everything around the portal, and say what to mend; changes nothing
    Check {
        #[command(flatten)]
        settings: Box<Settings>,
        /// Print what was found as JSON
        #[arg(long)]
        json: bool,
    },
    /// Ask the portal on this machine whether it lives (for container health checks)
    Health {
        /// Where /healthz is served
        #[arg(long, env = "ADMIN_LISTEN", default_value = "127.0.0.1:3001")]
        admin_listen: SocketAddr,
    },
}

/// The version, and the commit it was built from.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("MFA_PORTAL_COMMIT"), ")");

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve(settings) => serve(*settings).await,
        Command::Check { settings, json } => check(*settings, json).await,
        Command::Health { admin_listen } => health::health(admin_listen).await.map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        eprintln!("mfa-portal: {error:#}");
        ExitCode::FAILURE
    })
}

async fn serve(settings: Settings) -> anyhow::Result<ExitCode> {
    let config = configured(settings)?;
    log_to_stderr(config.log_format);
    server::serve(config).await?;
    Ok(ExitCode::SUCCESS)
}

/// What was found, on standard output; it is not logged as well.
async fn check(settings: Settings, json: bool) -> anyhow::Result<ExitCode> {
    let report = check::check(configured(settings)?, Clock::system(), Random::system()).await?;
    if json {
        println!("{:#}", report.json());
    } else {
        anstream::println!("{report}");
    }
    Ok(if report.has_failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn configured(settings: Settings) -> Result<Config, ConfigError> {
    Settings::refuse_unknown(std::env::vars_os().map(|(name, _)| name))?;
    settings.try_into()
}

/// RUST_LOG chooses what is shown of the portal itself. Of the libraries below it nothing under INFO is shown at any
/// setting, because their finer levels print requests, and those hold tokens.
fn log_to_stderr(format: LogFormat) {
    let chosen = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let safe = Targets::new()
        .with_default(LevelFilter::INFO)
        .with_target("mfa_portal", LevelFilter::TRACE)
        .with_target("memory_serve", LevelFilter::WARN); // two lines for each file at the start
    // Colours are for terminals; in a file they are noise, and a way to hide what follows.
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    tracing_subscriber::registry().with(lines.with_filter(safe)).with(chosen).init();
}
