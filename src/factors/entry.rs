//! What the list shows: authenticators grouped into the things a person thinks of, unfinished ones left out.

use crate::factors::Factor;
use crate::i18n::Words;
use crate::tenant::{Authenticator, AuthenticatorId};

/// One line of the list: one authenticator, or a pair that lives and dies together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its factors: two for a pair.
    pub factors: Vec<Factor>,
    /// Its ids, in the order of the factors.
    pub ids: Vec<AuthenticatorId>,
    /// How the tenant masks the number or address.
    pub name: Option<String>,
    /// Whether it is the profile's own e-mail address, which cannot be removed.
    pub is_profile: bool,
}

impl Entry {
    fn single(authenticator: Authenticator) -> Self {
        Self {
            factors: vec![authenticator.factor],
            ids: vec![authenticator.id],
            name: authenticator.name,
            is_profile: false,
        }
    }

    fn absorb(&mut self, twin: Authenticator) {
        self.factors.push(twin.factor);
        self.ids.push(twin.id);
        self.name = self.name.take().or(twin.name);
    }

    /// The first factor, which stands for the pair.
    #[must_use]
    pub fn factor(&self) -> Factor {
        self.factors.first().copied().unwrap_or(Factor::Other)
    }

    /// The id that stands for the entry in forms and addresses.
    #[must_use]
    pub fn id(&self) -> &str {
        self.ids.first().map_or("", AuthenticatorId::as_str)
    }

    /// The ending of its message keys: `totp`, `phone` (text message and call), `push`, …
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self.factors[..] {
            [Factor::Sms, Factor::Voice] => "phone",
            _ => self.factor().slug(),
        }
    }

    /// The last digits of a masked phone number, where the mask shows them.
    #[must_use]
    pub fn ending(&self) -> Option<&str> {
        let name = self.name.as_deref().filter(|_| matches!(self.factor(), Factor::Sms | Factor::Voice))?;
        let digits = &name[name.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1)..];
        (digits.len() >= 2).then_some(digits)
    }

    /// What it is called on the list.
    #[must_use]
    pub fn title(&self, words: &Words) -> String {
        words.t(&format!("entry-{}", self.words()))
    }

    /// Which one it is: the number's last digits, the masked address, or what it does.
    #[must_use]
    pub fn detail(&self, words: &Words) -> String {
        match (self.ending(), &self.name, self.factor()) {
            (Some(ending), ..) => words.with("detail-ending", "ending", ending),
            (None, Some(name), Factor::Sms | Factor::Voice) => words.with("detail-number", "name", name),
            (None, Some(name), _) => words.with("detail-named", "name", name),
            (None, None, Factor::Push) if self.factors.len() == 2 => words.t("detail-push-pair"),
            (None, None, Factor::Sms | Factor::Voice | Factor::Email) => String::new(),
            (None, None, factor) => words.t(&format!("detail-{}", factor.slug())),
        }
    }

    /// The name of its control: `Remove text message or phone call, number ending 9167`.
    #[must_use]
    pub fn remove_label(&self, words: &Words) -> String {
        self.label("remove", words)
    }

    /// The name of its control: `Replace authenticator app`.
    #[must_use]
    pub fn replace_label(&self, words: &Words) -> String {
        self.label("replace", words)
    }

    /// `<act>` and what it is done to, with what tells it from others of its kind.
    pub(crate) fn label(&self, act: &str, words: &Words) -> String {
        let id = format!("{act}-{}", self.words());
        match (self.ending(), &self.name) {
            (Some(ending), _) => words.with(&format!("{id}-ending"), "ending", ending),
            (None, Some(name)) if self.factor() == Factor::Email => {
                words.with(&format!("{id}-named"), "name", name)
            }
            _ => words.t(&id),
        }
    }

    /// The question on the page that asks.
    #[must_use]
    pub fn remove_question(&self, words: &Words) -> String {
        match (self.ending(), &self.name) {
            (Some(ending), _) => words.with("remove-title-ending", "ending", ending),
            (None, Some(name)) if self.factor() == Factor::Email => {
                words.with("remove-title-named", "name", name)
            }
            _ => words.t(&format!("remove-title-{}", self.words())),
        }
    }

    /// What removing it does.
    #[must_use]
    pub fn remove_lead(&self, words: &Words) -> String {
        let pair = if self.factor() == Factor::Push && self.factors.len() == 2 { "-pair" } else { "" };
        words.t(&format!("remove-lead-{}{pair}", self.words()))
    }

    /// What the button says.
    #[must_use]
    pub fn remove_button(&self, words: &Words) -> String {
        words.t(&format!("remove-confirm-{}", self.words()))
    }

    /// Whether it is the recovery code.
    #[must_use]
    pub fn is_recovery_code(&self) -> bool {
        self.factor() == Factor::RecoveryCode
    }

    /// Whether this API cannot manage it.
    #[must_use]
    pub fn is_managed_elsewhere(&self) -> bool {
        matches!(self.factor(), Factor::WebAuthn | Factor::Other)
    }

    /// Whether it makes Auth0 ask at sign-in.
    #[must_use]
    pub fn protects(&self) -> bool {
        self.factor().protects()
    }

    /// Whether it can be removed here.
    #[must_use]
    pub fn is_removable(&self) -> bool {
        let known = !matches!(self.factor(), Factor::RecoveryCode | Factor::WebAuthn | Factor::Other);
        known && !self.is_profile && self.ids.iter().all(AuthenticatorId::is_well_formed)
    }

    /// Whether a new one of its kind is offered.
    #[must_use]
    pub fn is_among(&self, offers: &[Factor]) -> bool {
        offers.contains(&self.factor())
    }

    /// Whether this is the entry with that id.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.ids.iter().any(|own| own.as_str() == id)
    }
}

