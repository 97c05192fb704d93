//! The command line: `serve`, `check`, `forget`, `audit-id` and `health`.

use std::alloc::System;
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use mfa_portal::ConfigError;
use mfa_portal::clock::Clock;
use mfa_portal::log::Log;
use mfa_portal::random::Random;
use mfa_portal::{Config, Portal, Settings, audit_ids, check, forget_person, health, server};
use zeroizing_alloc::ZeroAlloc;

/// Overwrites memory when it is freed, so that no secret outlives its use, whichever library made the copy.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

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
    /// Check the tenant and everything around the portal, and say what to fix; changes nothing
    Check {
        #[command(flatten)]
        settings: Box<Settings>,
        /// Print what was found as JSON
        #[arg(long)]
        json: bool,
    },
    /// Forget the names, dates and changes that are remembered of a person; their authenticators stay
    Forget {
        #[command(flatten)]
        settings: Box<Settings>,
        /// The person's user id, such as auth0|5f7c8ec7c33c6c004bbafe82
        sub: String,
    },
    /// Print the reference of a person in the audit stream, one for each key of AUTH0_SECRET, newest first
    AuditId {
        #[command(flatten)]
        settings: Box<Settings>,
        /// The person's user id, such as auth0|5f7c8ec7c33c6c004bbafe82
        sub: String,
    },
    /// Ask the portal on this machine whether it is alive (for container health checks)
    Health {
        /// Where /healthz is served
        #[arg(long, env = "ADMIN_LISTEN", default_value = "127.0.0.1:3001")]
        admin_listen: SocketAddr,
    },
}

/// The exit code of a check that found no mistake but could not know everything.
const INCOMPLETE: u8 = 2;

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("MFA_PORTAL_COMMIT"), ")");

#[tokio::main]
async fn main() -> ExitCode {
    let given = Arguments::command().get_matches();
    let arguments = Arguments::from_arg_matches(&given).unwrap_or_else(|error| error.exit());
    let done = match arguments.command {
        Command::Serve(settings) => serve(*settings, given.subcommand_matches("serve")).await,
        Command::Check { settings, json } => check(*settings, json).await,
        Command::Forget { settings, sub } => forget(*settings, &sub).await,
        Command::AuditId { settings, sub } => audit_id(*settings, &sub),
        Command::Health { admin_listen } => health::health(admin_listen).await.map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        eprintln!("mfa-portal: {error:#}");
        ExitCode::FAILURE
    })
}

async fn serve(settings: Settings, given: Option<&ArgMatches>) -> anyhow::Result<ExitCode> {
    let config = configured(settings)?;
    let log = Log::to_stderr(config.log_format);
    tokio::spawn(log.report_lost_lines());
    for setting in given.map(Settings::secret_flags).unwrap_or_default() {
        tracing::warn!(
            setting,
            file = format!("{setting}_FILE"),
            "secret flag visible to all users of the machine, use the environment or a file"
        );
    }
    server::serve(config).await?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the report on standard output and logs nothing.
async fn check(settings: Settings, json: bool) -> anyhow::Result<ExitCode> {
    let report = check::check(configured(settings)?, Clock::system(), Random::system()).await?;
    if json {
        println!("{:#}", report.json());
    } else {
        anstream::println!("{report}");
    }
    Ok(if report.has_failed() {
        ExitCode::FAILURE
    } else if report.is_incomplete() {
        ExitCode::from(INCOMPLETE)
    } else {
        ExitCode::SUCCESS
    })
}

async fn forget(settings: Settings, sub: &str) -> anyhow::Result<ExitCode> {
    let portal = Portal::new(configured(settings)?, Clock::system(), Random::system())?;
    forget_person(&portal, sub).await?;
    println!("Nothing is remembered of {sub} any more.");
    Ok(ExitCode::SUCCESS)
}

/// Prints the key's id and the reference on each line.
fn audit_id(settings: Settings, sub: &str) -> anyhow::Result<ExitCode> {
    for (key, person) in audit_ids(&configured(settings)?, sub) {
        println!("{key} {person}");
    }
    Ok(ExitCode::SUCCESS)
}

fn configured(settings: Settings) -> Result<Config, ConfigError> {
    Settings::refuse_unknown(std::env::vars_os().map(|(name, _)| name))?;
    settings.try_into()
}
