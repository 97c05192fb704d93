//! What must be true of a person whatever dies when: the tenant's state and journal, and what the pages say of them.

use std::collections::{BTreeMap, BTreeSet};

use emulated_tenant::{Authenticator, Factor, Tenant};

use super::walker::Click;
use crate::support::{ASSOCIATE, Page};

/// What is known of one person.
pub(crate) struct Ledger {
    tenant: Tenant,
    email: String,
    /// Messages and requests to the phone so far.
    sent: usize,
    /// What was active when last looked at.
    active: BTreeSet<String>,
    /// What the person asked to remove.
    given_up: BTreeSet<String>,
    /// What was active when a set-up was begun, by the address of its page.
    begun: BTreeMap<String, BTreeSet<String>>,
    /// Of which factor another code was asked for by a process that died: what that brought stays with the open set-up.
    asked_again: BTreeSet<String>,
    code: Code,
}

/// Where the recovery code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    /// The tenant has not told one.
    None,
    /// It was told to a process that died; perhaps it was kept.
    Told,
    /// It can be shown.
    Kept,
    /// Its owner said that it is saved; perhaps nobody heard.
    SaidSaved,
    /// It is saved, or was told to a process that had no time to keep it.
    Gone,
}

impl Ledger {
    pub(crate) fn new(tenant: &Tenant, email: &str) -> Self {
        let (tenant, email, sent) = (tenant.clone(), email.to_owned(), 0);
        let (active, given_up, begun) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
        let (asked_again, code) = (BTreeSet::new(), Code::None);
        let mut ledger = Self { tenant, email, sent, active, given_up, begun, asked_again, code };
        // Who comes with authenticators had a recovery code long ago.
        if !ledger.authenticators().is_empty() {
            ledger.code = Code::Gone;
        }
        ledger.active = ledger.active_now();
        ledger
    }

    /// Before a click.
    pub(crate) fn clicks(&mut self, click: &Click) {
        if click.path() == "/callback" {
            // What the tenant itself sent to sign the person in.
            self.sent = self.sent_now();
        }
        if click.path() == "/authenticators/remove" && click.is_post() {
            let id = click.field("id").unwrap_or_default();
            let twin = self.authenticators().into_iter().find(|it| it.id == id).and_then(|it| it.twin);
            self.given_up.extend(twin.into_iter().chain([id.to_owned()]));
        }
    }

    /// After a click that was answered.
    pub(crate) fn arrives(&mut self, click: &Click, page: &Page) {
        let path = page.path().to_owned();
        self.is_a_page(page);
        match click.path().split('/').collect::<Vec<_>>()[..] {
            ["", "factors", slug] if click.is_post() && path.starts_with(&format!("/factors/{slug}/")) => {
                let resumed = self.begun.insert(path, self.active_now()).is_some();
                let (left, email) = (self.unfinished(slug), &self.email);
                assert!(
                    resumed || left == 1,
                    "{email}: {left} of {slug}, and what was left is cleared by a start"
                );
            }
            ["", "factors", slug, id, "confirm"] if path == "/" || path == "/recovery-code" => {
                self.was_added(slug, id);
            }
            ["", "factors", slug, _, "cancel"] if page.status == 200 => {
                self.asked_again.remove(slug);
                assert_eq!(self.unfinished(slug), 0, "{slug}: cancelled");
            }
            ["", "authenticators", "clear"] if page.notice().contains("cleared") => {
                let open = |slug: &str| 1 + usize::from(self.asked_again.contains(slug));
                assert!(
                    SLUGS.iter().all(|slug| self.unfinished(slug) <= open(slug)),
                    "cleared, but for what is open"
                );
            }
            ["", "recovery-code"] if click.field("saved").is_some() && path == "/" => self.code = Code::Gone,
            _ => {}
        }
        if self.code == Code::None && self.tells_a_code() {
            self.code = Code::Kept;
        }
        self.holds(click);
    }

    /// After a click under which the process died.
    pub(crate) fn is_cut_off(&mut self, click: &Click) {
        if let ["", "factors", slug, _, "resend"] = click.path().split('/').collect::<Vec<_>>()[..] {
            self.asked_again.insert(slug.to_owned());
        }
        if self.code == Code::None && self.tells_a_code() {
            // Whatever the portal asked next, it had the code written down by then.
            let calls = self.tenant.journal().requests();
            let own = calls.iter().filter(|it| it.sub == self.tenant.person(&self.email).map(|it| it.sub));
            let first = own.skip_while(|it| it.path != ASSOCIATE);
            self.code = if first.count() > 1 { Code::Kept } else { Code::Told };
        }
        if self.code == Code::Kept && click.path() == "/recovery-code" && click.field("saved").is_some() {
            self.code = Code::SaidSaved;
        }
        self.holds(click);
    }

