//! The limits on sign-ins, which any visitor can begin: steps from one network, and codes that the tenant refuses.
//!
//! Anybody can send the callback junk, and each junk code costs a call to the tenant, whose limit all of the company's
//! logins share. So refused codes have a ceiling, from each network and in all. Above it callbacks wait in a queue,
//! fairly by network; one whose turn does not come in time has used nothing up and can be repeated, and in a crowded
//! queue those that come last are told so at once. A code counts as refused from its turn on, so that all replicas know of
//! it, until the tenant has taken it.
//!
//! A network that has had a code refused in the last ten minutes goes last, and after several its neighbours go before
//! it alone, so that strangers with many networks keep others waiting once for each. A browser in which somebody has signed in
//! before goes first, so that strangers in its own network do not keep it waiting, and no number of networks does. It goes first for its
//! account, one sign-in at a time and until three codes were refused: then it stands where it stood without its cookie,
//! so that a copy of the cookie keeps its owner out no more than any stranger does.

mod counted;

use std::mem;
use std::time::Duration as StdDuration;

use time::{Duration, OffsetDateTime};
use tokio::time::{sleep, timeout};

use self::counted::Counted;
use super::tally::Batched;
use crate::config;
use crate::deadline;
use crate::error::{Error, Limited};
use crate::fair_queue::{Place, Rank};
use crate::portal::{App, Portal};
use crate::secret::Secret;
use crate::store::{Key, Loan, RecordKind};
use crate::tenant::{self, Failure, Tokens};

/// A sign-in counts twice, at its beginning and its end, so a thousand people behind one office address come through.
const STEPS: Ceiling = Ceiling { most: 2_000, within: Duration::minutes(10) };
/// Below half of the calls that the smallest Auth0 plan takes in a minute (300), also where two windows meet: forty at once,
/// then one a second.
const REFUSED_IN_ALL: [Ceiling; 2] =
    [Ceiling { most: 40, within: Duration::MINUTE }, Ceiling { most: 2, within: Duration::seconds(2) }];
/// People have a code refused when they come back to an old tab: ten at once, then one in ten seconds.
const REFUSED_OF_NETWORK: [Ceiling; 2] =
    [Ceiling { most: 10, within: Duration::MINUTE }, Ceiling { most: 1, within: Duration::seconds(10) }];
/// How many refused codes of an account end its right to go first.
const REFUSED_OF_KNOWN: u64 = 3;
/// How many refused codes of all accounts together end that right for everybody: half of the ceiling, so that people
/// with many accounts leave the rest to all others.
const REFUSED_OF_ALL_KNOWN: Ceiling = Ceiling { most: 20, within: Duration::MINUTE };
/// From how many refused codes on a network has which rank: one subscriber's, and the two around it.
const HARMFUL: [(u64, Rank); 3] = [(1, Rank::Harmful), (3, Rank::Neighbours), (10, Rank::Neighbours)];
/// For how long refused codes are held against a network.
const HARMFUL_FOR: Duration = Duration::minutes(10);
/// The longest wait for a turn. People wait five seconds for a sign-in, and the exchange itself needs time.
const LONGEST_WAIT: StdDuration = StdDuration::from_secs(4);
/// How often the first in line looks whether it may begin.
const PACE: StdDuration = StdDuration::from_millis(100);
/// The time that the exchange of a code needs of its page's.
const EXCHANGE: StdDuration = StdDuration::from_secs(2);

struct Ceiling {
    most: u64,
    within: Duration,
}

/// The room that a code found below ceilings of which one must leave some.
struct Room {
    was_there: bool,
    /// Whether the next code finds some too, unless another replica takes it.
    is_left: bool,
}

impl Room {
    /// Where nothing is counted, there is room.
    fn of(loans: &[Loan], ceilings: &[Ceiling]) -> Self {
        let counts = || loans.iter().map(|loan| loan.count.count).zip(ceilings);
        Self {
            was_there: loans.is_empty() || counts().any(|(count, ceiling)| count <= ceiling.most),
            is_left: loans.is_empty() || counts().any(|(count, ceiling)| count < ceiling.most),
        }
    }
}

/// The client that takes a step of a sign-in.
#[derive(Clone)]
pub(crate) struct Client {
    /// Its networks, the smallest first, if they are known.
    pub networks: Option<[String; 3]>,
    /// Its network as far as the request claims one.
    pub claimed: Option<String>,
    /// Whether the request came from a frame, which any site can put before its readers.
    pub is_framed: bool,
    /// Whether another site's page led here without a click.
    pub is_unasked: bool,
    /// The account that last signed in with this browser, by a hash.
    pub known: Option<String>,
}

