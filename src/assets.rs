//! The static files: ours, which are in the binary, and the company's own, under addresses that change with their content.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::routing::get;
use memory_serve::MemoryServe;

use crate::config::{BrandFile, Config};

/// A picture may be looked at on its own. Whatever script is in it, it does not run (CSP Level 3, sandbox).
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Where the files are that pages refer to.
#[derive(Clone, Debug)]
pub struct Assets {
    /// The stylesheet.
    pub stylesheet: String,
    /// The company's own stylesheet.
    pub brand_stylesheet: Option<String>,
    /// The company's logo.
    pub logo: Option<String>,
    /// The site's icon.
    pub icon: String,
    /// The pictures on the pages, each a symbol of one file, so that they are fetched once.
    pub icons: String,
    /// The small scripts; every page works without them.
    pub scripts: Scripts,
}

/// Where the scripts are.
#[derive(Clone, Debug)]
pub struct Scripts {
    /// Warns before a visit ends, and says when it has.
    pub session: String,
    /// Sends each form once.
    pub forms: String,
    /// Goes on when a code is complete.
    pub code: String,
    /// Asks whether the phone has answered.
    pub waiting: String,
    /// Copies what a page shows.
    pub copy: String,
    /// Prints a page.
    pub print: String,
    /// Speaks with the page around a frame of ours, and with windows that it opened.
    pub frame: String,
    /// Speaks with the frame that opened a window.
    pub window: String,
}

impl Assets {
    /// The files' addresses below the path of APP_BASE_URL.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let manifest = files().manifest();
        let base = config.base_path();
        let at = |file| format!("{base}/static{}", manifest.get(file).unwrap_or(file));
        let brand = |file: &BrandFile| format!("{base}/static/{}", file.name);
        Self {
            stylesheet: at("/app.css"),
            brand_stylesheet: config.brand_css.as_ref().map(brand),
            logo: config.brand_logo.as_ref().map(brand),
            icon: at("/icon.svg"),
            icons: at("/icons.svg"),
            scripts: Scripts {
                session: at("/session.js"),
                forms: at("/forms.js"),
                code: at("/code.js"),
                waiting: at("/waiting.js"),
                copy: at("/copy.js"),
                print: at("/print.js"),
                frame: at("/frame.js"),
                window: at("/window.js"),
            },
        }
    }
}

/// The files themselves.
pub fn router(config: &Config) -> Router {
    let brand = [&config.brand_css, &config.brand_logo].into_iter().flatten();
    brand.fold(files().into_router(), |router, file| {
        let headers = [
            (CONTENT_TYPE, file.content_type),
            (CACHE_CONTROL, "max-age=31536000, immutable"),
            (CONTENT_SECURITY_POLICY, POLICY),
        ];
        let bytes = file.bytes.clone();
        router.route(&format!("/{}", file.name), get(async move || (headers, bytes)))
    })
}

fn files() -> MemoryServe {
    memory_serve::load!().index_file(None).enable_hashed_routes(true)
}
