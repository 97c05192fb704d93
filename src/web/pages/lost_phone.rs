//! A lost or a new phone: a page that asks what happened, and one that leads through the steps of the change.

use std::collections::HashMap;

use askama::Template;
use askama_web::WebTemplate;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::next_page::NextPage;
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::phone_change::{self, Case, PhoneChange};
use crate::mfa::{Entry, Overview, recovery_code, replacement};
use crate::web::extract::form::CsrfChecked;
use crate::web::extract::signed_in::{Fresh, Replace};
use crate::web::layout::form_problem::FormProblem;
use crate::web::layout::mistake::Mistake;
use crate::web::layout::notice::Notice;
use crate::web::layout::offer::Offer;
use crate::web::layout::page::Page;
use crate::web::request::deep_link::{Outcome, Status};

/// The beginning of the names of the fields that mark an entry. Its id follows.
const MARK: &str = "on-phone:";

#[derive(Template, WebTemplate)]
#[template(path = "lost_phone/ask.html")]
struct AskPage {
    page: Page,
    /// The entries that can have been on the phone.
    movable: Vec<Entry>,
    /// Whether several apps look alike.
    has_alike: bool,
    mistake: Option<String>,
}

#[derive(Template, WebTemplate)]
#[template(path = "lost_phone/steps.html")]
#[expect(clippy::struct_excessive_bools, reason = "each shows or hides one sentence")]
struct StepsPage {
    page: Page,
    notice: Option<Notice>,
    /// The id of the change, which comes back with its removal.
    change: String,
    case: Case,
    /// The old ones that are still there.
    left: Vec<Entry>,
    /// Whether a new one is there.
    has_new: bool,
    /// Whether the old ones can go, because a protection remains that is none of them.
    can_remove: bool,
    /// Whether the new one comes first.
    new_first: bool,
    /// Whether they go by themselves as soon as a new one works.
    go_by_themselves: bool,
    offers: Vec<Offer>,
    can_regenerate: bool,
    renewed: bool,
    /// Whether nothing is left to do.
    is_done: bool,
    /// The old one whose new one is there already.
    replaced: Option<Entry>,
}

impl StepsPage {
    /// The ending of the message that says what the steps are for.
    fn lead(&self) -> &'static str {
        if self.is_done { "done" } else { self.case.slug() }
    }

    /// Whether the new one of this old one is there already.
    fn is_replaced(&self, entry: &Entry) -> bool {
        self.replaced.as_ref() == Some(entry)
    }
}

/// The buttons of both pages, each with its own value of `act`.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Act {
    Lost,
    New,
    Alike,
    Remove,
    End,
}

#[derive(Deserialize)]
pub(crate) struct ActForm {
    act: Act,
    /// The id of the change that is to end, or whose old ones are to go.
    #[serde(default)]
    change: String,
    #[serde(flatten)]
    others: HashMap<String, String>,
}

impl ActForm {
    /// The ids of the marked entries.
    fn marked(&self) -> Vec<String> {
        self.others.keys().filter_map(|name| name.strip_prefix(MARK)).map(ToOwned::to_owned).collect()
    }
}

pub(crate) async fn show(person: Fresh<Replace>) -> Result<Response, Error> {
    let overview = person.account.overview().await?;
    match phone_change::find(&person.account).await? {
        Some(change) => Ok(steps(&person, &overview, &change).await?.into_response()),
        None => Ok(ask(&person, &overview).into_response()),
    }
}

fn ask(person: &Fresh<Replace>, overview: &Overview) -> AskPage {
    AskPage {
        page: person.page(),
        movable: phone_change::movable(overview).cloned().collect(),
        has_alike: phone_change::alike(overview).next().is_some(),
        mistake: person.problem().text(&person.reader.words),
    }
}

async fn steps(
    person: &Fresh<Replace>,
    overview: &Overview,
    change: &PhoneChange,
) -> Result<StepsPage, Error> {
    let left = change.left(overview);
    let remains = |entry: &Entry| entry.protects() && !left.contains(entry);
    Ok(StepsPage {
        page: person.page(),
        notice: person.notice().await?,
        change: change.id.clone(),
        case: change.case,
        has_new: change.has_new(overview),
        can_remove: overview.entries.iter().any(remains),
        go_by_themselves: change.is_of(&person.account),
        new_first: change.new_first,
        left,
        offers: Offer::all(&protecting(person.account.offers().await?)),
        can_regenerate: recovery_code::may_regenerate(&person.account).await?,
        renewed: change.renewed,
        is_done: change.is_done(overview),
        replaced: replacement::old_one(&person.account, overview).await?,
    })
}

/// The factors that can take the place of one that goes.
fn protecting(offers: Vec<Factor>) -> Vec<Factor> {
    offers.into_iter().filter(|factor| factor.protects()).collect()
}

pub(crate) async fn act(
    person: Fresh<Replace>,
    CsrfChecked(form): CsrfChecked<ActForm>,
) -> Result<Response, Error> {
    match form.act {
        Act::Lost => begin_lost(&person, form.marked()).await,
        Act::New => begin(&person, Case::New, |overview| ids(phone_change::movable(overview))).await,
        Act::Alike => begin(&person, Case::Alike, |overview| ids(phone_change::alike(overview))).await,
        Act::Remove => {
            phone_change::remove_old(&person.account, &form.change).await?;
            Ok(NextPage::at(person.paths().lost_phone()).into_response())
        }
        Act::End => end(&person, &form.change).await,
    }
}

async fn begin_lost(person: &Fresh<Replace>, marked: Vec<String>) -> Result<Response, Error> {
    if marked.is_empty() {
        let problem = FormProblem::mistake(Mistake::new("mistake-nothing-marked"));
        return Ok(person.keep(problem, &person.paths().lost_phone()).await?.into_response());
    }
    begin(person, Case::Lost, |_| marked).await
}

async fn begin(
    person: &Fresh<Replace>,
    case: Case,
    old: impl FnOnce(&Overview) -> Vec<String>,
) -> Result<Response, Error> {
    let old = old(&person.account.overview().await?);
    phone_change::begin(&person.account, case, old).await?;
    let next = match case {
        Case::Alike => person.paths().factor(Factor::Totp.slug()),
        Case::Lost | Case::New => person.paths().lost_phone(),
    };
    Ok(NextPage::at(next).into_response())
}

fn ids<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    entries.map(|entry| entry.id().to_owned()).collect()
}

/// Ends the change, finished or not; what has been done stays.
async fn end(person: &Fresh<Replace>, change_id: &str) -> Result<Response, Error> {
    let change = phone_change::find(&person.account).await?;
    let overview = person.account.overview().await?;
    let is_unfinished = change.is_some_and(|it| it.case == Case::Lost && !it.left(&overview).is_empty());
    phone_change::end(&person.account, change_id).await?;
    let outcome =
        person.reader.deep_link.outcome.unwrap_or(Outcome { status: Status::Unchanged, factor: None });
    let notice = if is_unfinished {
        Notice::new("notice-phone-change-stopped").warning()
    } else {
        Notice::new("notice-phone-change-ended").quiet()
    };
    Ok(NextPage::after(person, notice, outcome).await?.into_response())
}
