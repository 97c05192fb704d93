#!/usr/bin/env python3
"""Says which crates are in the release: their licences as text, or a bill of materials as CycloneDX 1.6 JSON.

    deploy/release/contents.py licences >THIRD-PARTY.txt
    deploy/release/contents.py bill >mfa-portal.cdx.json

Cargo.lock decides, so the same commit yields the same bytes. Needs cargo and the crates (`cargo fetch --locked`).
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|copyright|notice)", re.IGNORECASE)


def crates():
    """The portal's package, and the packages that it is compiled from, each with the ids of its dependencies."""
    command = ["cargo", "metadata", "--locked", "--format-version=1"]
    command += [f"--filter-platform={target}" for target in TARGETS]
    metadata = json.loads(subprocess.check_output(command, cwd=ROOT))
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    portal = next(id for id, package in packages.items() if package["name"] == "mfa-portal")
    # What only builds or tests it is not part of it.
    needs = {
        id: [needed["pkg"] for needed in node["deps"] if any(kind["kind"] is None for kind in needed["dep_kinds"])]
        for id, node in nodes.items()
    }
    reached, ahead = set(), [portal]
    while ahead:
        id = ahead.pop()
        if id not in reached:
            reached.add(id)
            ahead += needs[id]
    used = [packages[id] | {"needs": needs[id]} for id in reached if id != portal]
    used.sort(key=lambda package: (package["name"], package["version"]))
    return packages[portal] | {"needs": needs[portal]}, used


def expression(package):
    """The SPDX expression; `MIT/Apache-2.0` is Cargo's older spelling of OR."""
    return re.sub(r" ?/ ?", " OR ", package["license"])


def licence_files(package):
    folder = Path(package["manifest_path"]).parent
    return sorted(file for file in folder.iterdir() if file.is_file() and LICENCE_FILE.match(file.name))


def licences():
    _, used = crates()
    texts = {}
    for package in used:
        files = licence_files(package)
        if not files:
            # A crate of a workspace may leave the licence in its repository, from which another crate brought it.
            same = [other for other in used if package["repository"] and other["repository"] == package["repository"]]
            files = [file for other in same for file in licence_files(other)]
        if not files and "Apache-2.0" in package["license"]:
            files = [ROOT / "LICENSE-APACHE"]
        if not files:
            sys.exit(f"{package['name']} {package['version']} ({package['license']}) brings no text of its licence")
        name = f"{package['name']} {package['version']} ({expression(package)}) {package['repository'] or ''}".strip()
        for file in files:
            text = file.read_text(errors="replace").strip()
            # Copies differ in how lines are broken.
            names, _ = texts.setdefault(" ".join(text.lower().split()), ([], text))
            names.append(name)
    print("mfa-portal contains the following crates. Each text holds for the crates that are named above it.")
    for names, text in sorted(texts.values()):
        print("\n" + "=" * 100)
        print("\n".join(dict.fromkeys(names)), text, sep="\n\n")


def bill():
    portal, used = crates()
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    checksums = {(crate["name"], crate["version"]): crate.get("checksum") for crate in locked}
    purls = {package["id"]: f"pkg:cargo/{package['name']}@{package['version']}" for package in [portal, *used]}

    def component(package, kind):
        purl = purls[package["id"]]
        return {
            "type": kind,
            "bom-ref": purl,
            "name": package["name"],
            "version": package["version"],
            "licenses": [{"expression": expression(package)}],
            "purl": purl,
        }

    def library(package):
        checksum = checksums[(package["name"], package["version"])]
        return component(package, "library") | {"hashes": [{"alg": "SHA-256", "content": checksum}]}

    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": component(portal, "application")},
        "components": [library(package) for package in used],
        "dependencies": [
            {"ref": purls[package["id"]], "dependsOn": sorted({purls[id] for id in package["needs"]})}
            for package in [portal, *used]
        ],
    }
    json.dump(document, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    {"licences": licences, "bill": bill}[sys.argv[1]]()
