//! A page as people perceive it: heading, links and buttons by accessible name, fields by label, messages.

use ego_tree::NodeRef;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use scraper::{ElementRef, Html, Node, Selector};
use url::Url;

/// A page that the browser shows.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

/// A form with the values of its fields.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) action: Url,
    pub(crate) post: bool,
    pub(crate) fields: Vec<(String, String)>,
}

impl Page {
    /// An empty page at this URL.
    pub(crate) fn blank(url: &Url) -> Self {
        Self { url: url.clone(), status: StatusCode::OK, headers: HeaderMap::new(), html: String::new() }
    }

    pub(crate) fn path(&self) -> &str {
        self.url.path()
    }

    pub(crate) fn title(&self) -> String {
        self.text_of("title")
    }

    pub(crate) fn heading(&self) -> String {
        self.text_of("h1")
    }

    /// All the text of the page's main part.
    pub(crate) fn text(&self) -> String {
        self.text_of("main")
    }

    /// The text of `role=alert`, which a screen reader speaks at once.
    pub(crate) fn alert(&self) -> String {
        self.text_of("[role=alert]")
    }

    /// The title of the limit or the wait that the page's form ran into; empty if there is none.
    pub(crate) fn limit(&self) -> String {
        self.text_of("#alert")
    }

    /// The text of the first `role=status` that says something.
    pub(crate) fn notice(&self) -> String {
        self.texts("[role=status]").into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The text of each entry on the list of authenticators.
    pub(crate) fn entries(&self) -> Vec<String> {
        self.each("section[aria-labelledby=yours] li", |entry| text(&entry))
    }

    /// The accessible names of all links and buttons.
    pub(crate) fn controls(&self) -> Vec<String> {
        self.each("a, button", |control| Some(name(&control)).filter(|_| !is_hidden(&control)))
            .into_iter()
            .flatten()
            .collect()
    }

    /// The URL of the link with this accessible name.
    pub(crate) fn link(&self, wanted: &str) -> Url {
        let links =
            self.each("a[href]", |link| (name(&link), link.attr("href").unwrap_or_default().to_owned()));
        let Some((_, href)) = links.iter().find(|(name, _)| name == wanted) else {
            panic!("no link «{wanted}» on {}: {:?}", self.url, self.controls())
        };
        self.url.join(href).unwrap()
    }

    /// The URLs of all links but those within the page.
    pub(crate) fn links(&self) -> Vec<Url> {
        let hrefs = self.each("a[href]", |link| link.attr("href").unwrap_or_default().to_owned());
        hrefs.iter().filter(|href| !href.starts_with('#')).map(|href| self.url.join(href).unwrap()).collect()
    }

    /// The accessible names of the buttons that send forms.
    pub(crate) fn buttons(&self) -> Vec<String> {
        self.each("form button:not([type=button])", |button| name(&button))
    }

    /// How many elements the selector finds.
    pub(crate) fn count(&self, selector: &str) -> usize {
        self.each(selector, |_| ()).len()
    }

    /// The form that the button with this accessible name would send.
    pub(crate) fn form(&self, button: &str) -> Form {
        let document = Html::parse_document(&without_script(&self.html));
        let forms = Selector::parse("form").unwrap();
        let buttons = Selector::parse("button").unwrap();
        for form in document.select(&forms) {
            if let Some(pressed) = form.select(&buttons).find(|found| name(found) == button) {
                return self.read(form, pressed);
            }
        }
        panic!("no button «{button}» on {}: {:?}", self.url, self.controls())
    }

    /// The name of the field with this label.
    pub(crate) fn field(&self, label: &str) -> String {
        let document = Html::parse_document(&without_script(&self.html));
        let labels = Selector::parse("label").unwrap();
        let Some(found) = document.select(&labels).find(|it| text(it) == label) else {
            panic!("no field «{label}» on {}", self.url)
        };
        let id = found.attr("for").unwrap_or_default();
        self.attr(&format!("#{id}"), "name").unwrap_or_else(|| panic!("«{label}» labels nothing"))
    }

    /// An attribute of the first element that the selector finds.
    pub(crate) fn attr(&self, selector: &str, attribute: &str) -> Option<String> {
        self.each(selector, |it| it.attr(attribute).map(ToOwned::to_owned)).into_iter().next().flatten()
    }

    /// An attribute of every element that the selector finds.
    pub(crate) fn attrs(&self, selector: &str, attribute: &str) -> Vec<String> {
        self.each(selector, |it| it.attr(attribute).map(ToOwned::to_owned)).into_iter().flatten().collect()
    }

    /// The visible text of the first element that the selector finds.
    pub(crate) fn text_of(&self, selector: &str) -> String {
        self.each(selector, |it| text(&it)).into_iter().next().unwrap_or_default()
    }

    /// The visible text of every element that the selector finds.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        self.each(selector, |it| text(&it))
    }

