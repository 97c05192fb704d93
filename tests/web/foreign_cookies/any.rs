//! Property test: no header makes a foreign cookie visible or hides one of ours.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::runtime::Runtime;

use super::{ALEX, NORA, cookie, disguises, get, https, is_strangers, joined, pair, set_cookies};

/// Bytes of a `Cookie` header (RFC 9110 §5.5), semicolons excepted.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let visible = any::<u8>().prop_filter("a header's byte", |byte| {
        *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f && *byte != b';')
    });
    prop::collection::vec(visible, 0..12)
}

/// Cookies that are none of ours, with values that would count.
fn foreign(names: Vec<String>, values: Vec<String>) -> impl Strategy<Value = Vec<u8>> {
    let disguised: Vec<Vec<u8>> = names.iter().flat_map(|name| disguises(name)).collect();
    let around = (bytes(), prop::sample::select(names.clone()), bytes())
        .prop_map(|(before, name, after)| [before, name.into_bytes(), after].concat());
    let name = prop_oneof![prop::sample::select(disguised), around, bytes()];
    let value = prop_oneof![prop::sample::select(values).prop_map(String::into_bytes), bytes()];
    let is_own = move |pair: &Vec<u8>| {
        let text = String::from_utf8_lossy(pair).into_owned();
        let name = text.trim_matches([' ', '\t']).split('=').next().unwrap_or_default().to_owned();
        names.contains(&name)
    };
    let pairs = (name, value).prop_map(|(name, value)| [name, b"=".to_vec(), value].concat());
    pairs.prop_filter("not ours", move |pair| !is_own(pair))
}

// S-01, D-05
#[test]
fn no_cookie_header_shows_a_foreign_pair_or_hides_our_own() {
    let runtime = Runtime::new().unwrap();
    let world = runtime.block_on(https());
    let (name, id) = cookie(&runtime.block_on(world.signed_in(NORA)), "session");
    let attackers = cookie(&runtime.block_on(world.signed_in(ALEX)), "session").1;
    let language = name.replace("session", "language");
    let own = [pair(&name, &id), pair(&language, "de")];
    let names = vec![name.clone(), language];
    let foreign = foreign(names, vec![attackers, "fr".to_owned(), id]);
    let lines = prop::collection::vec(prop::collection::vec(foreign, 0..6), 1..4);
    let places = (any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let line = |pairs: &Vec<Vec<u8>>| joined(&pairs.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let outcome = runner.run(&(lines, places), |(mut lines, places)| {
        let alone: Vec<Vec<u8>> = lines.iter().map(line).collect();
        runtime.block_on(async {
            is_strangers(&get(&world, "/", &alone).await, &alone.join(&b'\n'));
            let page = get(&world, "/signed-out", &alone).await;
            assert!(set_cookies(&page).is_empty());
            assert!(page.text().await.unwrap().contains("lang=\"en\""));
        });
        for (place, own) in [places.0, places.1].into_iter().zip(&own) {
            let line = place.index(lines.len());
            let at = place.index(lines[line].len() + 1);
            lines[line].insert(at, own.clone());
        }
        let beside: Vec<Vec<u8>> = lines.iter().map(line).collect();
        // A reader's pace, below the limit on requests.
        world.pass(time::Duration::SECOND);
        runtime.block_on(async {
            let page = get(&world, "/", &beside).await;
            assert!(set_cookies(&page).is_empty());
            let html = page.text().await.unwrap();
            assert!(html.contains(NORA) && html.contains("lang=\"de\""), "{html}");
        });
        Ok(())
    });
    outcome.unwrap();
}
