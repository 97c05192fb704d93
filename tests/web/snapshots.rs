//! Snapshots of the HTML of every page in its main states. After an intended change run
//! `INSTA_UPDATE=always cargo test -p web snapshots::` and read the difference.

mod adding;
mod listing;
mod removing;
mod signing;
mod trouble;
mod trying;

use insta::Settings;

use crate::support::{Page, World, without_nonces};

/// Compares a page with the snapshot of this name.
fn assert_page(world: &World, name: &str, page: &Page) {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, format!("{}\n{}", page.status, steady(world, page))));
}

/// Removes what differs from run to run (ports, hashes of static files, nonces of scripts), and the language switch,
/// which is the same on every page and grows with each language.
fn steady(world: &World, page: &Page) -> String {
    let origins = [
        (world.portal.origin(), "http://portal.example"),
        (world.tenant.url().origin(), "http://tenant.example"),
        (world.tenant.custom_url().origin(), "http://custom.example"),
    ];
    let html =
        origins.into_iter().fold(without_nonces(&without_switch(&page.html)), |html, (origin, name)| {
            html.replace(&origin.ascii_serialization(), name)
        });
    html.split_inclusive("/static/")
        .enumerate()
        .map(|(at, part)| if at == 0 { part.to_owned() } else { unhashed(part) })
        .collect()
}

fn without_switch(html: &str) -> String {
    let (start, rest) = html.split_once("      <nav class=\"languages\" aria-label=\"Language\">").unwrap();
    format!("{start}{}", rest.split_once("</nav>\n").unwrap().1)
}

/// `app.3a1b7d58aa95f14f.css"…` as `app.css"…`.
fn unhashed(part: &str) -> String {
    let Some((address, rest)) = part.split_once('"') else { return part.to_owned() };
    let (name, ending) = (address.split('.').next().unwrap(), address.rsplit('.').next().unwrap());
    format!("{name}.{ending}\"{rest}")
}
