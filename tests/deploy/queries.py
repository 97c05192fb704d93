"""The queries of dashboard, alerts and guide name metrics, labels and values that exist, and Prometheus parses them.

docs/metrics.md and docs/audit.md are held to the program by its own tests, so they tell what exists.
"""

import json
import re
import subprocess
import tempfile
from pathlib import Path

import yaml

METRICS = Path("docs/metrics.md").read_text()
AUDIT = Path("docs/audit.md").read_text()
# Each metric with its kind and labels. Prometheus adds the last two.
ROWS = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \|", METRICS.split("## Every metric")[1], re.MULTILINE)
KNOWN = {name: (kind, set(re.findall(r"`(\w+)`", labels)) | {"instance", "job"}) for name, kind, labels in ROWS}
NAMES = set(re.findall(r"`([\w-]+)`", METRICS + AUDIT)) | {"warning", "refusing"}


PANELS = json.loads(Path("deploy/grafana/mfa-portal.json").read_text())["panels"]


def expressions():
    for panel in PANELS:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]
    for block in re.findall(r"```promql\n(.*?)```", METRICS, re.DOTALL):
        for line in block.splitlines():
            yield "docs/metrics.md", line
    for group in yaml.safe_load(Path("deploy/prometheus/alerts.yaml").read_text())["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]
            section = rule["annotations"]["runbook"].removeprefix("docs/metrics.md#")
            headings = re.findall(r"^### (.*)$", METRICS, re.MULTILINE)
            assert section in {heading.lower().replace(" ", "-") for heading in headings}, f"no runbook: {section}"


def check(where, text):
    used = re.findall(r"\b((?:mfa_portal|process)_\w+)(\{.*?\})?", text)
    assert used, f"{where}: no metric of ours in {text}"
    labels = set()
    for name, matchers in used:
        base = re.sub(r"_(bucket|count|sum)$", "", name) if name not in KNOWN else name
        kind, own = KNOWN.get(base, (None, set()))
        assert kind and (base == name) == (kind != "histogram"), f"{where}: {name} is not a series"
        own = own | {"le"} if name.endswith("_bucket") else own
        labels |= own
        for label, comparison, value in re.findall(r'(\w+)(=~|=|!=|!~)"(.*?)"', matchers):
            assert label in own, f"{where}: {name} has no label {label}"
            if label in {"event", "reason", "outcome", "call", "engine", "level", "to", "fate"}:
                unknown = set(value.split("|")) - NAMES - {"failed", "success", "failure"}
                assert not unknown, f"{where}: no {label} is called {unknown}"
    for by in re.findall(r"\bby \((.*?)\)", text):
        unknown = {label.strip() for label in by.split(",")} - labels
        assert not unknown, f"{where}: nothing has the labels {unknown}"


rules = []
for at, (where, text) in enumerate(expressions()):
    check(where, text)
    text = text.replace("$__rate_interval", "5m").replace("$instance", ".*")
    rules.append({"record": f"query:{at}", "expr": text})
with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
    yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}, file)
    file.flush()
    parsed = subprocess.run(["promtool", "check", "rules", file.name], capture_output=True, text=True)
    assert parsed.returncode == 0, parsed.stdout + parsed.stderr
queries = " ".join(target["expr"] for panel in PANELS for target in panel.get("targets", []))
shown = {re.sub(r"_(bucket|count|sum)$", "", name) for name in re.findall(r"\b(?:mfa_portal|process)_\w+", queries)}
assert shown == KNOWN.keys(), f"on no panel: {sorted(KNOWN.keys() - shown)}"
# Rows are whole, and panels neither overlap nor share an id.
cells = [(x, y) for at in (panel["gridPos"] for panel in PANELS) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
assert len(cells) == len(set(cells)) and max(x for x, _ in cells) == 23, "panels overlap"
assert len({panel["id"] for panel in PANELS}) == len(PANELS), "two panels have one id"
print(f"{len(rules)} queries name series that exist")
