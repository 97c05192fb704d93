"""Names of settings in the deployment files are settings, and none of their secrets has its value there."""

import re
from pathlib import Path

import yaml

SOURCE = Path("src/config/settings.rs").read_text()
# Each setting with whether it holds a secret.
KNOWN = {
    name: "Secret" in kind
    for name, kind in re.findall(r'env = "(\w+)".*?pub \w+: ([\w<>]+)', SOURCE, re.DOTALL)
}
# What others read from the same place: the proxy, and tracing's filter.
OTHERS = {"SITE_ADDRESS", "RUST_LOG"}


def lines(path):
    """The settings of a file of NAME=value lines."""
    return dict(re.findall(r"^(\w+)=(.*)$", Path(path).read_text(), re.MULTILINE))


def unit(path):
    """The settings of a systemd unit."""
    given = re.findall(r"^Environment=(.*)$", Path(path).read_text(), re.MULTILINE)
    return dict(pair.split("=", 1) for line in given for pair in line.split())


def check(where, settings):
    assert settings, f"{where} has no settings"
    for name, value in settings.items():
        assert name in KNOWN or name in OTHERS, f"{where}: {name} is not a setting"
        # Without a password in it, the store's address is no secret.
        is_address = name == "SESSION_STORE" and "@" not in str(value)
        assert not KNOWN.get(name) or is_address, f"{where} holds the secret {name}"


assert {"AUTH0_SECRET", "LISTEN", "TRUSTED_PROXIES"} <= KNOWN.keys() and KNOWN["AUTH0_SECRET"], KNOWN
check("portal.env.example", lines("deploy/portal.env.example"))
for overlay in ["production", "single"]:
    check(overlay, lines(f"deploy/kubernetes/overlays/{overlay}/portal.env"))
check("mfa-portal.service", unit("deploy/systemd/mfa-portal.service"))

compose = yaml.safe_load(Path("compose.yaml").read_text())
portal = compose["services"]["portal"]["environment"]
check("compose.yaml", portal)
subnet = compose["networks"]["outside"]["ipam"]["config"][0]["subnet"]
assert portal["TRUSTED_PROXIES"] == subnet, "compose.yaml does not trust its own proxy"
