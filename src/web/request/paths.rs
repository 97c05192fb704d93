//! Every address of ours, built in one place. `web::routes` lists the same addresses as patterns.

use url::form_urlencoded::byte_serialize;

use crate::config::Config;
use crate::factor::Factor;

pub(crate) const CALLBACK: &str = "/callback";
pub(crate) const RECOVERY_CODE: &str = "/recovery-code";
pub(crate) const LOST_PHONE: &str = "/lost-phone";
pub(crate) const FORGET: &str = "/forget";
pub(crate) const NOTICES: &str = "/notices";
pub(crate) const REMOVE: &str = "/authenticators/remove";
pub(crate) const SIGN_OUT: &str = "/sign-out";
pub(crate) const SIGNED_OUT: &str = "/signed-out";
const AUTHENTICATORS: &str = "/authenticators";
const NAME: &str = "/authenticators/name";
const REPLACE: &str = "/authenticators/replace";
const TRY_OUT: &str = "/authenticators/try";

/// Builds addresses below the path of APP_BASE_URL.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paths {
    base: String,
}

impl Paths {
    pub(crate) fn new(config: &Config) -> Self {
        Self { base: config.base_path().to_owned() }
    }

    /// Builds addresses without the path of APP_BASE_URL, as sign-in transactions and deep links keep them.
    pub(crate) fn relative() -> Self {
        Self::default()
    }

