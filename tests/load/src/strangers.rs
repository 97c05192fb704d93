//! A flood by strangers: junk authorization codes at a steady rate, while people sign in and use what they have. Prints
//! what was measured, and the promises that were broken.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use emulated_tenant::Person;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};
use url::Url;

use crate::browser::Browser;
use crate::world::World;

/// People who have a session, an unsaved recovery code and an open set-up before the flood begins.
const RESIDENTS: usize = 20;
/// Each resident opens the list this often.
const LIST_INTERVAL: Duration = Duration::from_millis(500);
/// A new person signs in this often.
const SIGN_IN_INTERVAL: Duration = Duration::from_secs(2);
/// The longest sign-in, the tenant's pages included.
const LONGEST_SIGN_IN: Duration = Duration::from_secs(5);
const LONGEST_LIST: Duration = Duration::from_millis(500);
/// More of them at once would measure the flood's own machine.
const MOST_AT_ONCE: usize = 400;
/// Refused codes in all (README, What it limits): at once, and a second.
const CEILING: [usize; 2] = [40, 1];

/// The flood: its rate a second, and how many networks it comes from.
#[derive(Clone, Copy)]
pub(crate) struct Flood {
    pub(crate) rate: f64,
    pub(crate) networks: usize,
}

/// A person who uses the portal from before the flood to after it.
struct Resident {
    browser: Browser,
    set_up: Url,
}

/// Floods the portal for a time; returns whether every promise was kept.
pub(crate) async fn withstand(world: &Arc<World>, flood: Flood, lasts: Duration) -> Result<bool> {
    let mut residents = Vec::new();
    for number in 0..RESIDENTS {
        residents.push(Resident::settle(world, number).await?);
    }
    let exchanged = || world.tenant.journal().count("POST", "/oauth/token");
    let (before, began) = (exchanged(), Instant::now());
    let statuses = Arc::new(Mutex::new(BTreeMap::new()));
    let flooding = tokio::spawn(send(world.portal.clone(), flood, statuses.clone()));
    let ends = began + lasts;
    let (viewed, sign_ins) = tokio::join!(view_lists(&residents, ends), sign_people_in(world, ends));
    let (mut waits, refused) = viewed;
    flooding.abort();
    let seconds = began.elapsed().as_secs_f64();
    let (mut times, failures): (Vec<_>, Vec<_>) = sign_ins.into_iter().partition(Result::is_ok);
    let mut times: Vec<Duration> = times.drain(..).filter_map(Result::ok).collect();
    let refused_codes = exchanged() - before - times.len();
    let mut lost = Vec::new();
    for resident in &residents {
        lost.extend(resident.lost().await);
    }
    let statuses = statuses.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let (p99, slowest) = (percentile(&mut waits, 99), percentile(&mut times, 100));
    println!("callbacks by status: {statuses:?} in {seconds:.0} s");
    println!("lists: {}, p99 {p99:?}, refused {refused}", waits.len());
    println!("sign-ins: {}, slowest {slowest:?}, failed {failures:?}", times.len());
    println!("codes that the tenant refused: {refused_codes}; lost: {lost:?}");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a run lasts minutes")]
    let allowed = CEILING[0] + CEILING[1] * seconds.ceil() as usize;
    Ok(failures.is_empty()
        && lost.is_empty()
        && refused == 0
        && slowest <= LONGEST_SIGN_IN
        && p99 <= LONGEST_LIST
        && refused_codes <= allowed)
}

impl Resident {
    async fn settle(world: &Arc<World>, number: usize) -> Result<Self> {
        let email = format!("resident.{number}@load.example");
        world.tenant.add_person(Person::new("Somebody", &email));
        let browser = Browser::new(world.clone(), &email, number)?;
        let page = browser.open("/factors/totp").await?;
        let page = browser.press(&page, "Show me the QR code", &[]).await?;
        let code = browser.devices().totp_code_of(page.key.as_ref().context("no key")?).context("no code")?;
        let page = browser.press(&page, "Confirm", &[("code", &code)]).await?;
        anyhow::ensure!(page.form("Done").is_some(), "no recovery code on «{}»", page.heading);
        let page = browser.open("/factors/totp").await?;
        let page = browser.press(&page, "Show me the QR code", &[]).await?;
        Ok(Self { browser, set_up: page.url })
    }

