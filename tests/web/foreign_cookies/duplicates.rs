//! One name twice, which browsers prevent under https; and values that we never write.

use reqwest::StatusCode;

use super::{ALEX, NORA, cookie, get, get_with, https, is_strangers, joined, pair, set_cookies};

#[tokio::test]
async fn the_first_of_two_sessions_counts_and_the_other_stays() {
    let world = https().await;
    let (name, id) = cookie(&world.signed_in(NORA).await, "session");
    let attackers = cookie(&world.signed_in(ALEX).await, "session").1;
    let own = pair(&name, &id);
    for later in [&attackers, "AAAAAAAAAAAAAAAAAAAAAA", "x", "", "\"\"", &id] {
        let later = pair(&name, later);
        for lines in [vec![joined(&[&own, &later])], vec![own.clone(), later.clone()]] {
            let answer = get(&world, "/", &lines).await;
            assert_eq!((answer.status(), set_cookies(&answer)), (StatusCode::OK, vec![]));
            let html = answer.text().await.unwrap();
            assert!(html.contains(NORA) && !html.contains(ALEX));
        }
    }
    // Both are still alive.
    let answer = get_with(&world, "/", joined(&[&pair(&name, &attackers), &own])).await;
    let html = answer.text().await.unwrap();
    assert!(html.contains(ALEX) && !html.contains(NORA));
}

// S-17
#[tokio::test]
async fn a_value_that_we_never_write_counts_as_absent() {
    let world = https().await;
    let (name, id) = cookie(&world.signed_in(NORA).await, "session");
    let escaped: String =
        id.bytes().flat_map(|byte| format!("%{byte:02x}").into_bytes()).map(char::from).collect();
    let odd: Vec<Vec<u8>> = [
        String::new(),
        format!("\"{id}\""),
        format!("\"{id}"),
        format!("{id}\""),
        format!("{id}%20"),
        escaped,
        format!("{id} {id}"),
        format!("{id},"),
        format!("{id}\\"),
        format!("\u{2000}{id}"),
        format!("{id}\u{a0}"),
    ]
    .into_iter()
    .map(|value| pair(&name, &value))
    .chain([[pair(&name, &id), vec![0x85]].concat()])
    .collect();
    for odd in odd {
        is_strangers(&get_with(&world, "/", &odd).await, &odd);
        for line in [joined(&[&odd, &pair(&name, &id)]), joined(&[&pair(&name, &id), &odd])] {
            let answer = get_with(&world, "/", &line).await;
            assert_eq!(answer.status(), StatusCode::OK, "{}", String::from_utf8_lossy(&line));
        }
    }
}
