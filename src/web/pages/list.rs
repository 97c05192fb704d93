//! The list of a person's authenticators, and the factors that can be added to it.

use askama::Template;
use askama_web::WebTemplate;

use super::hand_over::HandOver;
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::challenge::Candidate;
use crate::mfa::{Entry, Overview, Permission, recovery_code, removal, replacement};
use crate::web::extract::signed_in::{Add, List, SignedIn};
use crate::web::layout::notice::Notice;
use crate::web::layout::page::Page;

#[derive(Template, WebTemplate)]
#[template(path = "list.html")]
#[expect(clippy::struct_excessive_bools, reason = "each shows or hides one sentence")]
pub(crate) struct ListPage {
    page: Page,
    notice: Option<Notice>,
    overview: Overview,
    offers: Vec<Factor>,
    may_remove: bool,
    unsaved_recovery_code: bool,
    /// The one that was replaced and is still there.
    old_one: Option<Entry>,
    hand_over: Option<HandOver>,
    /// Whether the sign-in proved a second step that the person still has.
    challenged: bool,
    has_password: bool,
}

impl ListPage {
    /// The kind of lead, which claims no more than the list and the ID token show.
    fn lead(&self) -> &'static str {
        match (self.overview.protections(), self.challenged) {
            (0, true) => "elsewhere",
            (0, false) if self.has_password => "off-password",
            (0, false) => "off",
            (_, true) => "on",
            (_, false) => "set-up",
        }
    }

    /// The second step may be one that the MFA API does not list, or another provider's.
    fn is_protected_elsewhere(&self) -> bool {
        self.overview.protections() == 0 && self.challenged
    }

    fn can_be_tried(entry: &Entry) -> bool {
        !Candidate::all(entry).is_empty()
    }
}

pub(crate) async fn show(person: SignedIn<List>) -> Result<ListPage, Error> {
    let account = &person.account;
    let overview = account.overview().await?;
    let notice = person.notice().await?;
    let is_without = overview.protections() == 0 && removal::has_removed_last(account).await?;
    let old_one = replacement::old_one(account, &overview).await?;
    let unsaved_recovery_code =
        recovery_code::is_unsaved_by_list(account, overview.protections() > 0).await?;
    Ok(ListPage {
        page: person.page(),
        hand_over: HandOver::offer(&person, notice.as_ref()),
        notice,
        overview,
        offers: account.offers().await?,
        may_remove: account.person.may(Permission::Remove),
        unsaved_recovery_code,
        old_one,
        challenged: account.person.identity.challenged && !is_without,
        has_password: account.person.has_password(),
    })
}

#[derive(Template, WebTemplate)]
#[template(path = "offers.html")]
pub(crate) struct OffersPage {
    page: Page,
    offers: Vec<Factor>,
}

pub(crate) async fn offers(person: SignedIn<Add>) -> Result<OffersPage, Error> {
    Ok(OffersPage { offers: person.account.offers().await?, page: person.page() })
}
