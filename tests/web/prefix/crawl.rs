//! A browser that checks every page it opens for URLs outside the path prefix.

use std::collections::BTreeSet;

use url::Url;

use crate::support::{Browser, World};

/// Elements and attributes that make a browser load or open a URL.
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
    /// The portal's URL with its path and a final slash.
    home: Url,
}

impl Crawl {
    pub(crate) async fn signed_in(world: &World, email: &str) -> Self {
        let crawl = Self::of(world.signed_in(email).await, &world.portal);
        crawl.assert_below_path();
        crawl
    }

    pub(crate) fn of(browser: Browser, home: &Url) -> Self {
        Self { browser, home: home.clone() }
    }

    pub(crate) async fn sign_in(&mut self, email: &str) {
        self.browser.pass_sign_in(email).await;
        self.assert_below_path();
    }

    pub(crate) async fn open(&mut self, page: &str) {
        self.browser.open(page).await;
        self.assert_below_path();
    }

    pub(crate) async fn follow(&mut self, link: &str) {
        self.browser.follow(link).await;
        self.assert_below_path();
    }

    pub(crate) async fn press(&mut self, button: &str, typed: &[(&str, &str)]) {
        self.browser.press(button, typed).await;
        self.assert_below_path();
    }

    pub(crate) async fn tick_and_press(&mut self, field: &str, button: &str) {
        let mut form = self.browser.page.form(button);
        form.set(field, "yes");
        self.browser.send(&form).await;
        self.assert_below_path();
    }

    /// Opens every page that links lead to, and returns their paths.
    pub(crate) async fn follow_every_link(&mut self) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut ahead = vec![self.home.clone()];
        while let Some(url) = ahead.pop() {
            if seen.insert(url.clone()) {
                self.browser.go(url).await;
                self.assert_below_path();
                let own = self.browser.page.links().into_iter().filter(|url| self.is_own(url));
                ahead.extend(own.map(|mut url| {
                    url.set_fragment(None);
                    url
                }));
            }
        }
        seen.iter().map(|url| url.path().to_owned()).collect()
    }

    /// Asserts that each URL on the page, and each redirect on the way to it, is below the path or on another site.
    pub(crate) fn assert_below_path(&self) {
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
