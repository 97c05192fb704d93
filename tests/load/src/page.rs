//! A page as a virtual person uses it: its heading, and its links and buttons by accessible name.

use scraper::{ElementRef, Html, Selector};
use url::Url;

/// The data read from a page. The document is not kept, because it is not `Send`.
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) heading: String,
    /// The key of an authenticator app, or a recovery code, without its spaces.
    pub(crate) key: Option<String>,
    pub(crate) links: Vec<(String, Url)>,
    pub(crate) forms: Vec<(String, Form)>,
}

/// A form as one of its buttons submits it.
#[derive(Clone)]
pub(crate) struct Form {
    pub(crate) action: Url,
    pub(crate) is_post: bool,
    pub(crate) fields: Vec<(String, String)>,
}

impl Page {
    pub(crate) fn read(url: Url, html: &str) -> Self {
        // As a browser without scripting parses it.
        let document = Html::parse_document(&html.replace("<noscript>", "").replace("</noscript>", ""));
        let text_of = |selector| all(&document, selector).next().map(|it| text(&it));
        let heading = text_of("h1").unwrap_or_default();
        let key = text_of(".key, .recovery").map(|key| key.replace(' ', ""));
        let link = |it: ElementRef<'_>| Some((name(&it), url.join(it.attr("href")?).ok()?));
        let links = all(&document, "a[href]").filter_map(link).collect();
        let forms = all(&document, "form").flat_map(|form| buttons(&url, form)).collect();
        Self { url, heading, key, links, forms }
    }

    /// The URL of a link whose name begins with `begins`, at random if several do.
    pub(crate) fn link(&self, begins: &str) -> Option<Url> {
        any_of(&self.links, begins)
    }

    /// The form of a button whose name begins with `begins`, at random if several do.
    pub(crate) fn form(&self, begins: &str) -> Option<Form> {
        any_of(&self.forms, begins)
    }
}

fn any_of<T: Clone>(named: &[(String, T)], begins: &str) -> Option<T> {
    let fitting: Vec<_> = named.iter().filter(|(name, _)| name.starts_with(begins)).collect();
    fastrand::choice(fitting).map(|(_, found)| found.clone())
}

impl Form {
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(other, _)| other != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }
}

fn all<'a>(document: &'a Html, selector: &str) -> impl Iterator<Item = ElementRef<'a>> {
    let found: Vec<_> =
        Selector::parse(selector).map(|it| document.select(&it).collect()).unwrap_or_default();
    found.into_iter()
}

fn within<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(selector).map(|it| element.select(&it).collect()).unwrap_or_default()
}

fn buttons(url: &Url, form: ElementRef<'_>) -> Vec<(String, Form)> {
    let mut fields = Vec::new();
    for input in within(form, "input[name], select[name]") {
        if input.attr("type") == Some("checkbox") && input.attr("checked").is_none() {
            continue;
        }
        let chosen = within(input, "option[selected]").into_iter().next().unwrap_or(input);
        let of = |it: ElementRef<'_>, attribute| it.attr(attribute).unwrap_or_default().to_owned();
        fields.push((of(input, "name"), of(chosen, "value")));
    }
    let read = |button: ElementRef<'_>| {
        let action = button.attr("formaction").or(form.attr("action")).unwrap_or_default();
        let action = url.join(action).unwrap_or_else(|_| url.clone());
        let read = Form { action, is_post: form.attr("method") == Some("post"), fields: fields.clone() };
        let pressed = match (button.attr("name"), button.attr("value")) {
            (Some(name), value) => read.with(name, value.unwrap_or_default()),
            _ => read,
        };
        (name(&button), pressed)
    };
    within(form, "button").into_iter().map(read).collect()
}

/// The accessible name: `aria-label`, else the text.
fn name(element: &ElementRef<'_>) -> String {
    element.attr("aria-label").map_or_else(|| text(element), clean)
}

fn text(element: &ElementRef<'_>) -> String {
    clean(&element.text().collect::<Vec<_>>().join(" "))
}

/// Strips Fluent's isolation marks and collapses spaces.
fn clean(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}
