//! E-mail: an address is asked for, and a code is sent to it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Extension;
use axum::extract::Query;
use axum::response::Redirect;
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use url::Host;

use super::sent::{self, EarlierEnrollment};
use super::series::Part;
use crate::error::Error;
use crate::factor::Factor;
use crate::tenant::Associate;
use crate::web::extract::form::CsrfChecked;
use crate::web::extract::signed_in::{Add, Fresh};
use crate::web::layout::form_problem::FormProblem;
use crate::web::layout::mistake::Mistake;
use crate::web::layout::page::Page;
use crate::web::request::form_draft::FormDraft;

/// The longest e-mail address (RFC 5321 §4.5.3.1.3).
const MAX_LENGTH: usize = 254;

/// The characters that a host name may have as its dot (UTS #46, processing).
const DOTS: [char; 4] = ['.', '。', '．', '｡'];

#[derive(Template, WebTemplate)]
#[template(path = "email.html")]
pub(crate) struct EmailPage {
    page: Page,
    part: String,
    mistake: Option<String>,
    typed: String,
}

#[derive(Deserialize)]
pub(crate) struct EmailForm {
    #[serde(default)]
    email: String,
}

pub(crate) async fn ask(
    person: Fresh<Add>,
    Query(earlier): Query<EarlierEnrollment>,
    Extension(jar): Extension<CookieJar>,
) -> Result<EmailPage, Error> {
    let part = Part::First.words(&person, Factor::Email).await?;
    let problem = person.problem();
    if !problem.typed.email.is_empty() {
        let mistake = problem.text(&person.reader.words);
        return Ok(EmailPage { page: person.page(), part, mistake, typed: problem.typed.email });
    }
    if let Some(typed) = sent::earlier_target(&person, Factor::Email, &earlier).await {
        return Ok(EmailPage { typed, part, page: person.page_about(earlier.id()), mistake: None });
    }
    let typed = FormDraft::read(&person.app, &jar, &person.account.person).email;
    Ok(EmailPage { typed, part, page: person.page(), mistake: problem.text(&person.reader.words) })
}

pub(crate) async fn associate(
    person: Fresh<Add>,
    CsrfChecked(form): CsrfChecked<EmailForm>,
) -> Result<Redirect, Error> {
    let mistake = match address(&form.email) {
        Ok(address) => match sent::start(&person, Associate::Email(address)).await {
            Err(Error::Tenant(error)) if error.refuses_target() => {
                error.log();
                Mistake::new("mistake-email-refused")
            }
            started => return started,
        },
        Err(mistake) => mistake,
    };
    let typed = FormDraft { email: form.email, ..FormDraft::default() };
    let problem = FormProblem::mistake(mistake).with_typed(typed);
    person.keep(problem, &person.paths().factor(Factor::Email.slug())).await
}

/// Refuses only text that cannot be an address. Whether it exists is shown by the code that arrives.
pub fn address(typed: &str) -> Result<String, Mistake> {
    // As a link that was copied has it (RFC 6068).
    let typed = typed.trim();
    let typed = typed.strip_prefix("mailto:").unwrap_or(typed);
    if typed.is_empty() {
        return Err(Mistake::new("mistake-email-empty"));
    }
    let plausible = typed.rsplit_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && !user.contains('@')
            && host.contains('.')
            && !host.starts_with(DOTS)
            && !host.ends_with(DOTS)
    });
    // The parser decodes percent signs, and the tenant would not.
    let is_domain = |host: &str| !host.contains('%') && matches!(Host::parse(host), Ok(Host::Domain(_)));
    let clean = typed.len() <= MAX_LENGTH
        && !typed.chars().any(|c| c.is_whitespace() || c.is_control() || ",;<>()[]:/?\\".contains(c))
        && typed.rsplit_once('@').is_some_and(|(_, host)| is_domain(host));
    if plausible && clean { Ok(typed.to_owned()) } else { Err(Mistake::new("mistake-email-shape")) }
}
