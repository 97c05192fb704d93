//! Help: three short pages that are open without a session, and the way to the support team after them.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Path;

use crate::error::Error;
use crate::web::extract::visit::Visit;
use crate::web::layout::page::{FooterLink, Page};

/// The topics, by the ending of their address and of their message ids.
const TOPICS: [&str; 3] = ["app", "lost-phone", "no-code"];

#[derive(Template, WebTemplate)]
#[template(path = "help.html")]
pub(crate) struct HelpPage {
    page: Page,
    /// The topic, unless it is the page that lists them all.
    topic: Option<&'static str>,
    /// The other topics.
    others: Vec<&'static str>,
    support: Option<FooterLink>,
}

impl HelpPage {
    fn new(visit: &Visit, topic: Option<&'static str>) -> Self {
        let page = visit.page();
        Self {
            topic,
            others: TOPICS.into_iter().filter(|it| Some(*it) != topic).collect(),
            support: FooterLink::new(visit.app.config.support_url.as_ref(), page.t("help-support")),
            page,
        }
    }

    fn title(&self) -> String {
        self.topic.map_or_else(|| self.page.t("help"), |topic| self.page.t_of("help-title", topic))
    }
}

pub(crate) async fn list(visit: Visit) -> HelpPage {
    HelpPage::new(&visit, None)
}

pub(crate) async fn show(visit: Visit, Path(slug): Path<String>) -> Result<HelpPage, Error> {
    let topic = TOPICS.into_iter().find(|topic| *topic == slug).ok_or(Error::NotFound)?;
    Ok(HelpPage::new(&visit, Some(topic)))
}
