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
use crate::factor::Factor;
use crate::factors::{Entry, Overview};
use crate::form::Form;
use crate::page::Page;
use crate::session::Permission;
use crate::step_up::{Fresh, SignedIn};
use crate::store::{Key, Kind};
use crate::tenant::AuthenticatorId;

/// Long enough to buy a new phone and come back.
const REMEMBERED: Duration = Duration::DAY;

pub(super) fn router() -> Router<App> {
    Router::new().route("/authenticators/replace", get(ask).post(begin))
}

/// What the person is replacing.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Replacing {
    /// The old one's id.
    id: String,
    factor: Factor,
    /// What was there when it was begun. Whether the new one is there now, the list tells, whoever died meanwhile.
    before: Vec<AuthenticatorId>,
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
    let before = overview.entries.iter().flat_map(|entry| entry.ids.clone()).collect();
    let replacing = Replacing { id: entry.id().to_owned(), factor: entry.factor(), before };
    person.app.store.put(person.replacing_key(), &replacing, REMEMBERED).await?;
    Ok(Redirect::to(&person.href(&format!("/factors/{}", entry.factor().slug()))))
}

impl SignedIn {
    /// The old one, if the new one that replaces it is there too.
    pub async fn replaced(&self, overview: &Overview) -> Result<Option<Entry>, Error> {
        let replacing = self.replacing().await?.filter(|it| it.is_done(overview));
        Ok(replacing.and_then(|it| overview.find(&it.id).cloned()))
    }

    /// The id of the old one, where what was just added replaces it.
    pub async fn replaced_by(&self, factor: Factor) -> Result<Option<String>, Error> {
        if self.replacing().await?.is_none_or(|it| !it.factor.is_akin(factor)) {
            return Ok(None);
        }
        let old = self.replaced(&self.overview().await?).await?;
        Ok(old.map(|entry| entry.id().to_owned()))
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

    async fn replacing(&self) -> Result<Option<Replacing>, Error> {
        Ok(self.app.store.get(self.replacing_key()).await?)
    }

    fn replacing_key(&self) -> Key {
        self.app.store.key_of(Kind::Replacing, &[&self.person.identity.sub])
    }
}

impl Replacing {
    fn is_done(&self, overview: &Overview) -> bool {
        let all = overview.entries.iter().flat_map(|entry| entry.factors.iter().zip(&entry.ids));
        all.into_iter().any(|(factor, id)| self.factor.is_akin(*factor) && !self.before.contains(id))
    }
}