    /// What the page of the recovery code shows.
    pub(crate) fn reads_code(&mut self, page: &Page) {
        self.is_a_page(page);
        assert_eq!(page.path(), "/recovery-code", "{}: signed out", self.email);
        let shown = page.texts(".recovery").first().map(|code| code.replace(' ', ""));
        match (shown, self.code) {
            (Some(shown), Code::Kept | Code::Told | Code::SaidSaved) => {
                assert_eq!(Some(shown), self.tenant.devices(&self.email).recovery_code(), "{}", self.email);
                self.code = Code::Kept;
            }
            (None, Code::Told | Code::SaidSaved) => self.code = Code::Gone,
            (None, Code::None | Code::Gone) => {}
            (shown, code) => panic!("{}: the recovery code is {code:?}, and shown is {shown:?}", self.email),
        }
    }

    /// What the list shows.
    pub(crate) fn reads_list(&self, page: &Page) {
        self.is_a_page(page);
        assert_eq!(page.path(), "/", "{}: signed out", self.email);
        let shown: BTreeSet<String> = page.links().iter().filter_map(id_of).collect();
        let all = self.authenticators();
        let own = |it: &&Authenticator| it.active && it.factor != Factor::RecoveryCode && !it.from_profile;
        let active: Vec<&Authenticator> = all.iter().filter(own).collect();
        for id in &shown {
            assert!(all.iter().any(|it| it.active && it.id == *id), "{}: {id} is shown and gone", self.email);
        }
        for one in active {
            let twin = one.twin.as_ref().is_some_and(|twin| shown.contains(twin));
            assert!(twin || shown.contains(&one.id), "{}: {} is active and not shown", self.email, one.id);
        }
    }

    /// What holds after each click, whatever became of it.
    fn holds(&mut self, click: &Click) {
        let (before, allowed) = (self.sent, usize::from(click.is_post()));
        self.sent = self.sent_now();
        assert!(
            self.sent - before <= allowed,
            "{}: {} messages for {click:?}",
            self.email,
            self.sent - before
        );
        for slug in SLUGS {
            let unfinished = self.unfinished(slug);
            assert!(unfinished <= 2, "{}: {unfinished} unfinished of {slug} after {click:?}", self.email);
        }
        let active = self.active_now();
        let lost = self.active.difference(&active).find(|id| !self.given_up.contains(*id));
        assert_eq!(lost, None, "{}: nobody asked to remove it", self.email);
        self.active = active;
    }

    /// Never blank, and never a failure but «somebody else is at it».
    fn is_a_page(&self, page: &Page) {
        let busy = page.status == 503 && page.heading() == "The first try is still under way";
        let fine = !page.status.is_server_error() || busy;
        assert!(fine && !page.heading().is_empty(), "{}: {} {}", self.email, page.status, page.text());
    }

    /// What was said to be added is active now, and was not when its set-up was begun.
    fn was_added(&self, slug: &str, id: &str) {
        let Some(before) = self.begun.get(&format!("/factors/{slug}/{id}")) else { return };
        let new = self.authenticators().into_iter().filter(|it| it.active && !before.contains(&it.id));
        let factors: Vec<&str> = new.map(|it| it.factor.prefix()).collect();
        assert!(factors.contains(&slug), "{}: {slug} was not added, only {factors:?}", self.email);
    }

    fn tells_a_code(&self) -> bool {
        self.tenant.devices(&self.email).recovery_code().is_some()
    }

    fn sent_now(&self) -> usize {
        let devices = self.tenant.devices(&self.email);
        devices.messages().len() + devices.pushes().len()
    }

    fn authenticators(&self) -> Vec<Authenticator> {
        self.tenant.authenticators(&self.email)
    }

    fn active_now(&self) -> BTreeSet<String> {
        let own = |it: &Authenticator| it.active && it.factor != Factor::RecoveryCode;
        self.authenticators().into_iter().filter(own).map(|it| it.id).collect()
    }

    /// Unfinished set-ups of a factor. A pair counts once, as what was asked for, which comes first.
    fn unfinished(&self, slug: &str) -> usize {
        let all = self.authenticators();
        let place = |id: &str| all.iter().position(|it| it.id == id);
        let is_first = |it: &&Authenticator| {
            it.twin.as_ref().and_then(|twin| place(twin)).is_none_or(|at| Some(at) > place(&it.id))
        };
        all.iter().filter(|it| !it.active && it.factor.prefix() == slug).filter(is_first).count()
    }
}

const SLUGS: [&str; 5] = ["totp", "sms", "voice", "email", "push"];

fn id_of(url: &url::Url) -> Option<String> {
    let is_about_one = url.path().starts_with("/authenticators/");
    url.query_pairs().find(|(name, _)| name == "id" && is_about_one).map(|(_, id)| id.into_owned())
}
