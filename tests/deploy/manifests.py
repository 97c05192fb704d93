"""Reads rendered manifests from stdin: Kubernetes accepts them, their parts fit together, and the portal runs hardened."""

import re
import sys
from pathlib import Path

import kubernetes_validate
import yaml

# The manifests need none newer than the first; the last is the newest that the checker knows.
VERSIONS = ["1.30", kubernetes_validate.latest_version()]
# The operator's resource is in no schema of Kubernetes: the fields that ours uses, with their types.
# https://github.com/prometheus-operator/prometheus-operator/blob/main/Documentation/api-reference/api.md
SERVICE_MONITOR = {"selector": dict, "endpoints": list}
ENDPOINT = {"port": str, "path": str, "interval": str}


def has_types(value, types):
    return value.keys() == types.keys() and all(isinstance(value[key], type) for key, type in types.items())


manifests = list(yaml.safe_load_all(sys.stdin))
for manifest in manifests:
    if manifest["kind"] == "ServiceMonitor":
        assert has_types(manifest["spec"], SERVICE_MONITOR) and has_types(manifest["spec"]["endpoints"][0], ENDPOINT)
        continue
    for version in VERSIONS:
        kubernetes_validate.validate(manifest, version, strict=True)


def all_of(kind):
    return [manifest for manifest in manifests if manifest["kind"] == kind]


def selects(selector, labels):
    return selector and selector.items() <= labels.items()


[deployment] = all_of("Deployment")
pods = deployment["spec"]["template"]
labels = pods["metadata"]["labels"]
spec = pods["spec"]
[portal] = spec["containers"]
ports = {port["name"]: port["containerPort"] for port in portal["ports"]}
services = {service["metadata"]["name"]: service for service in all_of("Service")}

# Selectors and names lead to what they mean.
assert ports == {"pages": 3000, "admin": 3001}
for service in services.values():
    assert selects(service["spec"]["selector"], labels), service
    assert all(port["targetPort"] in ports for port in service["spec"]["ports"]), service
for budget in all_of("PodDisruptionBudget"):
    assert selects(budget["spec"]["selector"]["matchLabels"], labels)
for policy in all_of("NetworkPolicy"):
    assert selects(policy["spec"]["podSelector"]["matchLabels"], labels)
    assert all(port["port"] in ports for rule in policy["spec"]["ingress"] for port in rule["ports"])
for scaler in all_of("HorizontalPodAutoscaler"):
    assert scaler["spec"]["scaleTargetRef"]["name"] == deployment["metadata"]["name"]
    assert scaler["spec"]["minReplicas"] == 2 and "replicas" not in deployment["spec"]
for monitor in all_of("ServiceMonitor"):
    chosen = [it for it in services.values() if selects(monitor["spec"]["selector"]["matchLabels"], it["metadata"]["labels"])]
    offered = [port["name"] for service in chosen for port in service["spec"]["ports"]]
    assert [endpoint["port"] for endpoint in monitor["spec"]["endpoints"]] == offered == ["admin"]
for ingress in all_of("Ingress"):
    backend = ingress["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert backend["port"]["name"] in [port["name"] for port in services[backend["name"]]["spec"]["ports"]]
    [settings] = all_of("ConfigMap")
    assert settings["data"]["APP_BASE_URL"].split("/")[2] == ingress["spec"]["rules"][0]["host"]

# The probes ask routes that exist.
routes = re.findall(r'\.route\("(/\w+)"', Path("src/server/admin.rs").read_text())
asked = [portal[probe]["httpGet"] for probe in ["livenessProbe", "readinessProbe"]]
assert [(get["path"], get["port"]) for get in asked] == [("/healthz", "admin"), ("/readyz", "admin")]
assert all(get["path"] in routes for get in asked), routes

# Secrets are files below the mounted secret, readable for the portal's user.
mounted = {mount["name"]: mount for mount in portal["volumeMounts"]}["secrets"]["mountPath"]
files = {variable["name"]: variable["value"] for variable in portal["env"] if variable["name"].endswith("_FILE")}
assert {"AUTH0_CLIENT_SECRET_FILE", "AUTH0_SECRET_FILE"} <= files.keys()
assert all(file.startswith(mounted + "/") for file in files.values()), files

# D-03: no root, no capabilities, no writable root, no token for the cluster's API.
expected = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
assert portal["securityContext"] == expected
pod = spec["securityContext"]
assert pod["runAsNonRoot"] and pod["runAsUser"] == 65532 and pod["seccompProfile"] == {"type": "RuntimeDefault"}
assert spec["automountServiceAccountToken"] is False and spec["enableServiceLinks"] is False
assert "memory" in portal["resources"]["limits"]