impl Client {
    fn network(&self) -> Option<&str> {
        self.networks.as_ref().map(|[network, ..]| network.as_str())
    }

    /// The name under which the known browsers of this account are counted.
    fn known(&self) -> Option<String> {
        self.known.as_ref().map(|account| format!("known {account}"))
    }

    /// The same for steps. A frame's site could use up the account's.
    fn counted_known(&self) -> Option<String> {
        self.known().filter(|_| !self.is_framed)
    }

    /// All that a refused code is held against. A known browser spares its networks nothing.
    fn harmful(&self) -> impl Iterator<Item = String> {
        self.known().into_iter().chain(self.networks.clone().into_iter().flatten())
    }

    fn lane(&self) -> &str {
        self.network().or(self.claimed.as_deref()).unwrap_or_default()
    }
}

/// Refuses above the limit on steps, and counts nothing.
pub(crate) fn check_steps(portal: &Portal, client: &Client) -> Result<(), Error> {
    let Some(network) = limited(portal, client) else { return Ok(()) };
    let now = portal.clock.now();
    if client.counted_known().is_some_and(|known| steps(portal, &known).refused_until(now).is_none()) {
        return Ok(());
    }
    refused_steps(steps(portal, &network).refused_until(now))
}

/// Counts a step: of a known browser against its account, and above that account's limit against its network.
pub(crate) async fn count_step(portal: &Portal, client: &Client) -> Result<(), Error> {
    let Some(network) = limited(portal, client) else { return Ok(()) };
    if let Some(known) = client.counted_known()
        && steps(portal, &known).count(portal).await?.is_none()
    {
        return Ok(());
    }
    refused_steps(steps(portal, &network).count(portal).await?)
}

fn steps<'a>(portal: &'a Portal, name: &'a str) -> Batched<'a> {
    let key = key(portal, "sign-ins", name, &STEPS);
    Batched { tallies: &portal.sign_in_tallies, name, key, most: STEPS.most, within: STEPS.within }
}

fn refused_steps(until: Option<OffsetDateTime>) -> Result<(), Error> {
    until.map_or(Ok(()), |until| Err(Error::TooMany(Limited::SignIns, until)))
}

/// The name to count steps by, unless the network is unknown or nothing is limited. Frames of a network have a count of
/// their own, and so has what comes without a click, because any site could use up that of its readers' network.
fn limited(portal: &Portal, client: &Client) -> Option<String> {
    let network = client.network().filter(|_| portal.config.limits != config::Limits::Off)?;
    Some(match client {
        Client { is_framed: true, .. } => format!("frames {network}"),
        Client { is_unasked: true, .. } => format!("unasked {network}"),
        _ => network.to_owned(),
    })
}

fn key(portal: &Portal, what: &str, name: &str, ceiling: &Ceiling) -> Key {
    let within = ceiling.within.whole_seconds().to_string();
    portal.store.key_of(RecordKind::NetworkCounter, &[what, name, &within])
}

/// The right to exchange one code.
pub(crate) struct Turn {
    portal: App,
    client: Client,
    /// Whether it goes before all who are not known.
    goes_first: bool,
    /// `None` when nothing is limited.
    place: Option<Place>,
    /// Its code among the refused ones, unless the tenant takes it.
    counted: Option<Counted>,
    /// Whether the tenant may have refused a code that is not held against its client yet.
    uncounted: bool,
}

/// The right to exchange the code of a callback, which counts as used from then on, for so long; `None` if it was used
/// before. Copies of one callback wait for each other and not in the queue, so that each has one place there, however many
/// networks its copies come from.
pub(crate) async fn turn_of(
    portal: &App,
    client: &Client,
    used: Key,
    lasts: Duration,
) -> Result<Option<Turn>, Error> {
    let too_many = || Error::TooMany(Limited::RefusedCodes, portal.clock.now() + LONGEST_WAIT);
    let callback = portal.callbacks.come(used).ok_or_else(too_many)?;
    let _first = timeout(LONGEST_WAIT, callback.first()).await.map_err(|_| too_many())?;
    if portal.store.get::<()>(used).await?.is_some() {
        return Ok(None);
    }
    let turn = wait_for_turn(portal, client).await?;
    let is_first = portal.store.insert(used, &(), lasts).await?;
    Ok(is_first.then_some(turn))
}

