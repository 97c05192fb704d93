//! The live sessions of a person: at most ten that proved a factor and ten that did not. A removal or a new recovery
//! code ends all but the one that made it, and an addition that protects those that know the password alone.
//!
//! A session lives as long as it holds a place in the store and no end is noted that came after its sign-in began. Taking
//! a place is one write, so concurrent sign-ins need no lock and cannot exceed ten; an end is noted in turn with
//! others and before the act, so that no failure in the middle lets a session outlive it. A sign-in that waits at its callback
//! meanwhile is over as well. Sessions that proved a factor have places of their own, so that sign-ins with the password
//! alone end none of them.

pub(super) mod first_protection;
mod sign_in_proof;

use std::cmp::Reverse;
use std::ops::{Not, Range};

use serde::{Deserialize, Serialize};
use time::serde::timestamp;
use time::{Duration, OffsetDateTime};

use self::sign_in_proof::SignInProof;
use super::{Account, Person, enrollment, lock};
use crate::error::Error;
use crate::portal::Portal;
use crate::secret::Secret;
use crate::store::{self, Key, RecordKind};
use crate::tenant::MAX_AGE;

/// The places of sessions that proved a factor. When all are taken, a new session takes another one's.
const PROVED: Range<u8> = 0..10;
/// The places of sessions that did not.
const UNPROVED: Range<u8> = 10..20;

/// Longer than a sign-in takes and the session after it lasts.
const OUTLIVES_SIGN_INS: Duration = Duration::minutes(30);
/// Longer than the tenant may remember a proof.
const OUTLIVES_PROOFS: Duration = MAX_AGE.saturating_add(Duration::DAY);
/// The tenant tells times in whole seconds.
const ROUNDING: Duration = Duration::SECOND;
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
    /// The proof of the session that ended the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    proof: Option<SignInProof>,
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

    /// Whether the browser is that of the session that ended the others, and not one that was left open.
    fn is_by(&self, proof: &SignInProof) -> bool {
        self.proof.as_ref().is_some_and(|own| proof.is_known() && own.is_akin(proof))
    }
}

/// The session that holds a place.
#[derive(Serialize, Deserialize)]
struct Holder {
    /// It tells one session from the next.
    #[serde(rename = "t")]
    csrf_token: Secret,
    #[serde(rename = "e", with = "timestamp")]
    ends: OffsetDateTime,
    #[serde(rename = "b")]
    proof: SignInProof,
    /// Whether it has added what protects the person.
    #[serde(rename = "p", default, skip_serializing_if = "Not::not")]
    has_protected: bool,
}

