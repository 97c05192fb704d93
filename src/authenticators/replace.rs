//! A new phone or a new number: add and confirm the new one, then remove the old one. There are never fewer than before,
//! and whoever stops in the middle finds the list reminding them.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::Query;
use axum::response::Redirect;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::app::App;
use crate::error::Error;
use crate::factors::{Entry, Factor};
use crate::form::Form;
use crate::page::Page;
use crate::session::Permission;
use crate::step_up::{Fresh, SignedIn};
use crate::store::{Key, Kind};

/// Long enough to buy a new phone and come back.
const REMEMBERED: Duration = Duration::DAY;

pub(super) fn router() -> Router<App> {
    Router::new().route("/authenticators/replace", get(ask).post(begin))
}

/// What the person is replacing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Replacing {
    /// The old one's id.
    pub id: String,
    /// Whether the new one is there, so that the old one may go.
    pub added: bool,
    factor: Factor,
}

#[derive(Template, WebTemplate)]
#[template(path = "authenticators/replace.html")]
struct ReplacePage {
    page: Page,
    entry: Entry,
}

#[derive(Deserialize)]
struct Chosen {
    id: String,
}

async fn ask(person: Fresh, Query(chosen): Query<Chosen>) -> Result<ReplacePage, Error> {
    let overview = person.overview().await?;
    let entry = person.replaceable(overview.find(&chosen.id).cloned())?;
    Ok(ReplacePage { page: person.page(), entry })
}

async fn begin(person: Fresh, Form(chosen): Form<Chosen>) -> Result<Redirect, Error> {
    let overview = person.overview().await?;
    let entry = person.replaceable(overview.find(&chosen.id).cloned())?;
    let replacing = Replacing { id: entry.id().to_owned(), added: false, factor: entry.factor() };
    person.app.store.put(person.replacing_key(), &replacing, REMEMBERED).await?;
    Ok(Redirect::to(&person.href(&format!("/factors/{}", entry.factor().slug()))))
}

impl SignedIn {
    /// What the person is replacing, if anything.
    pub async fn replacing(&self) -> Result<Option<Replacing>, Error> {
        Ok(self.app.store.get(self.replacing_key()).await?)
    }

    /// Takes note that a factor was added; where it replaces another one, returns that one's id.
    pub async fn note_added(&self, factor: Factor) -> Result<Option<String>, Error> {
        let Some(replacing) = self.replacing().await?.filter(|it| it.factor.is_akin(factor)) else {
            return Ok(None);
        };
        let added = Replacing { added: true, ..replacing };
        self.app.store.put(self.replacing_key(), &added, REMEMBERED).await?;
        Ok(Some(added.id))
    }

    /// The replacement has come to its end, or was given up.
    pub async fn forget_replacing(&self) -> Result<(), Error> {
        Ok(self.app.store.remove(self.replacing_key()).await?)
    }

    /// The entry, if a new one of its kind can take its place.
    pub(super) fn replaceable(&self, entry: Option<Entry>) -> Result<Entry, Error> {
        self.must(Permission::Add)?;
        self.must(Permission::Remove)?;
        let entry = entry.ok_or(Error::NotFound)?;
        let offered = self.app.config.factors.contains(&entry.factor());
        if entry.is_removable() && offered { Ok(entry) } else { Err(Error::NotRemovable) }
    }

    fn replacing_key(&self) -> Key {
        self.app.store.key_of(Kind::Replacing, &[&self.person.identity.sub])
    }
}
