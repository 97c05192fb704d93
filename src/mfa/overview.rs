//! The list that pages show: authenticators grouped into entries, unfinished ones left out.

use std::collections::{HashMap, HashSet};

use super::Entry;
use super::remembered::Remembered;
use crate::factor::Factor;
use crate::tenant::{Authenticator, AuthenticatorId};

/// A person's authenticators as the list shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// The active ones, the strongest first.
    pub entries: Vec<Entry>,
    /// The number of enrollments that were never finished; a pair counts once.
    pub unfinished: usize,
    /// Whether the list has something that may protect and cannot be shown.
    has_unclear: bool,
}

impl Overview {
    /// Groups what the tenant lists. `profile_email` is the person's verified address, if known.
    #[must_use]
    pub fn of(authenticators: Vec<Authenticator>, profile_email: Option<&str>) -> Self {
        Self::recalling(authenticators, profile_email, &Remembered::default())
    }

    /// The same with names and dates, and with the pairs that are known.
    #[must_use]
    pub(super) fn recalling(
        authenticators: Vec<Authenticator>,
        profile_email: Option<&str>,
        remembered: &Remembered,
    ) -> Self {
        let has_unclear = authenticators.iter().any(|it| it.is_unclear && it.factor.protects());
        let readable = authenticators.into_iter().filter(|it| !it.id.as_str().is_empty());
        let (active, unfinished): (Vec<_>, Vec<_>) = readable.partition(|it| it.active);
        let mut entries = Vec::new();
        for authenticator in active {
            place(&mut entries, authenticator);
        }
        merge_known_push(&mut entries, remembered);
        merge_push(&mut entries, remembered);
        for entry in &mut entries {
            if let Some(thing) = remembered.thing(&entry.ids) {
                entry.called = thing.name.clone();
                entry.added_at = thing.added_at;
                entry.name = thing.address.clone().or(entry.name.take());
            }
        }
        mark_profile(&mut entries, profile_email);
        // The tenant's order has no meaning.
        entries.sort_by_key(|entry| entry.factor().rank());
        number_alike(&mut entries);
        Self { entries, unfinished: count_unfinished(&unfinished), has_unclear }
    }

    /// The entry with this id, if it is in the list.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.has(id))
    }

    /// The number of entries that make Auth0 ask at sign-in.
    #[must_use]
    pub fn protections(&self) -> usize {
        self.entries.iter().filter(|entry| entry.protects()).count()
    }

    /// Whether a change needs the proof of somebody whom a factor protects.
    #[must_use]
    pub fn may_be_protected(&self) -> bool {
        self.has_unclear || self.protections() > 0
    }

    /// Whether removing `entry` may remove another entry too: a push enrollment brings a code generator, and with
    /// several of either the pairs are not known, unless the code generator was set up here by itself.
    #[must_use]
    pub fn may_have_unseen_twin(&self, entry: &Entry) -> bool {
        let is_app_of_unknown_origin = |it: &Entry| it.factors == [Factor::Totp] && it.added_at.is_none();
        match entry.factors[..] {
            [Factor::Push] => self.entries.iter().any(is_app_of_unknown_origin),
            [Factor::Totp] => {
                is_app_of_unknown_origin(entry) && self.entries.iter().any(|it| it.factors == [Factor::Push])
            }
            _ => false,
        }
    }
}

/// Numbers entries that are alike, because their controls need distinct names.
fn number_alike(entries: &mut [Entry]) {
    let labels: Vec<_> = entries.iter().map(Entry::label_parts).collect();
    let mut counts: HashMap<_, (usize, usize)> = HashMap::new();
    for label in labels.iter().flatten() {
        counts.entry(label).or_default().0 += 1;
    }
    for (entry, label) in entries.iter_mut().zip(&labels) {
        let Some((all, so_far)) = label.as_ref().and_then(|label| counts.get_mut(label)) else { continue };
        *so_far += 1;
        entry.number = Some(*so_far).filter(|_| *all > 1);
    }
}

/// A text message and a call to one number share the id's suffix (Auth0, MFA API, SMS and voice): one entry.
fn place(entries: &mut Vec<Entry>, authenticator: Authenticator) {
    if entries.iter().any(|entry| entry.has(authenticator.id.as_str())) {
        return;
    }
    let home = entries.iter_mut().find(|entry| {
        let same = |id: &AuthenticatorId| id.suffix().is_some() && id.suffix() == authenticator.id.suffix();
        entry.factors.len() == 1
            && entry.factor().other_channel() == Some(authenticator.factor)
            && entry.ids.iter().any(same)
    });
    match home {
        Some(entry) => {
            entry.add_twin(authenticator);
            entry.order();
        }
        None => entries.push(Entry::single(authenticator)),
    }
}