/// Waits until the ceilings leave room for one more refused code. Writes nothing.
async fn wait_for_turn(portal: &App, client: &Client) -> Result<Turn, Error> {
    let (portal, client) = (portal.clone(), client.clone());
    let mut turn = Turn {
        portal: portal.clone(),
        client,
        goes_first: false,
        place: None,
        counted: None,
        uncounted: false,
    };
    if portal.config.limits == config::Limits::Off {
        return Ok(turn);
    }
    let known = turn.join_known().await?;
    turn.goes_first = known.is_some();
    let place = match known {
        None if turn.leaves_its_place().await? => None,
        None => portal.exchanges.join(turn.client.lane()),
        known => known,
    };
    let place = match place {
        Some(place) => timeout(LONGEST_WAIT, turn.wait_in(place)).await.ok(),
        None => None,
    };
    // The tenant could not be asked in time, and the code would be used up.
    let place = place.filter(|_| deadline::left() >= EXCHANGE);
    if place.is_none()
        && let Some(callbacks) = portal.turned_away.count(portal.clock.now())
    {
        tracing::warn!(callbacks, waited_s = LONGEST_WAIT.as_secs(), "sign-ins queue, callbacks turned away");
    }
    let until = portal.clock.now() + LONGEST_WAIT;
    turn.place = Some(place.ok_or(Error::TooMany(Limited::RefusedCodes, until))??);
    Ok(turn)
}

impl Turn {
    /// Joins the lane of a known browser's account, as long as the account may go first.
    async fn join_known(&self) -> Result<Option<Place>, Error> {
        let Some(known) = self.client.known() else { return Ok(None) };
        let of_all = self.portal.store.count(self.key_of_all_known()).await?.count;
        let may_go_first =
            of_all < REFUSED_OF_ALL_KNOWN.most && self.refused_lately(&known).await? < REFUSED_OF_KNOWN;
        Ok(may_go_first.then(|| self.portal.exchanges.join_alone(&known)).flatten())
    }

    /// Whether the places of a crowded queue are for others: those who go last may not take them all.
    async fn leaves_its_place(&self) -> Result<bool, Error> {
        Ok(self.portal.exchanges.is_crowded() && self.rank().await? > Some(Rank::Strangers))
    }

    async fn wait_in(&mut self, place: Place) -> Result<Place, Error> {
        // The guard borrows the place, so it ends before the place is handed on.
        {
            let mut has_room = place.first_in_lane().await;
            loop {
                while !*has_room && !self.has_room_in_network().await? {
                    sleep(PACE).await;
                }
                let in_network = self.wait_for_room_in_all(&place).await?;
                *has_room = in_network.is_left;
                if in_network.was_there {
                    break;
                }
                self.counted = None;
            }
        }
        place.begin();
        Ok(place)
    }

    /// Counts the code when there is room among all; tells what room there was in its network.
    async fn wait_for_room_in_all(&mut self, place: &Place) -> Result<Room, Error> {
        // A newcomer takes no gap for which somebody waits already.
        let is_next = self.goes_first || !place.is_anybody_waiting();
        if is_next && let Some(in_network) = self.count_at_once(place).await? {
            return Ok(in_network);
        }
        self.wait_for_gap(place).await
    }

    /// Counts the code if there is room when its turn comes.
    async fn count_at_once(&mut self, place: &Place) -> Result<Option<Room>, Error> {
        let mut has_room = place.first_in_all().await;
        self.count_if_there_is_room(&mut has_room).await
    }

    /// Counts the code, while it is the first of all, unless there is no room. All counters are told at once, and looked at
    /// before only when the last code has left no room, because all others wait meanwhile.
    async fn count_if_there_is_room(&mut self, has_room: &mut bool) -> Result<Option<Room>, Error> {
        if !mem::take(has_room) && !self.has_room_in_all().await? {
            return Ok(None);
        }
        let in_all = REFUSED_IN_ALL.iter().map(|ceiling| (self.key_in_all(ceiling), ceiling.within));
        let in_network = self.counted_network().into_iter().flat_map(|network| {
            REFUSED_OF_NETWORK.iter().map(|it| (key(&self.portal, "refused-codes", network, it), it.within))
        });
        let counted = Counted::begin(&self.portal, in_all.chain(in_network).collect()).await?;
        let (of_all, of_network) = counted.loans.split_at(REFUSED_IN_ALL.len());
        let in_all = Room::of(of_all, &REFUSED_IN_ALL);
        let in_network = Room::of(of_network, &REFUSED_OF_NETWORK);
        *has_room = in_all.is_left;
        // Otherwise another replica has taken the room meanwhile.
        Ok(in_all.was_there.then(|| {
            self.counted = Some(counted);
            in_network
        }))
    }