    /// The records of the person that the flood has pushed out.
    async fn lost(&self) -> Vec<&'static str> {
        let has = async |url: Url, what: &'static str, sign: &str| {
            let page = async { self.browser.client.get(url).send().await?.text().await };
            (!page.await.is_ok_and(|html| html.contains(sign))).then_some(what)
        };
        let portal = &self.browser.world.portal;
        let recovery = portal.join("recovery-code").unwrap_or_else(|_| portal.clone());
        let code = has(recovery, "recovery code", "class=\"recovery\"").await;
        let set_up = has(self.set_up.clone(), "set-up", "otpauth://").await;
        code.into_iter().chain(set_up).collect()
    }
}

/// Sends junk codes until it is aborted, each with a sign-in of its own.
pub(crate) async fn send(
    portal: Url,
    flood: Flood,
    statuses: Arc<Mutex<BTreeMap<u16, usize>>>,
) -> Result<()> {
    let client = Client::builder().redirect(Policy::none()).no_proxy().build()?;
    let mut pace = interval(Duration::from_secs_f64(1.0 / flood.rate));
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut under_way = JoinSet::new();
    for number in 0.. {
        pace.tick().await;
        if under_way.len() >= MOST_AT_ONCE {
            under_way.join_next().await;
        }
        let network = number % flood.networks;
        let network = format!("172.{}.{}.{}", 16 + network / 65_536 % 16, network / 256 % 256, network % 256);
        let (client, portal, statuses) = (client.clone(), portal.clone(), statuses.clone());
        under_way.spawn(async move {
            let status = send_one(&client, &portal, &network).await.map_or(0, |status| status.as_u16());
            *statuses.lock().unwrap_or_else(PoisonError::into_inner).entry(status).or_default() += 1;
        });
    }
    Ok(())
}

async fn send_one(client: &Client, portal: &Url, network: &str) -> Result<StatusCode> {
    let begun = client.get(portal.join("sign-in")?).header("x-forwarded-for", network).send().await?;
    let header = |name| begun.headers().get(name).and_then(|value| value.to_str().ok());
    let (Some(cookie), Some(to)) = (header(SET_COOKIE), header(LOCATION)) else { return Ok(begun.status()) };
    let to = Url::parse(to)?;
    let state = to.query_pairs().find(|(name, _)| name == "state").context("no state")?.1;
    let callback = portal.join(&format!("callback?code=junk{}&state={state}", fastrand::u64(..)))?;
    let cookie = cookie.split(';').next().unwrap_or_default();
    let request = client.get(callback).header(COOKIE, cookie).header("x-forwarded-for", network);
    Ok(request.send().await?.status())
}

/// The times of the residents' lists, and how many were no list.
async fn view_lists(residents: &[Resident], ends: Instant) -> (Vec<Duration>, usize) {
    let mut all = JoinSet::new();
    for resident in residents {
        let (client, portal) = (resident.browser.client.clone(), resident.browser.world.portal.clone());
        all.spawn(async move {
            let (mut times, mut refused) = (Vec::new(), 0);
            while Instant::now() < ends {
                let began = Instant::now();
                let list =
                    async { client.get(portal.clone()).send().await?.error_for_status()?.bytes().await };
                match list.await {
                    Ok(_) => times.push(began.elapsed()),
                    Err(_) => refused += 1,
                }
                sleep(LIST_INTERVAL).await;
            }
            (times, refused)
        });
    }
    let of_each = all.join_all().await;
    let refused = of_each.iter().map(|(_, refused)| refused).sum();
    (of_each.into_iter().flat_map(|(times, _)| times).collect(), refused)
}

/// Signs new people in, one after the other, each from a network of their own.
async fn sign_people_in(world: &Arc<World>, ends: Instant) -> Vec<Result<Duration, String>> {
    let mut sign_ins = Vec::new();
    for number in 0.. {
        if Instant::now() + LONGEST_SIGN_IN >= ends {
            break;
        }
        let email = format!("new.{number}@load.example");
        world.tenant.add_person(Person::new("Somebody", &email));
        let began = Instant::now();
        let signed_in = async {
            let page = Browser::new(world.clone(), &email, 1000 + number)?.open("/").await?;
            anyhow::ensure!(page.heading == "Two-step verification", "«{}»", page.heading);
            Ok(began.elapsed())
        };
        sign_ins.push(signed_in.await.map_err(|error| error.to_string()));
        sleep(SIGN_IN_INTERVAL).await;
    }
    sign_ins
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or(Duration::MAX)
}
