//! The invariants that must hold for a person after every crash, checked against the tenant's state and the pages.

use std::collections::{BTreeMap, BTreeSet};

use emulated_tenant::{Authenticator, Factor, Tenant};

use super::walker::Click;
use crate::support::{ASSOCIATE, Page};

/// One person's expected state.
pub(crate) struct Ledger {
    tenant: Tenant,
    email: String,
    /// Messages and push requests so far.
    sent: usize,
    /// Active authenticators after the last click.
    active: BTreeSet<String>,
    removal_requested: BTreeSet<String>,
    /// Active authenticators at the start of an enrollment, by the path of its page.
    active_at_start: BTreeMap<String, BTreeSet<String>>,
    /// Factors with an interrupted resend, which leaves an authenticator beside the open enrollment.
    interrupted_resends: BTreeSet<String>,
    code: Code,
}

/// The state of the recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    /// The tenant has issued none.
    None,
    /// Issued to a process that died; it may have been stored.
    Issued,
    /// Stored, so it can be shown.
    Stored,
    /// The person confirmed saving it to a process that died.
    SavedUnheard,
    /// Saved, or lost with a process that could not store it.
    Gone,
}

impl Ledger {
    pub(crate) fn new(tenant: &Tenant, email: &str) -> Self {
        let (tenant, email, sent) = (tenant.clone(), email.to_owned(), 0);
        let (active, removal_requested, active_at_start) =
            (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
        let (interrupted_resends, code) = (BTreeSet::new(), Code::None);
        let mut ledger = Self {
            tenant,
            email,
            sent,
            active,
            removal_requested,
            active_at_start,
            interrupted_resends,
            code,
        };
        // A person with authenticators got a recovery code long ago.
        if !ledger.authenticators().is_empty() {
            ledger.code = Code::Gone;
        }
        ledger.active = ledger.active_now();
        ledger
    }

    pub(crate) fn before_click(&mut self, click: &Click) {
        if click.path() == "/callback" {
            // Sign-in itself may have sent a message.
            self.sent = self.count_sent();
        }
        if click.path() == "/authenticators/remove" && click.is_post() {
            let id = click.field("id").unwrap_or_default();
            let twin = self.authenticators().into_iter().find(|it| it.id == id).and_then(|it| it.twin);
            self.removal_requested.extend(twin.into_iter().chain([id.to_owned()]));
        }
    }

    pub(crate) fn after_answer(&mut self, click: &Click, page: &Page) {
        let path = page.path().to_owned();
        self.assert_page(page);
        match click.path().split('/').collect::<Vec<_>>()[..] {
            ["", "factors", slug] if click.is_post() && path.starts_with(&format!("/factors/{slug}/")) => {
                let resumed = self.active_at_start.insert(path, self.active_now()).is_some();
                let (left, email) = (self.unfinished(slug), &self.email);
                assert!(
                    resumed || left == 1,
                    "{email}: {left} of {slug}, and what was left is cleared by a start"
                );
            }
            ["", "factors", slug, id, "confirm"] if path == "/" || path == "/recovery-code" => {
                self.assert_added(slug, id);
            }
            ["", "factors", slug, _, "cancel"] if page.status == 200 => {
                self.interrupted_resends.remove(slug);
                assert_eq!(self.unfinished(slug), 0, "{slug}: cancelled");
            }
            ["", "authenticators", "clear"] if page.notice().contains("cleared") => {
                let open = |slug: &str| 1 + usize::from(self.interrupted_resends.contains(slug));
                assert!(
                    SLUGS.iter().all(|slug| self.unfinished(slug) <= open(slug)),
                    "cleared, but for what is open"
                );
            }
            ["", "recovery-code"] if click.field("saved").is_some() && path == "/" => self.code = Code::Gone,
            _ => {}
        }
        if self.code == Code::None && self.has_recovery_code() {
            self.code = Code::Stored;
        }
        self.check_invariants(click);
    }

    /// Called after a click during which the process died.
    pub(crate) fn after_crash(&mut self, click: &Click) {
        if let ["", "factors", slug, _, "resend"] = click.path().split('/').collect::<Vec<_>>()[..] {
            self.interrupted_resends.insert(slug.to_owned());
        }
        if self.code == Code::None && self.has_recovery_code() {
            // The portal stores the code before its next call to the tenant.
            let calls = self.tenant.journal().requests();
            let own = calls.iter().filter(|it| it.sub == self.tenant.person(&self.email).map(|it| it.sub));
            let first = own.skip_while(|it| it.path != ASSOCIATE);
            self.code = if first.count() > 1 { Code::Stored } else { Code::Issued };
        }
        if self.code == Code::Stored && click.path() == "/recovery-code" && click.field("saved").is_some() {
            self.code = Code::SavedUnheard;
        }
        self.check_invariants(click);
    }

    pub(crate) fn check_recovery_page(&mut self, page: &Page) {
        self.assert_page(page);
        // A code that waits for a first factor leads to the list, which says so.
        let waits = [Code::Stored, Code::Issued].contains(&self.code) && !self.is_protected();
        let is_there = page.path() == "/recovery-code" || (waits && page.path() == "/");
        assert!(is_there, "{}: signed out, at {}", self.email, page.path());
        let shown = page.texts(".recovery").first().map(|code| code.replace(' ', ""));
        match (shown, self.code) {
            (Some(shown), Code::Stored | Code::Issued | Code::SavedUnheard) => {
                assert_eq!(Some(shown), self.tenant.devices(&self.email).recovery_code(), "{}", self.email);
                self.code = Code::Stored;
            }
            // It waits until what it came with is confirmed, and for another session's proof of a factor.
            (None, Code::Stored | Code::Issued) if !self.is_protected() || page.status == 403 => {}
            (None, Code::Issued | Code::SavedUnheard) => self.code = Code::Gone,
            (None, Code::None | Code::Gone) => {}
            (shown, code) => panic!("{}: the recovery code is {code:?}, and shown is {shown:?}", self.email),
        }
    }

    pub(crate) fn check_list(&self, page: &Page) {
        self.assert_page(page);
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

    /// Holds after each click, answered or not.
    fn check_invariants(&mut self, click: &Click) {
        let (before, allowed) = (self.sent, usize::from(click.is_post()));
        self.sent = self.count_sent();
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
        let lost = self.active.difference(&active).find(|id| !self.removal_requested.contains(*id));
        assert_eq!(lost, None, "{}: nobody asked to remove it", self.email);
        self.active = active;
    }

    /// Never blank, and no server error but the one for a held lock.
    fn assert_page(&self, page: &Page) {
        let busy = page.status == 503 && page.heading() == "The first try is still under way";
        let fine = !page.status.is_server_error() || busy;
        assert!(fine && !page.heading().is_empty(), "{}: {} {}", self.email, page.status, page.text());
    }

    /// A factor reported as added is active now and was not at the start of its enrollment.
    fn assert_added(&self, slug: &str, id: &str) {
        let Some(before) = self.active_at_start.get(&format!("/factors/{slug}/{id}")) else { return };
        let new = self.authenticators().into_iter().filter(|it| it.active && !before.contains(&it.id));
        let factors: Vec<&str> = new.map(|it| it.factor.prefix()).collect();
        assert!(factors.contains(&slug), "{}: {slug} was not added, only {factors:?}", self.email);
    }

    fn has_recovery_code(&self) -> bool {
        self.tenant.devices(&self.email).recovery_code().is_some()
    }

    fn count_sent(&self) -> usize {
        let devices = self.tenant.devices(&self.email);
        devices.messages().len() + devices.pushes().len()
    }

    fn authenticators(&self) -> Vec<Authenticator> {
        self.tenant.authenticators(&self.email)
    }

    fn is_protected(&self) -> bool {
        let protects =
            |it: &Authenticator| it.active && !matches!(it.factor, Factor::RecoveryCode | Factor::Email);
        self.authenticators().iter().any(protects)
    }

    fn active_now(&self) -> BTreeSet<String> {
        let own = |it: &Authenticator| it.active && it.factor != Factor::RecoveryCode;
        self.authenticators().into_iter().filter(own).map(|it| it.id).collect()
    }

    /// Unfinished enrollments of a factor; a pair counts once, under its first authenticator.
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
