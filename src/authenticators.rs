//! The list of a person's authenticators, and what can be added to it.

mod clear;
mod remove;
mod replace;
mod which;

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::routing::get;

use crate::app::App;
use crate::error::Error;
use crate::factor::Factor;
use crate::factors::{Entry, Overview, recovery_code};
use crate::hand_over::HandOver;
use crate::notice::Notice;
use crate::page::Page;
use crate::session::Permission;
use crate::step_up::SignedIn;

pub(crate) fn router() -> Router<App> {
    Router::new()
        .route("/", get(index))
        .route("/factors", get(choose))
        .merge(clear::router())
        .merge(remove::router())
        .merge(replace::router())
        .merge(which::router())
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
    /// The one that was replaced and is still there.
    old_one: Option<Entry>,
    hand_over: Option<HandOver>,
}

async fn index(person: SignedIn) -> Result<IndexPage, Error> {
    person.must(Permission::List)?;
    let overview = person.overview().await?;
    let notice = person.notice().await?;
    Ok(IndexPage {
        old_one: person.replaced(&overview).await?,
        overview,
        hand_over: HandOver::offer(&person, notice.as_ref()),
        notice,
        offers: person.offers().await?,
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
    Ok(ChoosePage { offers: person.offers().await?, page: person.page() })
}

impl SignedIn {
    /// The person's authenticators, grouped.
    pub async fn overview(&self) -> Result<Overview, Error> {
        let mut listed = self.app.tenant.authenticators(&self.person.token).await?;
        if listed.iter().any(|it| !it.active) {
            // A set-up that is still open in another tab is no leftover.
            let running = self.enrollments().running(&listed).await?;
            listed.retain(|it| it.active || !running.contains(&it.id));
        }
        Ok(Overview::of(listed, self.person.verified_email()))
    }
}
