//! The reader of a page: language, device, theme, frame, links and place, gathered once per request.

use std::sync::Arc;

use axum::http::request::Parts;

use super::address::{page_of, with_id_alone};
use super::background::Background;
use super::cookies;
use super::deep_link::DeepLink;
use super::device::Device;
use super::frame::Frame;
use super::language;
use super::linked_sign_in::LinkedSignIn;
use super::paths::Paths;
use super::request_id::RequestId;
use super::theme::Theme;
use crate::i18n::Words;
use crate::portal::Portal;

/// The facts that every page needs, whether it is a handler's or an error's.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    pub(crate) words: Words,
    pub(crate) device: Device,
    pub(crate) theme: Option<Theme>,
    /// Whether the page has no ground of its own, in a frame.
    pub(crate) is_transparent: bool,
    /// The frame that the page is shown in, if any.
    pub(crate) frame: Option<Frame>,
    pub(crate) deep_link: DeepLink,
    pub(crate) linked_sign_in: LinkedSignIn,
    pub(crate) paths: Paths,
    /// The nonce of the page's scripts; empty outside the pages.
    pub(crate) script_nonce: String,
    /// The page on which the reader stands, below the path of APP_BASE_URL, with its whole query.
    pub(crate) page: String,
}

impl Reader {
    /// Reads the request's head and what outer layers have noted on it.
    pub(crate) fn of(parts: &Parts, portal: &Portal) -> Arc<Self> {
        if let Some(gathered) = parts.extensions.get::<Arc<Self>>() {
            return gathered.clone();
        }
        let jar = cookies::jar(&parts.extensions);
        let frame = parts.extensions.get::<Frame>().cloned();
        let background = Background::of(portal, &parts.uri, &jar).filter(|_| frame.is_some());
        Arc::new(Self {
            words: language::words(&portal.config, &parts.uri, &parts.headers, &jar),
            device: Device::of(&parts.headers),
            theme: Theme::of(portal, &parts.uri, &jar),
            is_transparent: background == Some(Background::Transparent),
            frame,
            deep_link: parts.extensions.get::<DeepLink>().cloned().unwrap_or_else(|| DeepLink::none(portal)),
            linked_sign_in: LinkedSignIn::read(portal, &jar),
            paths: Paths::new(&portal.config),
            script_nonce: parts.extensions.get::<RequestId>().map(ToString::to_string).unwrap_or_default(),
            page: page_of(parts, &portal.config),
        })
    }

    /// The page without its query.
    pub(crate) fn path(&self) -> &str {
        self.page.split('?').next().unwrap_or_default()
    }

    /// The page with its `id` alone, for pages without a form's token.
    pub(crate) fn safe_page(&self) -> String {
        with_id_alone(&self.page)
    }
}