/// A person's authenticators as the list shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// What is active, the strongest first.
    pub entries: Vec<Entry>,
    /// How many set-ups were never finished; a pair counts once.
    pub unfinished: usize,
}

impl Overview {
    /// Groups what the tenant lists. `profile_email` is the person's verified address, if known.
    #[must_use]
    pub fn of(authenticators: Vec<Authenticator>, profile_email: Option<&str>) -> Self {
        let (active, unfinished): (Vec<_>, Vec<_>) = authenticators.into_iter().partition(|it| it.active);
        let mut entries = Vec::new();
        for authenticator in active {
            place(&mut entries, authenticator);
        }
        merge_push(&mut entries);
        mark_profile(&mut entries, profile_email);
        // The tenant's order means nothing; people look for the strongest first and the spare one last.
        entries.sort_by_key(|entry| rank(entry.factor()));
        Self { entries, unfinished: count_unfinished(&unfinished) }
    }

    /// The entry with this id, if it is in the list.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.has(id))
    }

    /// How many entries make Auth0 ask at sign-in.
    #[must_use]
    pub fn protections(&self) -> usize {
        self.entries.iter().filter(|entry| entry.protects()).count()
    }

    /// Whether `entry` is the last one that makes Auth0 ask at sign-in.
    #[must_use]
    pub fn is_last(&self, entry: &Entry) -> bool {
        entry.protects() && self.protections() == 1
    }
}

impl Overview {
    /// Whether removing `entry` takes along another one that could not be told to be its twin: a code generator came
    /// with a push enrollment, and there are several of either.
    #[must_use]
    pub fn may_have_unseen_twin(&self, entry: &Entry) -> bool {
        let any = |factor| self.entries.iter().any(|other| other.factors == [factor]);
        match entry.factors[..] {
            [Factor::Push] => any(Factor::Totp),
            [Factor::Totp] => any(Factor::Push),
            _ => false,
        }
    }
}

/// A text message and a call to one number share the id's suffix (MFA API, SMS and voice): one entry.
fn place(entries: &mut Vec<Entry>, authenticator: Authenticator) {
    let twin = |factor| match factor {
        Factor::Sms => Some(Factor::Voice),
        Factor::Voice => Some(Factor::Sms),
        _ => None,
    };
    if entries.iter().any(|entry| entry.has(authenticator.id.as_str())) {
        return;
    }
    let home = entries.iter_mut().find(|entry| {
        let same = |id: &AuthenticatorId| id.suffix().is_some() && id.suffix() == authenticator.id.suffix();
        entry.factors.len() == 1
            && twin(entry.factor()) == Some(authenticator.factor)
            && entry.ids.iter().any(same)
    });
    match home {
        Some(entry) => {
            entry.absorb(authenticator);
            entry.order();
        }
        None => entries.push(Entry::single(authenticator)),
    }
}

impl Entry {
    /// Text message before call, push before its code generator, whatever the tenant's order.
    fn order(&mut self) {
        if let ([Factor::Voice, Factor::Sms] | [Factor::Totp, Factor::Push], [_, _]) =
            (&self.factors[..], &self.ids[..])
        {
            self.factors.reverse();
            self.ids.reverse();
        }
    }
}

/// A push enrollment brings a code generator whose id says nothing of it: a pair only when there is exactly one of each.
fn merge_push(entries: &mut Vec<Entry>) {
    let only = |entries: &[Entry], factor| {
        let mut places =
            entries.iter().enumerate().filter(|(_, entry)| entry.factor() == factor).map(|(at, _)| at);
        places.next().filter(|_| places.next().is_none())
    };
    let (Some(push), Some(totp)) = (only(entries, Factor::Push), only(entries, Factor::Totp)) else { return };
    let twin = entries.remove(totp);
    let push = if totp < push { push - 1 } else { push };
    entries[push].factors.extend(twin.factors);
    entries[push].ids.extend(twin.ids);
}

/// No field says which e-mail is the profile's own: it is the one whose mask fits the verified address.
fn mark_profile(entries: &mut [Entry], profile_email: Option<&str>) {
    let Some(address) = profile_email else { return };
    for entry in entries.iter_mut().filter(|entry| entry.factor() == Factor::Email) {
        entry.is_profile = entry.name.as_deref().is_some_and(|mask| mask_fits(mask, address));
    }
}

/// Whether `address` could be what stands behind `mask`, in which runs of `*` hide any characters.
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

fn rank(factor: Factor) -> u8 {
    match factor {
        Factor::WebAuthn => 0,
        Factor::Push => 1,
        Factor::Totp => 2,
        Factor::Sms | Factor::Voice => 3,
        Factor::Email => 4,
        Factor::Other => 5,
        Factor::RecoveryCode => 6,
    }
}

/// Pairs count once: a number's two channels share a suffix, a push set-up brings one code generator with it.
fn count_unfinished(unfinished: &[Authenticator]) -> usize {
    let count = |factor| unfinished.iter().filter(|it| it.factor == factor).count();
    let numbers = unfinished
        .iter()
        .filter(|it| matches!(it.factor, Factor::Sms | Factor::Voice))
        .map(|it| it.id.suffix().unwrap_or(it.id.as_str()))
        .collect::<std::collections::HashSet<_>>()
        .len();
    let others = count(Factor::Email) + count(Factor::Other) + count(Factor::WebAuthn);
    numbers + count(Factor::Push).max(count(Factor::Totp)) + others
}
