//! The command line: `serve`, `check`, `settings`, `forget`, `audit-id`, `embed-hash` and `health`.

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use mfa_portal::ConfigError;
use mfa_portal::clock::Clock;
use mfa_portal::log::Log;
use mfa_portal::random::Random;
use mfa_portal::{
    Config, Portal, Settings, Sources, audit_ids, check, embed_hashes, forget_person, health, server,
};
use mimalloc::MiMalloc;
use tokio::runtime::Builder;
use zeroizing_alloc::ZeroAlloc;

/// Overwrites memory when it is freed, so that no secret outlives its use, whichever library made the copy. It gets its
/// memory from mimalloc, because a page makes hundreds of small allocations.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<MiMalloc> = ZeroAlloc(MiMalloc);

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
        /// Exit with 1 and not with 2 when something could not be known
        #[arg(long)]
        strict: bool,
    },
    /// Print the settings in effect with their source, and no secret
    Settings(Box<Settings>),
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
    /// Print the hashes of embed.js and embed.mjs for the attribute `integrity`
    EmbedHash,
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

/// A disk that hangs may hold up two of them, as many as the readers of `sqlite:`.
const LEAST_THREADS: usize = 3;

fn main() -> ExitCode {
    let threads =
        std::thread::available_parallelism().map_or(LEAST_THREADS, |it| it.get().max(LEAST_THREADS));
    let runtime = Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    runtime.map_err(anyhow::Error::from).and_then(|runtime| runtime.block_on(run())).unwrap_or_else(|error| {
        eprintln!("mfa-portal: {error:#}");
        ExitCode::FAILURE
    })
}

async fn run() -> anyhow::Result<ExitCode> {
    let sources = Sources::read()?;
    let given = match sources.prepared(Arguments::command()).try_get_matches() {
        Err(error) if error.kind() == ErrorKind::MissingRequiredArgument => {
            let missing = sources.missing();
            anyhow::ensure!(missing.is_empty(), "missing settings: {}", missing.join(", "));
            error.exit()
        }
        given => given.unwrap_or_else(|error| error.exit()),
    };
    let arguments = Arguments::from_arg_matches(&given).unwrap_or_else(|error| error.exit());
    match arguments.command {
        Command::Serve(settings) => serve(*settings, given.subcommand_matches("serve"), &sources).await,
        Command::Check { settings, json, strict } => check(*settings, json, strict).await,
        Command::Settings(settings) => {
            show_settings(*settings, given.subcommand_matches("settings"), &sources)
        }
        Command::Forget { settings, sub } => forget(*settings, &sub).await,
        Command::AuditId { settings, sub } => audit_id(*settings, &sub),
        Command::EmbedHash => {
            for (script, hash) in embed_hashes() {
                say(&format!("{script} {hash}\n"));
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Health { admin_listen } => health::health(admin_listen).await.map(|()| ExitCode::SUCCESS),
    }
}

async fn serve(
    settings: Settings,
    given: Option<&ArgMatches>,
    sources: &Sources,
) -> anyhow::Result<ExitCode> {
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
    for variable in sources.foreign() {
        tracing::warn!(variable, "variable is no setting of the portal, ignored");
    }
    server::serve(config).await?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the report on standard output and logs nothing.
async fn check(settings: Settings, json: bool, strict: bool) -> anyhow::Result<ExitCode> {
    let report = check::check(configured(settings)?, Clock::system(), Random::system()).await?;
    let text = if json { format!("{:#}", report.json()) } else { report.to_string() };
    say(&format!("{text}\n"));
    Ok(if report.has_failed() || strict && report.is_incomplete() {
        ExitCode::FAILURE
    } else if report.is_incomplete() {
        ExitCode::from(INCOMPLETE)
    } else {
        ExitCode::SUCCESS
    })
}

/// Prints the settings also when one of them is wrong, which the error says.
fn show_settings(
    settings: Settings,
    given: Option<&ArgMatches>,
    sources: &Sources,
) -> anyhow::Result<ExitCode> {
    say(&given.map(|given| sources.lines(given)).unwrap_or_default());
    configured(settings)?;
    Ok(ExitCode::SUCCESS)
}

async fn forget(settings: Settings, sub: &str) -> anyhow::Result<ExitCode> {
    let portal = Portal::new(configured(settings)?, Clock::system(), Random::system())?;
    forget_person(&portal, sub).await?;
    say(&format!("Nothing is remembered of {sub} any more.\n"));
    Ok(ExitCode::SUCCESS)
}

/// Prints the key's id and the reference on each line.
fn audit_id(settings: Settings, sub: &str) -> anyhow::Result<ExitCode> {
    for (key, person) in audit_ids(&configured(settings)?, sub) {
        say(&format!("{key} {person}\n"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints on standard output. A reader such as `head` may have gone, which `println!` takes for a bug.
fn say(text: &str) {
    let _ = write!(anstream::stdout(), "{text}");
}

fn configured(settings: Settings) -> Result<Config, ConfigError> {
    settings.try_into()
}
