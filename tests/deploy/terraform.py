"""Every attribute of deploy/terraform exists in the provider, and none that it requires is missing.

Pulumi's package for Auth0 is generated from the schema of Terraform's provider. It is read, not run.
"""

import ast
import importlib.util
from pathlib import Path

import hcl2
import yaml

PACKAGE = Path(importlib.util.find_spec("pulumi_auth0").origin).parent
# Terraform's own, in every resource.
META = {"count", "for_each", "depends_on", "lifecycle"}


def classes(file):
    return {node.name: node for node in ast.parse(file.read_text()).body if isinstance(node, ast.ClassDef)}


BLOCKS = classes(PACKAGE / "_inputs.py")


def parameters(definition):
    """The parameters of a class: its name for a block, or None, by name, and those without default."""
    [init] = [node for node in definition.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"]
    kinds, required = {}, set()
    for argument, default in zip(init.args.kwonlyargs, init.args.kw_defaults):
        named = [node.value for node in ast.walk(argument.annotation) if isinstance(node, ast.Constant)]
        kinds[argument.arg] = next((name for name in named if name in BLOCKS), None)
        if default is None:
            required.add(argument.arg)
    return kinds, required


def plain(body):
    """The body of a block without quotes and the parser's notes, with `dynamic` blocks as the blocks that they make."""
    names = {key.strip('"'): value for key, value in body.items() if not key.startswith("__")}
    for block in names.pop("dynamic", []):
        for name, dynamic in plain(block).items():
            names[name] = dynamic["content"]
    return names


def check(where, body, definition):
    kinds, required = parameters(definition)
    body = plain(body)
    given = body.keys() - META
    assert given <= kinds.keys(), f"{where} has no {given - kinds.keys()}"
    assert required <= given, f"{where} lacks {required - given}"
    for name in given:
        if kinds[name]:
            for block in body[name]:
                check(f"{where}.{name}", block, BLOCKS[kinds[name]])


resources = 0
for file in sorted(Path("deploy/terraform").glob("*.tf")):
    for resource in hcl2.loads(file.read_text()).get("resource", []):
        for kind, named in plain(resource).items():
            name = kind.removeprefix("auth0_")
            definition = classes(PACKAGE / f"{name}.py")[name.title().replace("_", "") + "Args"]
            for body in plain(named).values():
                check(kind, body, definition)
                resources += 1
assert resources >= 8, resources

# The deploy CLI sets up the same.
tenant = yaml.safe_load(Path("deploy/auth0-deploy-cli/tenant.yaml").read_text())
main = [resource for resource in hcl2.loads(Path("deploy/terraform/main.tf").read_text())["resource"]]
portal = plain(plain(main[0])["auth0_client"])["portal"]
for name in ["name", "app_type", "grant_types", "callbacks", "allowed_logout_urls"]:
    here = str(portal[name]).replace('"', "").replace("${var.app_base_url}", "##APP_BASE_URL##")
    assert here == str(tenant["clients"][0][name]), (here, tenant["clients"][0][name])
assert tenant["clientGrants"][0]["scope"] == ["update:users"]
