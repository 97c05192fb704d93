//! Bodies of forms: the token counts once and whole, a repeated field is refused, and codes and addresses that pass are
//! plain.

use std::sync::LazyLock;

use mfa_portal::internals::{Secret, address, canonical, carries, digits, fields, visible};
use serde::Deserialize;
use url::form_urlencoded::parse;

const TOKEN: &str = "Zm9yLWZ1enppbmctb25seS0wMTIzNDU2Nzg5LWFiY2Q";
static SECRET: LazyLock<Secret> = LazyLock::new(|| Secret::from(TOKEN));

#[derive(Deserialize)]
struct Form {
    #[serde(default)]
    code: String,
    #[serde(default)]
    email: String,
}

/// The input is the body.
pub(crate) fn check(bytes: &[u8]) {
    let sent = |name: &str| -> Vec<String> {
        parse(bytes).filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
    };
    let tokens = sent("csrf_token");
    assert_eq!(carries(bytes, &SECRET), tokens == [TOKEN]);
    let with = |more: &str| [bytes, b"&", more.as_bytes()].concat();
    assert_eq!(carries(&with(&format!("csrf_token={TOKEN}")), &SECRET), tokens.is_empty());
    assert_eq!(carries(&with(&format!("csrf_token_={TOKEN}&csrf={TOKEN}")), &SECRET), tokens == [TOKEN]);
    assert!(!carries(bytes, &Secret::from(format!("{TOKEN}="))) || tokens == [format!("{TOKEN}=")]);

    let (codes, emails) = (sent("code"), sent("email"));
    match fields::<Form>(bytes) {
        Some(form) => {
            assert!(codes.len() <= 1 && emails.len() <= 1, "a repeated field was accepted");
            assert_eq!((&form.code, &form.email), (&visible(&codes.concat()), &visible(&emails.concat())));
            check_code(&form.code);
            check_address(&form.email);
        }
        None => assert!(codes.len() > 1 || emails.len() > 1, "a good form was refused"),
    }
}

fn check_code(typed: &str) {
    let Ok(code) = digits(typed) else { return };
    let code = code.expose();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code} is no code");
    for same in [code.to_owned(), format!(" {typed}\r\n"), format!("{}-{}", &code[..3], &code[3..])] {
        assert_eq!(digits(&same).unwrap().expose(), code);
    }
    assert!(digits(&format!("{typed}0")).is_err() && digits(&format!("{typed}x")).is_err());
}

fn check_address(typed: &str) {
    let Ok(address_sent) = address(typed) else { return };
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !",;<>".contains(c);
    assert!(address_sent.chars().all(is_plain) && address_sent.len() <= 254, "{address_sent:?}");
    assert_eq!(address_sent.matches('@').count(), 1);
    assert_eq!(address(&address_sent).as_ref(), Ok(&address_sent));
    let counted = canonical(&address_sent);
    assert_eq!(canonical(&counted), counted, "the counted form of {address_sent:?} has a form of its own");
    assert_eq!(canonical(&address_sent.to_ascii_uppercase()), counted);
}
