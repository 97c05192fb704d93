//! The live sessions of a person: at most ten that proved a factor and ten that did not. A removal or a new recovery
//! code ends all but the one that made it, and an addition that protects those that know the password alone.
//!
//! A session lives as long as it holds a place in the store and no end is noted that came after its sign-in began. Taking
//! a place is one write, so concurrent sign-ins need no lock and cannot exceed ten; noting an end is one too, and comes
//! before the act, so that no failure in the middle lets a session outlive it. A sign-in that waits at its callback
//! meanwhile is over as well. Sessions that proved a factor have places of their own, so that sign-ins with the password
//! alone end none of them.

use std::ops::{Not, Range};

use serde::{Deserialize, Serialize};
use time::serde::timestamp;
use time::{Duration, OffsetDateTime};

use super::{Account, Person, enrollment};
use crate::error::Error;
use crate::portal::Portal;
use crate::secret::Secret;
use crate::store::{self, Key, RecordKind};
use crate::tenant::MAX_AGE;

/// The places of sessions that proved a factor; a new one ends the oldest.
const PROVED: Range<u8> = 0..10;
/// The places of sessions that did not.
const UNPROVED: Range<u8> = 10..20;

/// Longer than a sign-in takes and the session after it lasts.
const OUTLIVES_SIGN_INS: Duration = Duration::minutes(30);
/// Longer than the tenant may remember a proof.
const OUTLIVES_PROOFS: Duration = MAX_AGE.saturating_add(Duration::DAY);
/// The tenant tells times in whole seconds.
const ROUNDING: Duration = Duration::SECOND;
/// The most by which two tokens tell the same `auth_time` apart, once it is ours: the way of each answer counts.
const SAME_PROOF: Duration = Duration::seconds(5);

/// The sessions that an end is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    All,
    /// Those that know the password alone.
    Unproved,
}

impl Whose {
    /// Those that a change of this session ends. The password alone ends no session that has proved a factor, unless a
    /// factor protects the person and PROOF asks for none.
    pub(super) fn ended_by(account: &Account, protected: bool) -> Self {
        let has_proved = account.person.has_proved_factor(&account.portal.clock);
        if has_proved || protected { Self::All } else { Self::Unproved }
    }

    fn kept_for(self) -> Duration {
        match self {
            Self::All => OUTLIVES_PROOFS,
            Self::Unproved => OUTLIVES_SIGN_INS,
        }
    }
}

/// The last end of a person's sessions.
#[derive(Serialize, Deserialize)]
struct Ended {
    /// In milliseconds, as the beginning of a sign-in is kept, and rounded up.
    #[serde(with = "timestamp::milliseconds")]
    at: OffsetDateTime,
    /// The CSRF tokens of the sessions that go on.
    but: Vec<Secret>,
    /// `auth_time` of the session that ended the others.
    #[serde(default, with = "timestamp::option", skip_serializing_if = "Option::is_none")]
    auth_time: Option<OffsetDateTime>,
}

impl Ended {
    fn is_over(&self, person: &Person) -> bool {
        let goes_on = self.but.iter().any(|it| it.expose() == person.csrf_token.expose());
        !goes_on && person.sign_in_began() < self.at
    }

    /// Whether the person proved themselves after this end. A token without `auth_time` tells of no such proof, because
    /// the browser can leave out the parameter that asks for it.
    fn is_outlived_by(&self, auth_time: Option<OffsetDateTime>) -> bool {
        auth_time.is_some_and(|at| at >= self.at + ROUNDING)
    }

    /// Whether it is the proof of the session that ended the others, so its browser is not one that was left open.
    fn is_by(&self, auth_time: Option<OffsetDateTime>) -> bool {
        auth_time.is_some() && is_same_proof(self.auth_time, auth_time)
    }
}

