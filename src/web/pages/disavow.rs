//! "This was not me": the page behind the link in a notice of a change. It is open without a session, and looking at it
//! changes nothing, because mail programs look at links too.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Path;
use axum::response::Redirect;

use crate::error::Error;
use crate::mfa::disavowal;
use crate::outbox::Link;
use crate::secret::Secret;
use crate::web::extract::form::{NoFields, Unchecked};
use crate::web::extract::visit::Visit;
use crate::web::layout::page::{FooterLink, Page};

#[derive(Template, WebTemplate)]
#[template(path = "disavow.html")]
pub(crate) struct DisavowPage {
    page: Page,
    /// The change, by the ending of its messages.
    kind: &'static str,
    /// The day of the change.
    date: String,
    /// Where the button goes.
    action: String,
    is_disavowed: bool,
    support: Option<FooterLink>,
}

pub(crate) async fn show(visit: Visit, Path(token): Path<String>) -> Result<DisavowPage, Error> {
    let Link { message, disavowed_at } = disavowal::find(&visit.app, &Secret::from(&*token)).await?;
    // The person who is signed in here may be somebody else.
    let page = Page { person: None, ..visit.page() };
    Ok(DisavowPage {
        kind: message.kind.slug(),
        date: page.words.date(message.at),
        action: page.paths.disavow(&token),
        is_disavowed: disavowed_at.is_some(),
        support: FooterLink::new(visit.app.config.support_url.as_ref(), page.t("help-support")),
        page,
    })
}

/// The token itself is the proof. A layer has checked that the form comes from this site.
pub(crate) async fn disavow(
    visit: Visit,
    Path(token): Path<String>,
    _: Unchecked<NoFields>,
) -> Result<Redirect, Error> {
    disavowal::disavow(&visit.app, &visit.request, &Secret::from(&*token)).await?;
    Ok(Redirect::to(&visit.paths().disavow(&token)))
}
