//! Removing an entry: a page that asks, a POST, and a notice. Removing the last protection is asked for twice.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Query;
use serde::Deserialize;

use super::next_page::NextPage;
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::removal::{self, Removal};
use crate::mfa::{Entry, replacement};
use crate::web::extract::form::CsrfChecked;
use crate::web::extract::signed_in::{Fresh, Remove};
use crate::web::layout::notice::Notice;
use crate::web::layout::page::Page;
use crate::web::request::deep_link::{Outcome, Status};

#[derive(Template, WebTemplate)]
#[template(path = "remove.html")]
#[expect(clippy::struct_excessive_bools, reason = "each shows or hides one sentence")]
pub(crate) struct RemovePage {
    page: Page,
    entry: Entry,
    is_last: bool,
    /// Whether this is the second question.
    again: bool,
    /// Whether the new one that replaces it is there.
    replaced: bool,
    may_have_unseen_twin: bool,
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
pub(crate) struct Chosen {
    id: String,
    /// Present once the first question was answered.
    sure: Option<String>,
}

pub(crate) async fn ask(person: Fresh<Remove>, Query(chosen): Query<Chosen>) -> Result<RemovePage, Error> {
    let overview = person.account.overview().await?;
    let entry = removal::removable(&person.account, &overview, &chosen.id)?.clone();
    let is_last = removal::is_last(&person.account, &overview, &entry).await?;
    Ok(RemovePage {
        is_last,
        again: is_last && chosen.sure.is_some(),
        replaced: replacement::is_replaced(&person.account, &overview, &entry).await?,
        may_have_unseen_twin: overview.may_have_unseen_twin(&entry),
        entry,
        page: person.page_about(&chosen.id),
    })
}

pub(crate) async fn remove(
    person: Fresh<Remove>,
    CsrfChecked(chosen): CsrfChecked<Chosen>,
) -> Result<NextPage, Error> {
    let (notice, outcome) = match removal::remove(&person.account, &chosen.id, chosen.sure.is_some()).await {
        Ok(Removal::LastProtection(entry)) => {
            return Ok(NextPage::at(person.paths().ask_remove_again(entry.id())));
        }
        Ok(Removal::Removed { entry, replaced: true, .. }) => replaced(&entry),
        Ok(Removal::Removed { entry, was_last, .. }) => removed(&entry, was_last),
        // A second click, or another tab, removed it before. An id that was never the person's gets the same answer.
        Err(Error::NotFound) => (Notice::new("notice-already-removed").quiet(), gone(&person, &chosen.id)),
        Err(error) => return Err(error),
    };
    NextPage::after(&person, notice, outcome).await
}

fn replaced(entry: &Entry) -> (Notice, Outcome) {
    let notice = Notice::new(format!("notice-replaced-{}", entry.words()));
    (notice, Outcome::new(Status::Replaced, entry.factor()))
}

fn removed(entry: &Entry, was_last: bool) -> (Notice, Outcome) {
    let notice = Notice::new(format!("notice-removed-{}", entry.words())).ending(entry.ending());
    let notice = if was_last { notice.of_last_one() } else { notice };
    (notice, Outcome::new(Status::Removed, entry.factor()))
}

/// A second click has the outcome of the first. The id alone names the factor of an authenticator that is gone.
fn gone(person: &Fresh<Remove>, id: &str) -> Outcome {
    let before = person.reader.deep_link.outcome;
    let replaced = before.is_some_and(|outcome| outcome.status == Status::Added);
    let status = if replaced { Status::Replaced } else { Status::Removed };
    Outcome { status, factor: id.split_once('|').and_then(|(name, _)| Factor::from_wire(name)) }
}
