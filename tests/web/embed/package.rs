//! The npm package in `deploy/npm`, and the examples that are built with it.

use std::fs;

use serde_json::Value;

use crate::docs;

fn json(file: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(docs::file(file)).unwrap()).unwrap()
}

#[test]
fn the_package_has_the_version_and_the_licences_of_the_portal() {
    let package = json("deploy/npm/package.json");
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        let own = fs::read(docs::file(name)).unwrap();
        assert_eq!(own, fs::read(docs::file(&format!("deploy/npm/{name}"))).unwrap(), "{name}");
    }
}

#[test]
fn the_package_contains_every_file_that_it_names() {
    let package = json("deploy/npm/package.json");
    let files: Vec<_> = package["files"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    for file in &files {
        assert!(docs::file(&format!("deploy/npm/{file}")).exists(), "{file}");
    }
    for export in package["exports"].as_object().unwrap().values() {
        for target in export.as_object().unwrap().values() {
            let file = target.as_str().unwrap().trim_start_matches("./");
            assert!(files.contains(&file), "{file}");
        }
    }
    assert!(package.get("scripts").is_none(), "nothing runs at an installation");
    assert!(package.get("dependencies").is_none());
}

// D-01
#[test]
fn examples_pin_every_version_and_run_no_scripts() {
    for name in ["react", "vue"] {
        let package = json(&format!("examples/{name}/package.json"));
        for group in ["dependencies", "devDependencies"] {
            for (dependency, version) in package[group].as_object().unwrap() {
                let version = version.as_str().unwrap();
                let exact = version.split('.').all(|part| part.parse::<u32>().is_ok());
                assert!(exact || version == "file:../../deploy/npm", "{name}: {dependency} {version}");
            }
        }
        let settings = fs::read_to_string(docs::file(&format!("examples/{name}/.npmrc"))).unwrap();
        assert!(settings.contains("ignore-scripts=true"), "{name}");
        let lock = json(&format!("examples/{name}/package-lock.json"));
        let packages = lock["packages"].as_object().unwrap();
        let unpinned = packages.iter().filter(|(path, it)| {
            let is_ours = path.is_empty() || it["resolved"] == "file:../../deploy/npm";
            !is_ours && it["integrity"].is_null()
        });
        assert_eq!(unpinned.count(), 0, "{name}: every package has its hash");
    }
    let django = fs::read_to_string(docs::file("examples/django/requirements.txt")).unwrap();
    assert!(django.lines().all(|line| line.contains("==")), "{django}");
}

#[test]
fn the_documented_pages_are_those_of_the_examples() {
    let react = fs::read_to_string(docs::file("examples/react/src/Security.tsx")).unwrap();
    assert_eq!(docs::block("README.md", "tsx"), react);
    assert!(react.lines().count() <= 10, "{react}");
    let html = fs::read_to_string(docs::file("examples/html/index.html")).unwrap();
    let element = docs::blocks("docs/embed.md", "html").into_iter().find(|it| it.contains("<mfa-portal"));
    for line in element.unwrap().lines() {
        assert!(html.contains(line), "{line}");
    }
    for (language, file) in
        [("js", "examples/vue/vite.config.js"), ("django", "examples/django/templates/account.html")]
    {
        let text = fs::read_to_string(docs::file(file)).unwrap();
        for line in docs::block("docs/embed.md", language).lines() {
            assert!(text.contains(line.trim()), "{file}: {line}");
        }
    }
}
