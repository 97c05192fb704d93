"""The bill of materials is valid CycloneDX and lists what is compiled in, and nothing that only builds or tests it."""

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = Path(sys.argv[1]).read_text()
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
assert error is None, error
names = {component["name"] for component in json.loads(text)["components"]}
assert {"axum", "aws-lc-sys", "libsqlite3-sys"} <= names, names
assert not names & {"emulated-tenant", "tempfile", "cc"}, names
