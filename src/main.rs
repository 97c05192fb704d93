//! The command line: arguments to `serve`; nothing else.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mfa_portal::config::{ConfigError, LogFormat};
use mfa_portal::{Config, Settings, server};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// A web page on which people manage their own second factors, for companies whose login is Auth0.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages
    Serve(Box<Settings>),
}

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Serve(settings) = Arguments::parse().command;
    match run(*settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mfa-portal: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(settings: Settings) -> anyhow::Result<()> {
    let config = configured(settings)?;
    log_to_stderr(config.log_format);
    server::serve(config).await
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
