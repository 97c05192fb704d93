//! The static files, in the binary, under addresses that change with their content.

use axum::Router;
use memory_serve::MemoryServe;

/// Where the files are that pages refer to.
#[derive(Clone, Debug)]
pub struct Assets {
    /// The stylesheet.
    pub stylesheet: String,
    /// The site's icon.
    pub icon: String,
    /// The small scripts; every page works without them.
    pub scripts: Scripts,
}

/// Where the scripts are.
#[derive(Clone, Debug)]
pub struct Scripts {
    /// Warns before a visit ends.
    pub session: String,
    /// Copies and prints the recovery code.
    pub recovery_code: String,
}

impl Assets {
    /// The files' addresses below the path of APP_BASE_URL.
    #[must_use]
    pub fn under(base_path: &str) -> Self {
        let manifest = files().manifest();
        let at = |file| format!("{base_path}/static{}", manifest.get(file).unwrap_or(file));
        let scripts = Scripts { session: at("/session.js"), recovery_code: at("/recovery-code.js") };
        Self { stylesheet: at("/app.css"), icon: at("/icon.svg"), scripts }
    }
}

/// The files themselves.
pub fn router() -> Router {
    files().into_router()
}

fn files() -> MemoryServe {
    memory_serve::load!().index_file(None).enable_hashed_routes(true)
}
