//! Removing what is on the list: a page that asks, a POST, and words of success. The last protection is asked for twice.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use serde::Deserialize;

use crate::app::App;
use crate::errand::{Onwards, Outcome, Status};
use crate::error::Error;
use crate::factor::Factor;
use crate::factors::{Entry, Overview};
use crate::form::Form;
use crate::notice::Notice;
use crate::page::Page;
use crate::session::Permission;
use crate::step_up::{Fresh, SignedIn};
use crate::tenant::{self, AuthenticatorId, Kind, Reason};

pub(super) fn router() -> Router<App> {
    Router::new().route("/authenticators/remove", get(ask).post(remove))
}

#[derive(Template, WebTemplate)]
#[template(path = "authenticators/remove.html")]
#[expect(clippy::struct_excessive_bools, reason = "each shows or hides one sentence")]
struct RemovePage {
    page: Page,
    entry: Entry,
    is_last: bool,
    /// Whether this is the second question.
    again: bool,
    /// Whether the new one that replaces it is there.
    replaced: bool,
    takes_twin_along: bool,
}

impl RemovePage {
    fn question(&self) -> String {
        let words = &self.page.words;
        match (self.again, self.replaced && self.entry.number.is_some()) {
            (true, _) => words.t("remove-sure-title"),
            (false, true) => words.t(&format!("replace-step-remove-{}", self.entry.words())),
            (false, false) => self.entry.remove_question(words),
        }
    }
}

#[derive(Deserialize)]
struct Chosen {
    id: String,
    /// Set once the first question was answered.
    sure: Option<String>,
}

async fn ask(person: Fresh, Query(chosen): Query<Chosen>) -> Result<RemovePage, Error> {
    let overview = person.overview().await?;
    let entry = person.removable(&overview, &chosen.id)?.clone();
    let is_last = overview.is_last(&entry);
    Ok(RemovePage {
        is_last,
        again: is_last && chosen.sure.is_some(),
        replaced: person.is_replaced(&overview, &entry).await?,
        takes_twin_along: overview.may_have_unseen_twin(&entry),
        entry,
        page: person.page(),
    })
}

async fn remove(person: Fresh, Form(chosen): Form<Chosen>) -> Result<Onwards, Error> {
    let overview = person.overview().await?;
    let (notice, outcome) = match person.removable(&overview, &chosen.id) {
        Ok(entry) if overview.is_last(entry) && chosen.sure.is_none() => {
            return Ok(ask_again(&person, entry));
        }
        Ok(entry) => {
            let replaced = person.is_replaced(&overview, entry).await?;
            person.remove(entry).await?;
            done(&person, entry, replaced).await?
        }
        // The second of two clicks, or another tab was quicker. It says the same for an id that was never theirs.
        Err(Error::NotFound) => (Notice::new("notice-already-removed"), gone(&person, &chosen.id)),
        Err(error) => return Err(error),
    };
    person.finish(notice, outcome).await
}

fn ask_again(person: &Fresh, entry: &Entry) -> Onwards {
    let id: String = url::form_urlencoded::byte_serialize(entry.id().as_bytes()).collect();
    person.to(&format!("/authenticators/remove?id={id}&sure=1"))
}

async fn done(person: &Fresh, entry: &Entry, replaced: bool) -> Result<(Notice, Outcome), Error> {
    if replaced {
        person.forget_replacing().await?;
        let notice = Notice::new(format!("notice-replaced-{}", entry.words()));
        return Ok((notice, Outcome::new(Status::Replaced, entry.factor())));
    }
    let ending = entry.ending().map(ToOwned::to_owned);
    let notice = Notice { id: format!("notice-removed-{}", entry.words()), ending };
    Ok((notice, Outcome::new(Status::Removed, entry.factor())))
}

/// A second click is as good as the first; what is gone tells its kind by its id alone.
fn gone(person: &Fresh, id: &str) -> Outcome {
    let replaced = person.done_so_far().is_some_and(|outcome| outcome.status == Status::Added);
    let status = if replaced { Status::Replaced } else { Status::Removed };
    Outcome { status, factor: id.split_once('|').and_then(|(name, _)| Factor::from_wire(name)) }
}

impl SignedIn {
    /// The entry with this id, if it is in the list just read and can be removed. Nothing else is ever sent on.
    pub(super) fn removable<'a>(&self, overview: &'a Overview, id: &str) -> Result<&'a Entry, Error> {
        self.must(Permission::Remove)?;
        let entry = overview.find(id).ok_or(Error::NotFound)?;
        if entry.is_removable() { Ok(entry) } else { Err(Error::NotRemovable) }
    }

    async fn remove(&self, entry: &Entry) -> Result<(), Error> {
        let Err(error) = self.remove_each(&entry.ids).await else { return Ok(()) };
        if matches!(&error.kind, Kind::Refused(refusal) if matches!(refusal.reason, Reason::Other | Reason::NotAvailable))
        {
            error.log();
            return Err(Error::NotRemovable);
        }
        if !error.maybe_done() {
            return Err(error.into());
        }
        // No answer, or none to rely on: a look at the list tells the truth.
        match self.app.tenant.authenticators(&self.person.token).await.inspect_err(tenant::Error::log) {
            Ok(now) if now.iter().any(|it| entry.has(it.id.as_str())) => Err(error.known_undone().into()),
            Ok(_) => {
                error.log();
                Ok(())
            }
            Err(_) => Err(error.into()),
        }
    }

    /// The tenant removes a twin with its sibling; one that is gone by then counts as removed.
    async fn remove_each(&self, ids: &[AuthenticatorId]) -> Result<(), tenant::Error> {
        for id in ids {
            self.app.tenant.remove(&self.person.token, id).await?;
        }
        Ok(())
    }

    /// Whether the new one that replaces this entry has been added.
    async fn is_replaced(&self, overview: &Overview, entry: &Entry) -> Result<bool, Error> {
        Ok(self.replaced(overview).await?.is_some_and(|old| old == *entry))
    }
}
