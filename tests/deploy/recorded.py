"""Each fault raises the alerts that docs/metrics.md promises, and no other; a calm portal raises none.

The series are recorded from the real binary: five minutes of each fault (`load --record`). Here they are stretched to the
hours that the rules look at. The portal is calm for as long as the longest window, then the fault lasts, then it is calm
again; promtool says what fires.
"""

import json
import re
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

FOLDER = Path("tests/deploy/recorded")
RULES = Path("deploy/prometheus/alerts.yaml")
# Of scrapes, in seconds: every third one that was recorded, as many installations scrape.
INTERVAL = 30
EVERY = INTERVAL // 10
# In minutes. Longer than every window with its `for`.
STAGE = 80
# The first minute of a fault has what was under way before, so it is not repeated.
BEGINNING = 60 // INTERVAL
GAUGES = re.compile(r"mfa_portal_(build_info|tenant_rate_limit(_remaining)?)\{")


def promised():
    """Each fault with the alerts that page, the minutes until the first one, and the alerts that wait for the morning."""
    table = Path("docs/metrics.md").read_text().split("### Which fault raises which alert\n")[1].split("\n### ")[0]
    rows = re.findall(r"^\| `([\w-]+)` \| .*? \| (.*?) \| (\d+|–) \| (.*?) \|$", table, re.MULTILINE)
    names = re.compile(r"`(\w+)`").findall
    return {fault: (set(names(pages)), minutes, set(names(tickets))) for fault, pages, minutes, tickets in rows}


def recording(fault):
    """Each series with its values, None where nothing was scraped."""
    lines = (line.rsplit("} ", 1) if "}" in line else line.split(" ", 1) for line in (FOLDER / f"{fault}.series").open())
    return {
        name + "}" * ("{" in name): [None if value == "_" else float(value) for value in values.split()[::EVERY]]
        for name, values in lines
    }


def steps(values):
    """The growth of a counter from one scrape to the next; None where one of the two is missing."""
    return [None if after is None else after - (before or 0) for before, after in pairwise(values)]


class Stretched:
    """Series that go on from one stage to the next."""

    def __init__(self):
        self.series, self.length = {}, 0

    def play(self, recorded):
        """Plays a recording once, then again and again without its beginning, until the stage is full."""
        samples = STAGE * 60 // INTERVAL
        for name in self.series.keys() | recorded.keys():
            so_far = self.series.setdefault(name, ["_"] * self.length)
            if name not in recorded:
                # It is zero all the time there, or a gauge that nobody sets.
                so_far.extend([so_far[-1] if not GAUGES.match(name) else "_"] * samples)
                continue
            values = recorded[name]
            played = values[1:] if GAUGES.match(name) else steps(values)
            again = played[BEGINNING:]
            at = next((value for value in reversed(so_far) if value not in ("_", "stale")), 0)
            for number in range(samples):
                value = (played + again * (samples // len(again) + 1))[number]
                if value is None:
                    # Prometheus marks a series whose target has gone.
                    so_far.append("stale" if so_far and so_far[-1] not in ("_", "stale") else "_")
                else:
                    at = value if GAUGES.match(name) else at + value
                    so_far.append(at)
        self.length += samples

    def input(self):
        def with_instance(name):
            return name.replace("{", '{instance="a",', 1) if "{" in name else name + '{instance="a"}'

        return [
            {"series": with_instance(name), "values": " ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values)}
            for name, values in self.series.items()
        ]


FIRED = "max by (alertname) (max_over_time(ALERTS{alertstate='firing'}[%sm]))" % STAGE
FIRE = "max by (alertname) (ALERTS{alertstate='firing'})"
WAKES = "max by (severity) (ALERTS{alertstate='firing',severity='page'})"


def test(fault, pages, minutes, tickets, calm):
    series = Stretched()
    for stage in (calm, recording(fault), calm):
        series.play(stage)
    expected = [
        (STAGE - 1, FIRED, []),
        (2 * STAGE, FIRED, [f'{{alertname="{alert}"}}' for alert in sorted(pages | tickets)]),
        (3 * STAGE - 1, FIRE, []),
    ]
    if pages:
        expected.append((STAGE + int(minutes), WAKES, ['{severity="page"}']))
    return {
        "interval": f"{INTERVAL}s",
        "input_series": series.input(),
        "promql_expr_test": [
            {"expr": query, "eval_time": f"{minute}m", "exp_samples": [{"labels": labels, "value": 1} for labels in samples]}
            for minute, query, samples in expected
        ],
    }


promises = promised()
recorded = {file.stem for file in FOLDER.glob("*.series")}
assert recorded == promises.keys(), f"recorded or promised alone: {sorted(recorded ^ promises.keys())}"
ever = set().union(*(pages | tickets for pages, _, tickets in promises.values()))
unraised = set(re.findall(r"alert: (\w+)", RULES.read_text())) - ever
# A panic is a bug, which nobody can cause from outside.
assert unraised == {"MfaPortalPanics"}, f"raised by no fault: {unraised}"
calm = recording("calm")
failed = 0
for fault in sys.argv[1:] or sorted(promises):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        rules = {"rule_files": [str(RULES.resolve())], "evaluation_interval": "1m"}
        # JSON is YAML, and quickly read.
        json.dump({**rules, "tests": [test(fault, *promises[fault], calm)]}, file)
        file.flush()
        result = subprocess.run(["promtool", "test", "rules", file.name], capture_output=True, text=True)
    if result.returncode:
        failed += 1
        print(f"{fault}: {result.stdout}{result.stderr}")
print(f"{failed} faults raise other alerts than docs/metrics.md says")
sys.exit(failed > 0)
