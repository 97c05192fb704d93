//! The list, and removing what is on it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::Query;
use axum::response::Redirect;
use axum::routing::get;
use serde::Deserialize;

use crate::app::App;
use crate::error::Error;
use crate::factors::{Entry, Factor, Overview, recovery_code};
use crate::form::Form;
use crate::notice::Notice;
use crate::page::Page;
use crate::session::Permission;
use crate::step_up::{Fresh, SignedIn};
use crate::tenant::{self, AuthenticatorId, Kind, Reason};

pub(crate) fn router() -> Router<App> {
    Router::new()
        .route("/", get(index))
        .route("/factors", get(choose))
        .route("/authenticators/remove", get(ask).post(remove))
}

#[derive(Template, WebTemplate)]
#[template(path = "authenticators/index.html")]
struct IndexPage {
    page: Page,
    notice: Option<Notice>,
    overview: Overview,
    offers: Vec<Factor>,
    may_remove: bool,
    unsaved_recovery_code: bool,
}

async fn index(person: SignedIn) -> Result<IndexPage, Error> {
    person.must(Permission::List)?;
    Ok(IndexPage {
        overview: person.overview().await?,
        notice: person.notice().await?,
        offers: person.offers(),
        may_remove: person.person.may(Permission::Remove),
        unsaved_recovery_code: recovery_code::is_unsaved(&person).await?,
        page: person.page(),
    })
}

#[derive(Template, WebTemplate)]
#[template(path = "authenticators/choose.html")]
struct ChoosePage {
    page: Page,
    offers: Vec<Factor>,
}

async fn choose(person: SignedIn) -> Result<ChoosePage, Error> {
    person.must(Permission::Add)?;
    Ok(ChoosePage { offers: person.offers(), page: person.page() })
}

#[derive(Template, WebTemplate)]
#[template(path = "authenticators/remove.html")]
struct RemovePage {
    page: Page,
    entry: Entry,
    is_last: bool,
    takes_twin_along: bool,
}

#[derive(Deserialize)]
struct Chosen {
    id: String,
}

async fn ask(person: Fresh, Query(chosen): Query<Chosen>) -> Result<RemovePage, Error> {
    let overview = person.overview().await?;
    let entry = person.removable(&overview, &chosen.id)?.clone();
    Ok(RemovePage {
        is_last: overview.is_last(&entry),
        takes_twin_along: overview.may_have_unseen_twin(&entry),
        entry,
        page: person.page(),
    })
}

async fn remove(person: Fresh, Form(chosen): Form<Chosen>) -> Result<Redirect, Error> {
    let overview = person.overview().await?;
    let done = match person.removable(&overview, &chosen.id) {
        Ok(entry) => {
            person.remove(entry).await?;
            Notice {
                id: format!("notice-removed-{}", entry.words()),
                ending: entry.ending().map(ToOwned::to_owned),
            }
        }
        // The second of two clicks, or another tab was quicker. It says the same for an id that was never theirs.
        Err(Error::NotFound) => Notice::new("notice-already-removed"),
        Err(error) => return Err(error),
    };
    person.leave(done).await?;
    Ok(Redirect::to(&person.href("/")))
}

impl SignedIn {
    /// The person's authenticators, grouped.
    pub async fn overview(&self) -> Result<Overview, Error> {
        let listed = self.app.tenant.authenticators(&self.person.token).await?;
        Ok(Overview::of(listed, self.person.verified_email()))
    }

    /// What the person may add here.
    fn offers(&self) -> Vec<Factor> {
        let may = self.person.may(Permission::Add);
        self.app.config.factors.iter().copied().filter(|_| may).collect()
    }

    /// The entry with this id, if it is in the list just read and can be removed. Nothing else is ever sent on.
    fn removable<'a>(&self, overview: &'a Overview, id: &str) -> Result<&'a Entry, Error> {
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
        // No answer: a look at the list tells the truth.
        match self.overview().await {
            Ok(now) if now.find(entry.id()).is_none() => Ok(()),
            Ok(_) => Err(error.known_undone().into()),
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
}
