//! Static files: ours, which are in the binary, and the company's, at addresses that change with their content.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::routing::get;
use memory_serve::MemoryServe;

use crate::config::{BrandFile, Config};

/// Keeps a script in a company's SVG from running when the file is opened on its own (CSP Level 3, `sandbox`).
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// The addresses of the files that pages refer to.
#[derive(Clone, Debug)]
pub(crate) struct Assets {
    pub stylesheet: String,
    pub brand_stylesheet: Option<String>,
    /// Names the company's font.
    pub font_stylesheet: Option<String>,
    pub logo: Option<String>,
    pub dark_logo: Option<String>,
    pub icon: String,
    /// The sprite with all icons of the pages.
    pub icons: String,
    pub scripts: Scripts,
}

/// The addresses of the scripts. Every page works without them.
#[derive(Clone, Debug)]
pub(crate) struct Scripts {
    pub session: String,
    /// Prevents double submits.
    pub forms: String,
    /// Keeps pointers from pressing buttons at once that change something for good.
    pub deliberate: String,
    pub code: String,
    /// Polls while the phone is asked to approve.
    pub waiting: String,
    /// Compares a phone's clock with ours.
    pub drift: String,
    pub copy: String,
    pub print: String,
    /// In a frame: messages to the embedding page and to windows that the frame opened.
    pub frame: String,
    /// In a window: messages to the frame that opened it.
    pub window: String,
}

impl Assets {
    #[must_use]
    pub(crate) fn new(config: &Config) -> Self {
        let manifest = files().manifest();
        let base = config.base_path();
        let at = |file| format!("{base}/static{}", manifest.get(file).unwrap_or(file));
        let brand = |file: &BrandFile| format!("{base}/static/{}", file.name);
        Self {
            stylesheet: at("/app.css"),
            brand_stylesheet: config.brand_css.as_ref().map(brand),
            font_stylesheet: config.brand_font.as_ref().map(|font| brand(&font.stylesheet)),
            logo: config.brand_logo.as_ref().map(brand),
            dark_logo: config.brand_logo_dark.as_ref().map(brand),
            icon: at("/icon.svg"),
            icons: at("/icons.svg"),
            scripts: Scripts {
                session: at("/session.js"),
                forms: at("/forms.js"),
                deliberate: at("/deliberate.js"),
                code: at("/code.js"),
                waiting: at("/waiting.js"),
                drift: at("/drift.js"),
                copy: at("/copy.js"),
                print: at("/print.js"),
                frame: at("/frame.js"),
                window: at("/window.js"),
            },
        }
    }
}

pub(crate) fn router(config: &Config) -> Router {
    let brand = [&config.brand_css, &config.brand_logo, &config.brand_logo_dark].into_iter().flatten();
    let font = config.brand_font.iter().flat_map(|font| [&font.file, &font.stylesheet]);
    brand.chain(font).fold(files().into_router(), |router, file| {
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