    /// The address of a path of ours that is known already.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(crate) fn list(&self) -> String {
        self.at("/")
    }

    /// The part of the list that clears unfinished enrollments.
    pub(crate) fn list_unfinished(&self) -> String {
        self.at("/#unfinished")
    }

    /// The page on which a factor's enrollment begins, and where its form goes.
    pub(crate) fn factor(&self, slug: &str) -> String {
        self.at(&format!("/factors/{slug}"))
    }

    /// The same page, to change the number or address of an enrollment.
    pub(crate) fn change_target(&self, slug: &str, enrollment: &str) -> String {
        self.at(&format!("/factors/{slug}?id={}", query_value(enrollment)))
    }

    pub(crate) fn enrollment(&self, slug: &str, enrollment: &str) -> String {
        self.at(&format!("/factors/{slug}/{enrollment}"))
    }

    pub(crate) fn confirm_enrollment(&self, slug: &str, enrollment: &str) -> String {
        self.enrollment(slug, enrollment) + "/confirm"
    }

    pub(crate) fn resend(&self, slug: &str, enrollment: &str) -> String {
        self.enrollment(slug, enrollment) + "/resend"
    }

    pub(crate) fn cancel_enrollment(&self, slug: &str, enrollment: &str) -> String {
        self.enrollment(slug, enrollment) + "/cancel"
    }

    /// Where the removal form goes.
    pub(crate) fn remove(&self) -> String {
        self.at(REMOVE)
    }

    /// The page that asks whether to remove this authenticator.
    pub(crate) fn ask_remove(&self, id: &str) -> String {
        self.at(&format!("{REMOVE}?id={}", query_value(id)))
    }

    /// The page that asks a second time, because it is the last protection.
    pub(crate) fn ask_remove_again(&self, id: &str) -> String {
        self.ask_remove(id) + "&sure=1"
    }

    /// Removing one of a kind whose id a link does not know.
    pub(crate) fn remove_one_of(&self, factor: Factor) -> String {
        self.at(&format!("{REMOVE}/{}", factor.slug()))
    }

    /// Where the replacement form goes.
    pub(crate) fn replace(&self) -> String {
        self.at(REPLACE)
    }

    /// The page on which an authenticator gets a name.
    pub(crate) fn ask_name(&self, id: &str) -> String {
        self.at(&format!("{NAME}?id={}", query_value(id)))
    }

    /// Where an authenticator gets its name.
    pub(crate) fn name(&self) -> String {
        self.at(NAME)
    }

    /// Where what is remembered of the person is forgotten.
    pub(crate) fn forget(&self) -> String {
        self.at(FORGET)
    }

    /// The page for a lost or a new phone, and where its forms go.
    pub(crate) fn lost_phone(&self) -> String {
        self.at(LOST_PHONE)
    }

    /// The page that explains how to replace this authenticator.
    pub(crate) fn ask_replace(&self, id: &str) -> String {
        self.at(&format!("{REPLACE}?id={}", query_value(id)))
    }

    /// Replacing one of a kind whose id a link does not know.
    pub(crate) fn replace_one_of(&self, factor: Factor) -> String {
        self.at(&format!("{REPLACE}/{}", factor.slug()))
    }

    /// Where the button goes that clears unfinished enrollments.
    pub(crate) fn clear_unfinished(&self) -> String {
        self.at("/authenticators/clear")
    }

    /// Where the form goes that tries an authenticator out.
    pub(crate) fn try_out(&self) -> String {
        self.at(TRY_OUT)
    }

    /// The page that asks how to try this authenticator out.
    pub(crate) fn ask_try_out(&self, id: &str) -> String {
        self.at(&format!("{TRY_OUT}?id={}", query_value(id)))
    }

    pub(crate) fn challenge(&self, challenge: &str) -> String {
        self.at(&format!("{TRY_OUT}/{challenge}"))
    }

    pub(crate) fn confirm_challenge(&self, challenge: &str) -> String {
        self.challenge(challenge) + "/confirm"
    }

    pub(crate) fn recovery_code(&self) -> String {
        self.at(RECOVERY_CODE)
    }

    pub(crate) fn download_recovery_code(&self) -> String {
        self.at("/recovery-code/download")
    }

    /// The page that lists the topics of help.
    pub(crate) fn help(&self) -> String {
        self.at("/help")
    }

    pub(crate) fn help_about(&self, topic: &str) -> String {
        self.at(&format!("/help/{topic}"))
    }

    pub(crate) fn sign_in(&self) -> String {
        self.at("/sign-in")
    }

    /// Through sign-in with the question which account.
    pub(crate) fn sign_in_as_another(&self) -> String {
        self.at("/sign-in?another=1")
    }

    /// Through sign-in to `next`, a path of ours without the path of APP_BASE_URL.
    pub(crate) fn sign_in_to(&self, next: &str) -> String {
        self.at(&format!("/sign-in?next={}", query_value(next)))
    }

    /// The same with a new proof of identity.
    pub(crate) fn step_up_to(&self, next: &str) -> String {
        self.sign_in_to(next) + "&fresh=1"
    }

    pub(crate) fn sign_out(&self) -> String {
        self.at(SIGN_OUT)
    }

    /// Where a window asks for a ticket for its frame.
    pub(crate) fn hand_over(&self) -> String {
        self.at("/hand-over")
    }

    /// Where a frame redeems a ticket.
    pub(crate) fn redeem(&self) -> String {
        self.at("/hand-over/redeem")
    }

    /// The page on which a person says that a change was not theirs, and where its button goes.
    pub(crate) fn disavow(&self, token: &str) -> String {
        self.at(&format!("{NOTICES}/{token}"))
    }

    /// Out of the visit of a deep link.
    pub(crate) fn leave(&self) -> String {
        self.at("/leave")
    }
}

/// Whether the path is that of the OAuth callback, whose query is the tenant's answer.
pub(crate) fn is_callback(path: &str) -> bool {
    path.ends_with(CALLBACK)
}

/// The GET page of a form's address, as far as the address itself shows it. `page` is below the path of APP_BASE_URL.
pub(crate) fn page_of_form(page: String) -> String {
    match page.rsplit_once('/') {
        Some((page, "confirm" | "resend" | "cancel")) => page.to_owned(),
        // The forms below `/authenticators` are submitted from the list.
        Some((AUTHENTICATORS, action)) if !action.contains('?') => "/".to_owned(),
        _ => page,
    }
}

/// Text as one value of a query (WHATWG URL, application/x-www-form-urlencoded).
pub(crate) fn query_value(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}