/// Pairs that an enrollment here is known to have brought.
fn merge_known_push(entries: &mut Vec<Entry>, remembered: &Remembered) {
    let pair = |entries: &[Entry]| {
        let of = |factor: Factor| entries.iter().enumerate().filter(move |(_, it)| it.factors == [factor]);
        of(Factor::Push).find_map(|(push, one)| {
            let twin =
                of(Factor::Totp).find(|(_, other)| remembered.came_together(&one.ids[0], &other.ids[0]))?;
            Some((push, twin.0))
        })
    };
    while let Some((push, totp)) = pair(entries) {
        join(entries, push, totp);
    }
}

/// A push enrollment brings a code generator with an unrelated id, so they are a pair only when there is exactly one of
/// each, and when they are not known to have come apart.
fn merge_push(entries: &mut Vec<Entry>, remembered: &Remembered) {
    let only = |entries: &[Entry], factor| {
        let mut places =
            entries.iter().enumerate().filter(|(_, entry)| entry.factor() == factor).map(|(at, _)| at);
        places.next().filter(|_| places.next().is_none())
    };
    let (Some(push), Some(totp)) = (only(entries, Factor::Push), only(entries, Factor::Totp)) else { return };
    let came_apart = remembered.came_apart(&entries[push].ids[0], &entries[totp].ids[0]);
    if entries[push].factors == [Factor::Push] && !came_apart {
        join(entries, push, totp);
    }
}

/// Puts the code generator beside the push requests of the same phone.
fn join(entries: &mut Vec<Entry>, push: usize, totp: usize) {
    let twin = entries.remove(totp);
    let push = if totp < push { push - 1 } else { push };
    entries[push].factors.extend(twin.factors);
    entries[push].ids.extend(twin.ids);
}

/// No field names the profile's own e-mail, so it is the one whose mask fits the verified address, which is then shown
/// in full. One that was added here is none. When several fit, none is marked: an enrolled one must stay removable, and the
/// tenant's refusal of the profile's is explained.
fn mark_profile(entries: &mut [Entry], profile_email: Option<&str>) {
    let Some(address) = profile_email else { return };
    let fit = |fits: fn(&str, &str) -> bool| -> Vec<usize> {
        let fits = |entry: &Entry| {
            entry.factor() == Factor::Email
                && entry.added_at.is_none()
                && entry.name.as_deref().is_some_and(|mask| fits(mask, address))
        };
        entries.iter().enumerate().filter(|(_, entry)| fits(entry)).map(|(at, _)| at).collect()
    };
    let exactly =
        fit(|mask, address| mask_fits(mask, address) && mask.chars().count() == address.chars().count());
    let found = if exactly.is_empty() { fit(mask_fits) } else { exactly };
    if let [only] = found[..] {
        entries[only].is_profile = true;
        entries[only].name = Some(address.to_owned());
    }
}

/// Whether `mask` could hide `address`: a run of `*` hides any characters.
#[must_use]
pub fn mask_fits(mask: &str, address: &str) -> bool {
    let (mask, address) = (mask.to_lowercase(), address.to_lowercase());
    let Some((mask_user, mask_host)) = mask.rsplit_once('@') else { return false };
    let Some((user, host)) = address.rsplit_once('@') else { return false };
    part_fits(mask_user, user) && part_fits(mask_host, host)
}

fn part_fits(mask: &str, text: &str) -> bool {
    let (Some(first), Some(last)) = (mask.split('*').next(), mask.rsplit('*').next()) else { return false };
    if !mask.contains('*') {
        return mask == text;
    }
    text.len() >= first.len() + last.len() && text.starts_with(first) && text.ends_with(last)
}

/// Pairs count once: a number's two channels share a suffix, and a push enrollment brings one code generator.
fn count_unfinished(unfinished: &[Authenticator]) -> usize {
    let count = |factor| unfinished.iter().filter(|it| it.factor == factor).count();
    let numbers = unfinished
        .iter()
        .filter(|it| matches!(it.factor, Factor::Sms | Factor::Voice))
        .map(|it| it.id.suffix().unwrap_or(it.id.as_str()))
        .collect::<HashSet<_>>()
        .len();
    let counted = |factor: Factor| match factor {
        Factor::Sms | Factor::Voice | Factor::Push | Factor::Totp | Factor::RecoveryCode => 0,
        Factor::Email | Factor::WebAuthn | Factor::Other => count(factor),
    };
    let others: usize = Factor::all().map(counted).sum();
    numbers + count(Factor::Push).max(count(Factor::Totp)) + others
}
