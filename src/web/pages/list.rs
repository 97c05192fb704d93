//! The list of a person's authenticators, and the factors that can be added to it.

use askama::Template;
use askama_web::WebTemplate;

use super::hand_over::HandOver;
use crate::audit::Event;
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::challenge::Candidate;
use crate::mfa::phone_change::{self, Case};
use crate::mfa::remembered::{self, Remembered};
use crate::mfa::{Entry, Overview, Permission, recovery_code, removal, replacement};
use crate::web::extract::signed_in::{Add, List, SignedIn};
use crate::web::layout::notice::Notice;
use crate::web::layout::offer::Offer;
use crate::web::layout::page::Page;

#[derive(Template, WebTemplate)]
#[template(path = "list.html")]
#[expect(clippy::struct_excessive_bools, reason = "each shows or hides one sentence")]
pub(crate) struct ListPage {
    page: Page,
    notice: Option<Notice>,
    /// The record of the person, and for how many days it is kept.
    remembered: Remembered,
    kept_for: u16,
    remembers: bool,
    overview: Overview,
    offers: Vec<Offer>,
    /// The factors on offer, of which an entry can be replaced.
    offered: Vec<Factor>,
    may_remove: bool,
    can_regenerate: bool,
    /// Whether there is something to move to a new phone.
    leads_to_new_phone: bool,
    /// The change of phones that is under way.
    phone_change: Option<Case>,
    /// Whether several apps look alike.
    has_alike: bool,
    /// Whether the person came in by their recovery code, and has not yet begun to say why.
    used_recovery_code: bool,
    unsaved_recovery_code: bool,
    /// The way to add next, with a button of its own: the first one, or a second one right after it.
    next: Option<Offer>,
    /// The one that was replaced and is still there.
    old_one: Option<Entry>,
    /// Those on a lost phone, or that another app is to replace, that are still there.
    left_of_change: Vec<Entry>,
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

    /// Whether what the person has is not asked for at sign-in.
    fn is_unprotected(&self) -> bool {
        let protections = self.overview.protections();
        protections == 0 && !self.overview.entries.is_empty() && !self.is_protected_elsewhere()
    }

    /// The second step may be one that the MFA API does not list, or another provider's.
    fn is_protected_elsewhere(&self) -> bool {
        self.overview.protections() == 0 && self.challenged
    }

    /// Whether another one has taken its place, or is to.
    fn is_old(&self, entry: &Entry) -> bool {
        self.old_one.as_ref() == Some(entry) || self.left_of_change.contains(entry)
    }

    fn can_be_tried(entry: &Entry) -> bool {
        !Candidate::all(entry).is_empty()
    }
}

pub(crate) async fn show(person: SignedIn<List>) -> Result<ListPage, Error> {
    let account = &person.account;
    let mut remembered = remembered::read(account).await?;
    let overview = account.overview_recalling(&mut remembered).await?;
    let notice = person.notice().await?;
    let notice = if overview.protections() == 0 { notice.map(Notice::unprotected) } else { notice };
    let is_without = overview.protections() == 0 && removal::has_removed_last(account).await?;
    let old_one = replacement::old_one(account, &overview).await?;
    let unsaved_recovery_code = recovery_code::is_unsaved_by_list(account, &overview).await?;
    let phone_change = phone_change::find(account).await?.filter(|change| !change.is_done(&overview));
    let left_of_change = phone_change
        .as_ref()
        .filter(|change| change.case != Case::New)
        .map_or_else(Vec::new, |change| change.left(&overview));
    let phone_change = phone_change.map(|change| change.case);
    // An old one beside its new one is told apart by its mark.
    let has_alike = old_one.is_none() && phone_change::alike(&overview).next().is_some();
    let may_replace = account.person.may(Permission::Add) && account.person.may(Permission::Remove);
    let leads_to_new_phone = may_replace && phone_change::movable(&overview).next().is_some();
    let offered = account.offers().await?;
    let offers = Offer::all(&offered);
    account.tell(Event::List.succeeded());
    let asks_for_next = match overview.protections() {
        0 => !overview.entries.is_empty(),
        1 => notice.as_ref().is_some_and(Notice::ends_set_up),
        _ => false,
    };
    Ok(ListPage {
        leads_to_new_phone,
        has_alike,
        used_recovery_code: leads_to_new_phone
            && phone_change.is_none()
            && account.person.identity.used_recovery_code,
        phone_change,
        remembered,
        kept_for: person.app.config.remember_days,
        remembers: remembered::is_on(&person.app),
        page: person.page(),
        hand_over: HandOver::offer(&person, notice.as_ref()),
        notice,
        next: Offer::beside(&offers, &overview.entries).filter(|_| asks_for_next),
        overview,
        offers,
        offered,
        may_remove: account.person.may(Permission::Remove),
        can_regenerate: account.portal.tenant.can_regenerate(),
        unsaved_recovery_code,
        old_one,
        left_of_change,
        challenged: account.person.identity.challenged && !is_without,
        has_password: account.person.has_password(),
    })
}

#[derive(Template, WebTemplate)]
#[template(path = "offers.html")]
pub(crate) struct OffersPage {
    page: Page,
    offers: Vec<Offer>,
}

pub(crate) async fn offers(person: SignedIn<Add>) -> Result<OffersPage, Error> {
    Ok(OffersPage { offers: Offer::all(&person.account.offers().await?), page: person.page() })
}