    /// Waits for room: a known browser at the head of the queue, all others between the known, by rank.
    async fn wait_for_gap(&mut self, place: &Place) -> Result<Room, Error> {
        if let Some(rank) = self.rank().await? {
            let _first = place.first_of(rank).await;
            loop {
                if !place.is_behind_others(rank)
                    && let Some(in_network) = self.count_at_once(place).await?
                {
                    return Ok(in_network);
                }
                place.may_have_room(PACE).await;
            }
        }
        let mut has_room = place.first_in_all().await;
        loop {
            if let Some(in_network) = self.count_if_there_is_room(&mut has_room).await? {
                return Ok(in_network);
            }
            place.may_have_room(PACE).await;
        }
    }

    /// The client's rank; `None` for a known browser, which goes before all ranks.
    async fn rank(&self) -> Result<Option<Rank>, Error> {
        if self.goes_first {
            return Ok(None);
        }
        for (network, (most, rank)) in self.client.networks.iter().flatten().zip(HARMFUL) {
            if self.refused_lately(network).await? >= most {
                return Ok(Some(rank));
            }
        }
        Ok(Some(Rank::Strangers))
    }

    /// How many refused codes are held against this network or browser.
    async fn refused_lately(&self, name: &str) -> Result<u64, Error> {
        Ok(self.portal.store.count(self.harm(name)).await?.count)
    }

    fn harm(&self, name: &str) -> Key {
        self.portal.store.key_of(RecordKind::NetworkCounter, &["harm", name])
    }

    /// The network whose ceiling counts.
    fn counted_network(&self) -> Option<&str> {
        self.client.network().filter(|_| !self.goes_first)
    }

    async fn has_room_in_network(&self) -> Result<bool, Error> {
        let Some(network) = self.counted_network() else { return Ok(true) };
        for ceiling in &REFUSED_OF_NETWORK {
            let key = key(&self.portal, "refused-codes", network, ceiling);
            if self.portal.store.count(key).await?.count < ceiling.most {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn has_room_in_all(&self) -> Result<bool, Error> {
        for ceiling in &REFUSED_IN_ALL {
            let key = self.key_in_all(ceiling);
            if self.portal.store.count(key).await?.count < ceiling.most {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Exchanges the code, which counts on if the tenant refuses it.
    pub(crate) async fn exchange(mut self, code: String, verifier: &Secret) -> Result<Tokens, Error> {
        self.uncounted = true;
        let exchanged = self.portal.tenant.exchange(code, verifier).await;
        if exchanged.as_ref().is_err_and(was_sent) {
            self.let_count_on();
            self.hold_against_client().await?;
        }
        self.uncounted = false;
        Ok(exchanged?)
    }

    /// The tenant may have refused the code.
    fn let_count_on(&mut self) {
        if let Some(counted) = self.counted.take() {
            counted.keep();
        }
    }

    /// Holds a refused code against those who sent it.
    async fn hold_against_client(&self) -> Result<(), Error> {
        if self.place.is_none() {
            return Ok(());
        }
        if self.goes_first {
            self.portal.store.increment(self.key_of_all_known(), REFUSED_OF_ALL_KNOWN.within).await?;
        }
        for name in self.client.harmful() {
            self.portal.store.increment(self.harm(&name), HARMFUL_FOR).await?;
        }
        Ok(())
    }

    fn key_of_all_known(&self) -> Key {
        self.portal.store.key_of(RecordKind::Counter, &["refused-codes", "known"])
    }

    /// Of a kind that no stranger's record can drop.
    fn key_in_all(&self, ceiling: &Ceiling) -> Key {
        let within = ceiling.within.whole_seconds().to_string();
        self.portal.store.key_of(RecordKind::Counter, &["refused-codes", &within])
    }
}

impl Drop for Turn {
    /// A code whose browser left before the tenant answered counts as refused, so that leaving early evades no ceiling.
    fn drop(&mut self) {
        if !self.uncounted {
            return;
        }
        self.let_count_on();
        let (portal, client, goes_first) = (self.portal.clone(), self.client.clone(), self.goes_first);
        let left =
            Self { portal, client, goes_first, place: self.place.take(), counted: None, uncounted: false };
        let changes = left.portal.changes.clone();
        changes.spawn(async move {
            if let Err(error) = left.hold_against_client().await {
                tracing::warn!(%error, "refused code not counted");
            }
        });
    }
}

/// Whether the tenant may have received the code.
fn was_sent(error: &tenant::Error) -> bool {
    !matches!(error.kind, Failure::Unreachable { maybe_done: false, .. })
}