/// Whether the tenant asked for one proof for both, or tells the time of neither.
fn is_same_proof(one: Option<OffsetDateTime>, other: Option<OffsetDateTime>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() <= SAME_PROOF,
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// The session that holds a place.
#[derive(Serialize, Deserialize)]
struct Holder {
    /// It tells one session from the next.
    #[serde(rename = "token")]
    csrf_token: Secret,
    #[serde(with = "timestamp")]
    ends: OffsetDateTime,
    #[serde(default, with = "timestamp::option", skip_serializing_if = "Option::is_none")]
    auth_time: Option<OffsetDateTime>,
    /// Whether it has added what protects the person.
    #[serde(default, skip_serializing_if = "Not::not")]
    has_protected: bool,
}

impl Holder {
    fn of(person: &Person) -> Self {
        Self {
            csrf_token: person.csrf_token.clone(),
            ends: person.ends(),
            auth_time: person.identity.auth_time,
            has_protected: false,
        }
    }
}

/// Takes a place for a session that is about to begin; gives its number. Refuses when the person's sessions were ended
/// since its sign-in began.
pub(crate) async fn begin(portal: &Portal, person: &Person) -> Result<u8, Error> {
    let place = take_place(portal, person).await?;
    // After the place is taken, so that an end at the same moment finds either the place or this look.
    if is_ended(portal, person).await? {
        portal.store.remove(key(portal, &person.identity.sub, place)).await?;
        return Err(Error::SessionEnded);
    }
    Ok(place)
}

/// The person without the proofs that the tenant remembers from before their sessions were ended: the factor may be the
/// one that was taken away, and the browser one that was left open. The password counts on in the browser that ended
/// the others, so that nobody types it again after each change.
pub(crate) async fn without_ended_proof(portal: &Portal, mut person: Person) -> Result<Person, Error> {
    let ended: Option<Ended> = portal.store.get(end_of(portal, &person.identity.sub, Whose::All)).await?;
    let Some(ended) = ended.filter(|ended| !ended.is_outlived_by(person.identity.auth_time)) else {
        return Ok(person);
    };
    person.identity.challenged = false;
    if !ended.is_by(person.identity.auth_time) {
        person.identity.auth_time = None;
    }
    Ok(person)
}

async fn take_place(portal: &Portal, person: &Person) -> Result<u8, Error> {
    let (sub, lasts) = (&person.identity.sub, person.left(&portal.clock));
    let holder = Holder::of(person);
    let places = if person.has_proved_factor(&portal.clock) { PROVED } else { UNPROVED };
    for place in places.clone() {
        if portal.store.insert(key(portal, sub, place), &holder, lasts).await? {
            return Ok(place);
        }
    }
    let place = place_to_take(portal, sub, &holder, places).await?;
    portal.store.put(key(portal, sub, place), &holder, lasts).await?;
    Ok(place)
}

/// The place of the oldest session, when all are taken: of those that came from one proof at the tenant with the new one,
/// so that a browser that signs in again and again ends its own.
async fn place_to_take(
    portal: &Portal,
    sub: &str,
    new: &Holder,
    places: Range<u8>,
) -> Result<u8, store::Error> {
    let mut first = (true, new.ends, places.start);
    for place in places {
        let held: Option<Holder> = portal.store.get(key(portal, sub, place)).await?;
        if let Some(held) = held {
            first = first.min((!is_same_proof(held.auth_time, new.auth_time), held.ends, place));
        }
    }
    Ok(first.2)
}

/// Gives the place of a session that has ended back.
pub(crate) async fn end(portal: &Portal, person: &Person) -> Result<(), Error> {
    if is_live(portal, person).await? {
        portal.store.remove(key(portal, &person.identity.sub, person.place)).await?;
    }
    Ok(())
}

/// The records that tell whether the session is live.
pub(crate) fn records_of(portal: &Portal, person: &Person) -> Vec<Key> {
    let ends = ends_of(person).iter().map(|whose| end_of(portal, &person.identity.sub, *whose));
    std::iter::once(place_of(portal, person)).chain(ends).collect()
}

/// Whether the session still holds its place, and was not ended.
pub(crate) async fn is_live(portal: &Portal, person: &Person) -> Result<bool, Error> {
    let held: Option<Holder> = portal.store.get(place_of(portal, person)).await?;
    let holds = held.is_some_and(|held| held.csrf_token.expose() == person.csrf_token.expose());
    Ok(holds && !is_ended(portal, person).await?)
}

async fn is_ended(portal: &Portal, person: &Person) -> Result<bool, Error> {
    for whose in ends_of(person) {
        let ended: Option<Ended> = portal.store.get(end_of(portal, &person.identity.sub, *whose)).await?;
        if ended.is_some_and(|ended| ended.is_over(person)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The ends that may be about this session.
fn ends_of(person: &Person) -> &'static [Whose] {
    if person.identity.challenged { &[Whose::All] } else { &[Whose::All, Whose::Unproved] }
}

fn place_of(portal: &Portal, person: &Person) -> Key {
    key(portal, &person.identity.sub, person.place)
}

/// Refuses an act whose session was ended while it waited for its turn.
pub(super) async fn must_be_live(account: &Account) -> Result<(), Error> {
    if is_live(&account.portal, &account.person).await? { Ok(()) } else { Err(Error::SessionEnded) }
}

/// Notes the end of the person's other sessions, before an act that ends them.
pub(super) async fn note_end_of_others(account: &Account, whose: Whose) -> Result<(), Error> {
    let (portal, sub) = (&account.portal, account.sub());
    let mut but = vec![account.person.csrf_token.clone()];
    if whose == Whose::Unproved {
        but.extend(protectors(portal, sub).await?);
    }
    Ok(note_end(portal, sub, whose, but, account.person.identity.auth_time).await?)
}

/// `auth_time` is that of the session that ends the others.
async fn note_end(
    portal: &Portal,
    sub: &str,
    whose: Whose,
    but: Vec<Secret>,
    auth_time: Option<OffsetDateTime>,
) -> Result<(), store::Error> {
    let now = portal.clock.now();
    let at = now.truncate_to_millisecond();
    let at = if at < now { at + Duration::MILLISECOND } else { at };
    portal.store.put(end_of(portal, sub, whose), &Ended { at, but, auth_time }, whose.kept_for()).await
}

/// Ends the person's other sessions after an act that did something, or may have done it.
pub(super) async fn end_others_after<T>(
    account: &Account,
    whose: Whose,
    done: Result<T, Error>,
) -> Result<T, Error> {
    if !done.as_ref().is_err_and(Error::is_known_undone) {
        end_others(account, whose).await?;
    }
    done
}

/// Ends the person's other sessions, and what a phone could still do for one of them.
pub(super) async fn end_others(account: &Account, whose: Whose) -> Result<(), Error> {
    note_end_of_others(account, whose).await?;
    let places = if whose == Whose::All { PROVED.start..UNPROVED.end } else { UNPROVED };
    let held = places.filter(|place| *place != account.person.place);
    give_back(&account.portal, account.sub(), held, whose == Whose::Unproved).await?;
    enrollment::end_pushes_of_others(account).await;
    Ok(())
}

/// Ends the person's other sessions that know the password alone, because an addition protects the person; where this
/// is one of them, or nothing protected the person before (`is_first`), all others: then a proof is of a factor that is
/// gone, or of one that protects nobody.
pub(super) async fn end_others_after_protection(account: &Account, is_first: bool) -> Result<(), Error> {
    let (portal, person) = (&account.portal, &account.person);
    if !person.has_proved_factor(&portal.clock) {
        let holder = Holder { has_protected: true, ..Holder::of(person) };
        portal.store.replace(place_of(portal, person), &holder, person.left(&portal.clock)).await?;
        return end_others(account, Whose::All).await;
    }
    if is_first {
        return end_others(account, Whose::All).await;
    }
    end_unproved(portal, account.sub()).await?;
    enrollment::end_pushes_of_others(account).await;
    Ok(())
}

/// Ends the sessions of the person with this `sub` that know the password alone and have added no protection.
pub(super) async fn end_unproved(portal: &Portal, sub: &str) -> Result<(), store::Error> {
    note_end(portal, sub, Whose::Unproved, protectors(portal, sub).await?, None).await?;
    give_back(portal, sub, UNPROVED, true).await
}

/// The CSRF tokens of the sessions that know the password alone and have added what protects the person.
async fn protectors(portal: &Portal, sub: &str) -> Result<Vec<Secret>, store::Error> {
    let mut tokens = Vec::new();
    for place in UNPROVED {
        let held: Option<Holder> = portal.store.get(key(portal, sub, place)).await?;
        tokens.extend(held.filter(|held| held.has_protected).map(|held| held.csrf_token));
    }
    Ok(tokens)
}

/// Gives these places back, or only those of sessions that have added no protection.
async fn give_back(
    portal: &Portal,
    sub: &str,
    places: impl Iterator<Item = u8>,
    but_protectors: bool,
) -> Result<(), store::Error> {
    for place in places {
        let held: Option<Holder> =
            if but_protectors { portal.store.get(key(portal, sub, place)).await? } else { None };
        if held.is_none_or(|held| !held.has_protected) {
            portal.store.remove(key(portal, sub, place)).await?;
        }
    }
    Ok(())
}

/// Ends all sessions of the person with this `sub`.
pub(super) async fn end_all(portal: &Portal, sub: &str) -> Result<(), Error> {
    note_end(portal, sub, Whose::All, Vec::new(), None).await?;
    Ok(give_back(portal, sub, PROVED.chain(UNPROVED), false).await?)
}

fn end_of(portal: &Portal, sub: &str, whose: Whose) -> Key {
    let slug = match whose {
        Whose::All => "all",
        Whose::Unproved => "unproved",
    };
    portal.store.key_of_person(RecordKind::EndedSessions, sub, &[slug])
}

fn key(portal: &Portal, sub: &str, place: u8) -> Key {
    portal.store.key_of_person(RecordKind::LiveSession, sub, &[&place.to_string()])
}
