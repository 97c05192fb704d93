//! The problem with a submitted form, for the form's own page: the mistake, the wait or the limit, and what was typed.
//! It is kept beside the session under the form's address until the form's next submit, or for two minutes, so that the
//! page can be reloaded and returned to, and nothing is submitted again.

use axum::response::Redirect;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tower_sessions::Session;

use super::mistake::Mistake;
use super::page::Page;
use super::told::Told;
use crate::clock::Clock;
use crate::error::{Error, Explanation};
use crate::i18n::Words;
use crate::secret::Secret;
use crate::store::{Key, RecordKind, Store};
use crate::web::request::form_draft::FormDraft;

const KEPT_FOR: Duration = Duration::minutes(2);

/// The problem with a form, and what was typed into it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct FormProblem {
    mistake: Option<Mistake>,
    limit: Option<Limit>,
    /// When the next message may be sent.
    wait_until: Option<OffsetDateTime>,
    pub(crate) typed: FormDraft,
    /// The number that the person may add whatever the doubt about it.
    pub(crate) doubted: Option<String>,
    /// Never one that the tenant has refused, so that nobody types the right one in front of it.
    code: Option<Secret>,
    /// How many codes the tenant has refused in a row.
    refused_codes: u8,
}

/// A limit of ours that the form hit.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Limit {
    id: String,
    maybe_changed: Option<bool>,
    retry_at: Option<OffsetDateTime>,
}

impl FormProblem {
    /// A field with a mistake.
    pub(crate) fn mistake(mistake: Mistake) -> Self {
        Self { mistake: Some(mistake), ..Self::default() }
    }

    /// A doubt about this number, which the next submit overrides.
    pub(crate) fn doubt(doubt: Mistake, number: String) -> Self {
        Self { doubted: Some(number), ..Self::mistake(doubt) }
    }

    /// A code that has the wrong shape.
    pub(crate) fn misshapen_code(mistake: Mistake, code: String) -> Self {
        Self { code: Some(Secret::from(code)), ..Self::mistake(mistake) }
    }

    /// A code that the tenant refused, after this problem.
    pub(crate) fn refused_code(mistake: Mistake, before: &Self) -> Self {
        Self { refused_codes: before.refused_codes.saturating_add(1), ..Self::mistake(mistake) }
    }

    /// The last message is still on its way.
    pub(crate) fn wait(until: OffsetDateTime) -> Self {
        Self { wait_until: Some(until), ..Self::default() }
    }

    /// A limit of ours that the form hit.
    pub(crate) fn limit(explanation: &Explanation) -> Self {
        let Explanation { id, maybe_changed, retry_at, .. } = explanation;
        let limit = Limit { id: (*id).to_owned(), maybe_changed: *maybe_changed, retry_at: *retry_at };
        Self { limit: Some(limit), ..Self::default() }
    }

    /// The same with what was typed.
    pub(crate) fn with_typed(self, typed: FormDraft) -> Self {
        Self { typed, ..self }
    }

    /// The words for the mistake.
    pub(crate) fn text(&self, words: &Words) -> Option<String> {
        self.mistake.as_ref().map(|mistake| mistake.text(words))
    }

    /// The code as typed, if it may be corrected.
    pub(crate) fn code(&self) -> String {
        self.code.as_ref().map(|code| code.expose().to_owned()).unwrap_or_default()
    }

    /// Our time in milliseconds, once several codes in a row were refused: the phone's clock may be the cause.
    pub(crate) fn drift(&self, clock: &Clock) -> Option<i128> {
        (self.refused_codes > 1).then(|| clock.now().unix_timestamp_nanos() / 1_000_000)
    }

    /// How long to wait before another message can be sent.
    pub(crate) fn patience(&self, words: &Words, clock: &Clock) -> Option<String> {
        let left = self.wait_until.map(|until| until - clock.now()).filter(|left| left.is_positive());
        left.map(|left| words.count("resend-wait", left.whole_seconds().max(1)))
    }

    /// The words for the limit.
    pub(crate) fn told(&self, page: &Page, clock: &Clock) -> Option<Told> {
        let Limit { id, maybe_changed, retry_at } = self.limit.as_ref()?;
        Some(Told::new(page, clock, id, *maybe_changed, *retry_at))
    }

    /// Keeps it for the form's page at this address of ours, and leads there.
    pub(crate) async fn keep(
        &self,
        store: &Store,
        session: &Session,
        address: &str,
    ) -> Result<Redirect, Error> {
        if let Some(key) = Self::record(session, address) {
            store.put(key, self, KEPT_FOR).await?;
        }
        Ok(Redirect::to(address))
    }

    /// The problem that was kept for the page at this address.
    pub(crate) async fn find(store: &Store, session: &Session, address: &str) -> Result<Option<Self>, Error> {
        match Self::record(session, address) {
            Some(key) => Ok(store.get(key).await?),
            None => Ok(None),
        }
    }

    /// Forgets it, because the form was submitted again.
    pub(crate) async fn forget(store: &Store, session: &Session, address: &str) -> Result<(), Error> {
        match Self::record(session, address) {
            Some(key) => Ok(store.remove(key).await?),
            None => Ok(()),
        }
    }
    /// Its record. Of the address only the path counts, because a form's page names what it is about in its query.
    pub(crate) fn record(session: &Session, address: &str) -> Option<Key> {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        session.id().map(|id| Key::random_id(RecordKind::FormProblem, &format!("{id} {path}")))
    }
}
