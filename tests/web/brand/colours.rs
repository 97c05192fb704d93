//! The colours of BRAND_CSS: literal ones that make text hard to read are refused.

use super::{file, refusal_of};
use crate::support::process::{command, finished, tenant};

#[test]
fn colours_that_make_text_hard_to_read_are_refused_with_their_ratio() {
    for (css, words) in [
        (
            ":root {\n  --accent: #a4123f }",
            "--accent #a4123f has a contrast of 2.25:1 to --paper #171b22 in the dark",
        ),
        (
            ":root {\n  --accent: #a4123f }",
            "Set --brand instead, from which light and dark are derived (line 2).",
        ),
        (
            ":root { --accent: #ffd60a; }",
            "--accent #ffd60a has a contrast of 1.41:1 to --paper #ffffff in the light",
        ),
        (":root{--accent:#101010}", "in the dark design"),
        ("html { --accent: yellow !important }", "--accent yellow"),
        ("body { --accent: rgb(255 0 0) }", "--accent rgb(255 0 0) has a contrast of 3.99:1"),
        (":root { --accent: /* ours */ hsl(60 100% 50%) /* bright */; }", "--accent hsl(60 100% 50%) has"),
        (":root { --accent: rgb(0 0 0 / 30%) }", "in the light design"),
        (":root { --accent: light-dark(#a00, #a00) }", "in the dark design"),
        (":root { --accent: Light-Dark( #faa , #faa ) }", "--accent #faa has a contrast of 1.8"),
        ("@layer ours { @supports (color: red) { :root { --accent: #ffd60a } } }", "in the light design"),
        ("@media (prefers-color-scheme: dark) { :root { --accent: #a4123f } }", "in the dark design"),
        (":root { &[data-theme=\"dark\"] { --accent: #a4123f } }", "in the dark design"),
        ("[data-theme=light] { --accent: #ffd60a }", "in the light design"),
        (":root, .bar { --accent: #ffd60a }", "in the light design"),
        (":root { color-scheme: light; --accent: #ffd60a }", "in the light design"),
        (":root { --paper: #777 }", "--ink #15181e has"),
        (":root { --accent: #777; --paper: #bbb }", "--accent #777 has a contrast of 2.3"),
        (":root { --accent: light-dark(#a4123f, #ff9db5); --accent-ink: #000 }", "--accent-ink #000 has"),
        (":root { --ink-soft: #aaa }", "Write light-dark(LIGHT, DARK) with a colour for each design"),
    ] {
        let refused =
            refusal_of("brand-css", &file("our.css", css)).unwrap_or_else(|| panic!("«{css}» was taken"));
        assert!(refused.starts_with("BRAND_CSS: ") && refused.contains(words), "{css}: {refused}");
    }
}

#[tokio::test]
async fn the_start_and_check_refuse_an_accent_that_is_hard_to_read() {
    let (tenant, css) = (tenant().await, file("our.css", "\n:root { --accent: #ffd60a }"));
    for name in ["serve", "check"] {
        let directory = tempfile::tempdir().unwrap();
        let mut command = command(name, &tenant, directory.path());
        command.env("APP_BASE_URL", "http://127.0.0.1:3000").env("BRAND_CSS", &css.path);
        let (code, said) = finished(command).await;
        assert_eq!((code, said.lines().count()), (1, 1), "{name}: {said}");
        assert!(said.contains("our.css") && said.contains("1.41:1") && said.contains("(line 2)"), "{said}");
    }
}

#[test]
fn colours_that_are_readable_or_unknown_are_accepted() {
    for css in [
        ":root { --brand: #ffd60a } html { --brand: #101010 }",
        ":root { --accent: light-dark(#a4123f, #ff9db5) }",
        ":root { color-scheme: light; --accent: #a4123f }",
        ":root { color-scheme: only light } :root { --accent: #a4123f }",
        ":root { color-scheme: dark; --accent: #ffd60a }",
        ":root { --accent: #a4123f } @media (prefers-color-scheme: dark) { :root { --accent: #ff9db5 } }",
        "@media (prefers-color-scheme: dark) { :root { --accent: #ff9db5 } } :root { --accent: #a4123f }",
        ":root { --accent: #a4123f; @media (prefers-color-scheme: dark) { --accent: #ff9db5 } }",
        ":root { --accent: #a4123f } [data-theme=dark] { --accent: #ff9db5 }",
        ":root { --accent: var(--ours); --ours: #ffd60a }",
        ":root { --accent: color-mix(in oklab, red, blue) }",
        ".bar { background: navy; --accent: #fff }",
        ":root .bar { --accent: #fff }",
        "@media print { :root { --ink: #000 } }",
        ":root { --paper: light-dark(#fff8e7, #000); --ground: light-dark(#fff, #000) }",
    ] {
        assert_eq!(refusal_of("brand-css", &file("our.css", css)), None, "{css}");
    }
}