    /// A response header.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn each<T>(&self, selector: &str, read: impl Fn(ElementRef<'_>) -> T) -> Vec<T> {
        Html::parse_document(&without_script(&self.html))
            .select(&Selector::parse(selector).unwrap())
            .map(read)
            .collect()
    }

    fn read(&self, form: ElementRef<'_>, pressed: ElementRef<'_>) -> Form {
        let mut fields = Vec::new();
        for input in form.select(&Selector::parse("input[name], select[name]").unwrap()) {
            let kind = input.attr("type").unwrap_or("text");
            if matches!(kind, "checkbox" | "radio") && input.attr("checked").is_none() {
                continue;
            }
            let chosen = input.select(&Selector::parse("option[selected]").unwrap()).next();
            let value = chosen.unwrap_or(input).attr("value").unwrap_or_default();
            fields.push((input.attr("name").unwrap_or_default().to_owned(), value.to_owned()));
        }
        if let Some(name) = pressed.attr("name") {
            fields.push((name.to_owned(), pressed.attr("value").unwrap_or_default().to_owned()));
        }
        let action =
            self.url.join(pressed.attr("formaction").or(form.attr("action")).unwrap_or_default()).unwrap();
        Form { action, post: form.attr("method") == Some("post"), fields }
    }
}

impl Form {
    /// Sets a field, or adds it, as ticking a checkbox does.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.fields.retain(|(other, _)| other != name);
        self.fields.push((name.to_owned(), value.to_owned()));
    }
}

/// The accessible name: `aria-label`, else the text.
fn name(element: &ElementRef<'_>) -> String {
    element.attr("aria-label").map_or_else(|| text(element), clean)
}

/// The visible text. Only `bdi` elements stand within words, as Fluent's marks do.
fn text(element: &ElementRef<'_>) -> String {
    let shown = element.descendants().filter(|node| !is_hidden(node));
    let texts = shown.filter_map(|node| {
        let space = if follows_directly(&node) { "" } else { " " };
        node.value().as_text().map(|text| format!("{space}{}", &**text))
    });
    clean(&texts.collect::<String>())
}

/// Whether a text begins or follows a `bdi` element in the middle of a text.
fn follows_directly(node: &NodeRef<'_, Node>) -> bool {
    let is_bdi = |it: &NodeRef<'_, Node>| it.value().as_element().is_some_and(|it| it.name() == "bdi");
    let outer = node.parent().filter(is_bdi).unwrap_or(*node);
    outer.prev_sibling().is_some_and(|before| is_bdi(&before) || (is_bdi(&outer) && before.value().is_text()))
}

/// Whether the node or one of its ancestors has `hidden`.
fn is_hidden(node: &NodeRef<'_, Node>) -> bool {
    let hides = |it: &Node| it.as_element().is_some_and(|it| it.attr("hidden").is_some());
    hides(node.value()) || node.ancestors().any(|it| hides(it.value()))
}

/// Removes the bidi isolates that Fluent puts around arguments, and collapses white space.
fn clean(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The HTML as a browser without script reads it: the content of `noscript` is part of the page.
fn without_script(html: &str) -> String {
    html.replace("<noscript>", "").replace("</noscript>", "")
}

/// The page without the nonces of its scripts, which differ from response to response.
pub(crate) fn without_nonces(html: &str) -> String {
    let mut parts = html.split(" nonce=\"");
    let first = parts.next().unwrap_or_default();
    let after = parts.map(|part| part.split_once('"').map_or("", |(_, after)| after));
    std::iter::once(first).chain(after).collect()
}