impl Holder {
    fn of(person: &Person) -> Self {
        Self {
            csrf_token: person.csrf_token.clone(),
            ends: person.ends(),
            proof: SignInProof::of(&person.identity),
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
    let (sub, auth_time) = (&person.identity.sub, person.identity.auth_time);
    if person.identity.challenged && first_protection::may_be_newer_than(portal, sub, auth_time).await? {
        person.identity.challenged = false;
    }
    let ended: Option<Ended> = portal.store.get(end_of(portal, sub, Whose::All)).await?;
    let Some(ended) = ended.filter(|ended| !ended.is_outlived_by(person.identity.auth_time)) else {
        return Ok(person);
    };
    person.identity.challenged = false;
    if !ended.is_by(&SignInProof::of(&person.identity)) {
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

/// The place to take when all are taken: of the most sessions that came from one proof at the tenant the oldest one, so
/// that a browser that signs in again and again ends its own.
async fn place_to_take(
    portal: &Portal,
    sub: &str,
    new: &Holder,
    places: Range<u8>,
) -> Result<u8, store::Error> {
    let start = places.start;
    let mut all = Vec::new();
    for place in places {
        let held: Option<Holder> = portal.store.get(key(portal, sub, place)).await?;
        all.extend(held.map(|held| (held, place)));
    }
    let proofs: Vec<&SignInProof> = all.iter().map(|(held, _)| &held.proof).chain([&new.proof]).collect();
    let akin = |held: &Holder| proofs.iter().filter(|it| it.is_akin(&held.proof)).count();
    let first = all.iter().min_by_key(|(held, _)| (Reverse(akin(held)), held.proof.auth_time, held.ends));
    Ok(first.map_or(start, |(_, place)| *place))
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
    Ok(holds_place(portal, person).await? && !is_ended(portal, person).await?)
}

async fn holds_place(portal: &Portal, person: &Person) -> Result<bool, Error> {
    let held: Option<Holder> = portal.store.get(place_of(portal, person)).await?;
    Ok(held.is_some_and(|held| held.csrf_token.expose() == person.csrf_token.expose()))
}

/// Whether the person's sessions were ended since the sign-in of this one began.
pub(super) async fn is_ended(portal: &Portal, person: &Person) -> Result<bool, Error> {
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

/// Notes the end of the person's other sessions, before an act that ends them. Refuses when this session has been ended.
pub(super) async fn note_end_of_others(account: &Account, whose: Whose) -> Result<(), Error> {
    if is_end_of_others_noted(account, whose).await? { Ok(()) } else { Err(Error::SessionEnded) }
}

/// Notes it unless this session has been ended.
async fn is_end_of_others_noted(account: &Account, whose: Whose) -> Result<bool, Error> {
    note_end(&account.portal, account.sub(), whose, Some(&account.person)).await
}

/// Notes an end, and tells whether it did: the session that ends the others, if it is one (`by`), may have been ended
/// while its act was at the tenant, and must not take that end back. One end of a person is noted after the other.
async fn note_end(portal: &Portal, sub: &str, whose: Whose, by: Option<&Person>) -> Result<bool, Error> {
    let note = async {
        if let Some(person) = by
            && is_ended(portal, person).await?
        {
            return Ok(false);
        }
        let mut but: Vec<Secret> = by.map(|person| person.csrf_token.clone()).into_iter().collect();
        if whose == Whose::Unproved {
            but.extend(protectors(portal, sub).await?);
        }
        let at = rounded_up(portal.clock.now());
        let ended = Ended { at, but, proof: by.map(|person| SignInProof::of(&person.identity)) };
        portal.store.put(end_of(portal, sub, whose), &ended, whose.kept_for()).await?;
        Ok(true)
    };
    let turn = portal.store.key_of_person(RecordKind::Lock, sub, &["end of sessions"]);
    lock::with_brief_lock(portal, turn, Box::pin(note)).await
}

/// In milliseconds, as the beginning of a sign-in is kept.
fn rounded_up(now: OffsetDateTime) -> OffsetDateTime {
    let at = now.truncate_to_millisecond();
    if at < now { at + Duration::MILLISECOND } else { at }
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
    have_others_ended(account, whose).await.map(drop)
}

/// Ends them, and tells whether it did: a session that was ended meanwhile ends none.
async fn have_others_ended(account: &Account, whose: Whose) -> Result<bool, Error> {
    if !is_end_of_others_noted(account, whose).await? {
        return Ok(false);
    }
    let places = if whose == Whose::All { PROVED.start..UNPROVED.end } else { UNPROVED };
    let held = places.filter(|place| *place != account.person.place);
    give_back(&account.portal, account.sub(), held, whose == Whose::Unproved).await?;
    enrollment::end_pushes_of_others(account).await;
    Ok(true)
}

/// Ends the person's other sessions that know the password alone, because an addition protects the person; where this
/// is one of them, or nothing protected the person before (`is_first`), all others: then a proof is of a factor that is
/// gone, or of one that protects nobody. Tells whether it did: a session that was ended meanwhile ends none.
pub(super) async fn end_others_after_protection(account: &Account, is_first: bool) -> Result<bool, Error> {
    let (portal, person) = (&account.portal, &*account.person);
    let has_proved = person.has_proved_factor(&portal.clock);
    if !has_proved && is_live(portal, person).await? {
        let holder = Holder { has_protected: true, ..Holder::of(person) };
        portal.store.replace(place_of(portal, person), &holder, person.left(&portal.clock)).await?;
    }
    if !has_proved || is_first {
        let have_ended = have_others_ended(account, Whose::All).await?;
        if have_ended && is_first {
            first_protection::note_confirmed(account).await?;
        }
        return Ok(have_ended);
    }
    let has_ended = end_unproved(portal, account.sub(), Some(person)).await?;
    enrollment::end_pushes_of_others(account).await;
    Ok(has_ended)
}

/// Ends the sessions of the person with this `sub` that know the password alone and have added no protection.
/// `by` is the session that has added a protection, if it is one.
async fn end_unproved(portal: &Portal, sub: &str, by: Option<&Person>) -> Result<bool, Error> {
    let is_noted = note_end(portal, sub, Whose::Unproved, by).await?;
    if is_noted {
        give_back(portal, sub, UNPROVED, true).await?;
    }
    Ok(is_noted)
}

/// The same after an addition that no session asked after.
pub(super) async fn end_unproved_of(portal: &Portal, sub: &str) -> Result<(), store::Error> {
    end_unproved(portal, sub, None).await.map(drop).map_err(|error| match error {
        Error::Store(error) => error,
        busy => store::Error::unavailable(busy.to_string()),
    })
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
    note_end(portal, sub, Whose::All, None).await?;
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
