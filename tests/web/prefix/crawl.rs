//! A browser that looks at every page it comes to for an address that leads out of the path.

use std::collections::BTreeSet;

use url::Url;

use crate::support::{Browser, World};

/// What makes a browser ask for something, or go somewhere.
const LEADING: [(&str, &str); 8] = [
    ("a[href]", "href"),
    ("link[href]", "href"),
    ("script[src]", "src"),
    ("img[src]", "src"),
    ("form[action]", "action"),
    ("[formaction]", "formaction"),
    ("iframe[src]", "src"),
    ("[srcset]", "srcset"),
];

pub(crate) struct Crawl {
    pub(crate) browser: Browser,
    /// The path, as an address with a slash at its end.
    home: Url,
}

impl Crawl {
    pub(crate) async fn signed_in(world: &World, email: &str) -> Self {
        let crawl = Self::of(world.signed_in(email).await, &world.portal);
        crawl.look();
        crawl
    }

    pub(crate) fn of(browser: Browser, home: &Url) -> Self {
        Self { browser, home: home.clone() }
    }

    pub(crate) async fn sign_in(&mut self, email: &str) {
        self.browser.pass_sign_in(email).await;
        self.look();
    }

    pub(crate) async fn open(&mut self, page: &str) {
        self.browser.open(page).await;
        self.look();
    }

    pub(crate) async fn follow(&mut self, link: &str) {
        self.browser.follow(link).await;
        self.look();
    }

    pub(crate) async fn press(&mut self, button: &str, typed: &[(&str, &str)]) {
        self.browser.press(button, typed).await;
        self.look();
    }

    pub(crate) async fn tick_and_press(&mut self, field: &str, button: &str) {
        let mut form = self.browser.page.form(button);
        form.set(field, "yes");
        self.browser.send(&form).await;
        self.look();
    }

    /// Goes to every page that a link of ours leads to, and gives their paths.
    pub(crate) async fn follow_every_link(&mut self) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut ahead = vec![self.home.clone()];
        while let Some(url) = ahead.pop() {
            if seen.insert(url.clone()) {
                self.browser.go(url).await;
                self.look();
                let own = self.browser.page.links().into_iter().filter(|url| self.is_own(url));
                ahead.extend(own.map(|mut url| {
                    url.set_fragment(None);
                    url
                }));
            }
        }
        seen.iter().map(|url| url.path().to_owned()).collect()
    }

    /// Whether everything on this page, and every step of the way to it, is below the path or frankly elsewhere.
    pub(crate) fn look(&self) {
        let page = &self.browser.page;
        for (selector, attribute) in LEADING {
            for address in page.attrs(selector, attribute) {
                let url = page.url.join(&address).unwrap();
                assert!(!self.is_own(&url) || self.is_below(&url), "{address} on {}", page.url);
                assert!(!address.starts_with('.') && !address.is_empty(), "{address:?} on {}", page.url);
            }
        }
        for url in &self.browser.journey {
            assert!(!self.is_own(url) || self.is_below(url), "on the way: {url}");
        }
        for refresh in page.attrs("meta[http-equiv=refresh]", "content") {
            assert!(refresh.parse::<u32>().is_ok(), "leads elsewhere: {refresh}");
        }
    }

    fn is_own(&self, url: &Url) -> bool {
        url.origin() == self.home.origin()
    }

    fn is_below(&self, url: &Url) -> bool {
        url.path().starts_with(self.home.path()) || format!("{}/", url.path()) == self.home.path()
    }
}
