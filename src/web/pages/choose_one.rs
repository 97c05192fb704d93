//! Replacing or removing an entry of a kind, for deep links, which know no id. A person with one entry of the kind goes
//! straight on; a person with several chooses.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};

use super::next_page::NextPage;
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::{Entry, Overview, removal, replacement};
use crate::web::extract::signed_in::{Fresh, NoScope};
use crate::web::layout::notice::Notice;
use crate::web::layout::page::Page;
use crate::web::request::deep_link::{Outcome, Status};
use crate::web::request::paths::Paths;

/// The act on the chosen entry.
#[derive(Clone, Copy)]
enum Act {
    Replaced,
    Removed,
}

impl Act {
    /// The beginning of its message ids.
    fn slug(self) -> &'static str {
        match self {
            Self::Replaced => "replace",
            Self::Removed => "remove",
        }
    }

    fn href(self, paths: &Paths, id: &str) -> String {
        match self {
            Self::Replaced => paths.ask_replace(id),
            Self::Removed => paths.ask_remove(id),
        }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "choose_one.html")]
struct ChooseOnePage {
    page: Page,
    act: Act,
    entries: Vec<Entry>,
}

/// A person without an entry to replace adds one.
pub(crate) async fn replace(person: Fresh<NoScope>, Path(slug): Path<String>) -> Result<Response, Error> {
    let (factor, overview) = (named(&slug)?, person.account.overview().await?);
    let entries =
        akin(&overview, factor, |entry| replacement::replaceable(&person.account, Some(entry)).is_ok());
    if entries.is_empty() {
        return Ok(NextPage::at(person.paths().factor(factor.slug())).into_response());
    }
    Ok(choose(&person, Act::Replaced, entries))
}

pub(crate) async fn remove(person: Fresh<NoScope>, Path(slug): Path<String>) -> Result<Response, Error> {
    let (factor, overview) = (named(&slug)?, person.account.overview().await?);
    let entries =
        akin(&overview, factor, |entry| removal::removable(&person.account, &overview, entry.id()).is_ok());
    if entries.is_empty() {
        let outcome = Outcome::new(Status::Unchanged, factor);
        let notice = Notice::new("notice-already-removed").quiet();
        return Ok(NextPage::after(&person, notice, outcome).await?.into_response());
    }
    Ok(choose(&person, Act::Removed, entries))
}

fn named(slug: &str) -> Result<Factor, Error> {
    Factor::named(slug).ok_or(Error::NotFound)
}

/// The entries of this kind that the act is possible for.
fn akin(overview: &Overview, factor: Factor, possible: impl Fn(&Entry) -> bool) -> Vec<Entry> {
    let akin = overview.entries.iter().filter(|entry| entry.factor().is_akin(factor) && possible(entry));
    akin.cloned().collect()
}

/// On to the only entry, or the page on which one is chosen.
fn choose(person: &Fresh<NoScope>, act: Act, entries: Vec<Entry>) -> Response {
    let [only] = &entries[..] else {
        return ChooseOnePage { page: person.page(), act, entries }.into_response();
    };
    NextPage::at(act.href(person.paths(), only.id())).into_response()
}
