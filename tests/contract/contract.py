# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check a response against ``cloudflare.openapi.yaml``."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

DOCUMENT = Path(__file__).with_name("cloudflare.openapi.yaml")
URI = "urn:community.cloudflare:contract"
METHODS = frozenset({"get", "post", "put", "patch", "delete"})
FORMATS = FormatChecker([])


@FORMATS.checks("date-time", ValueError)
def has_date(value: object) -> bool:
    """Return whether the day of a timestamp exists. A pattern checks its format."""
    return not isinstance(value, str) or bool(datetime.fromisoformat(value[:19]))


class Contract:
    """The OpenAPI document, and a validator of responses."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._registry: Registry[Any] = Registry().with_resource(
            URI, DRAFT202012.create_resource(document)
        )
        # Thousands of tests get the same response, and checking it takes milliseconds.
        self._valid: set[tuple[str, int]] = set()
        self._operations = [
            (method.upper(), re.compile(re.sub(r"\{\w+\}", "[^/]+", template)), operation)
            for template, operations in document["paths"].items()
            for method, operation in operations.items()
            if method in METHODS
        ]

    @classmethod
    def load(cls) -> Contract:
        """Read the document in this directory."""
        return cls(yaml.safe_load(DOCUMENT.read_text(encoding="utf-8")))

    def check(self, method: str, path: str, status: int, body: Any) -> None:
        """Raise an AssertionError if a body does not match the document.

        The path is the one after the base URL. An operation that the contract does not know must
        be refused, as anything else that cannot be routed.
        """
        checked = (self._response(method, path, status) or "", hash(json.dumps(body)))
        if checked in self._valid:
            return
        errors = self.find_errors(method, path, status, body)
        if errors:
            faults = [f"  {error.json_path}: {error.message}" for error in errors]
            raise AssertionError("\n".join([f"{method} {path}, {status}:", *faults]))
        self._valid.add(checked)

    def find_errors(self, method: str, path: str, status: int, body: Any) -> list[ValidationError]:
        """Return where a body does not match the document.

        :raises AssertionError: if the document does not have such a response.
        """
        pointer = self._response(method, path, status)
        if pointer is None:
            raise AssertionError(f"{method} {path}: the contract has no response {status}")
        return self._validate(f"{pointer}/content/application~1json/schema", body)

    def find_schema_errors(self, schema: str, value: Any) -> list[ValidationError]:
        """Return where a value does not match one of the schemas."""
        return self._validate(f"/components/schemas/{schema}", value)

    def without_closed_objects(self) -> Contract:
        """Return the contract for a server that sends more fields than are documented."""
        return Contract(_open_objects(self.document))

    def _validate(self, pointer: str, value: Any) -> list[ValidationError]:
        schema = {"$ref": f"{URI}#{pointer}"}
        validator = Draft202012Validator(schema, registry=self._registry, format_checker=FORMATS)
        return list(validator.iter_errors(value))

    def _response(self, method: str, path: str, status: int) -> str | None:
        """Return the JSON pointer to the response in the document."""
        for its_method, pattern, operation in self._operations:
            if its_method == method and pattern.fullmatch(path):
                reference = operation["responses"].get(str(status))
                return str(reference["$ref"]).lstrip("#") if reference else None
        error_responses = {400: "NotRouted", 401: "UnknownToken", 403: "Forbidden", 429: "TooMany"}
        name = error_responses.get(status)
        return f"/components/responses/{name}" if name else None


def _open_objects(value: Any) -> Any:
    """Return a document in which no object is closed."""
    if isinstance(value, dict):
        return {
            name: _open_objects(item)
            for name, item in value.items()
            if name not in ("additionalProperties", "unevaluatedProperties") or item is not False
        }
    return [_open_objects(item) for item in value] if isinstance(value, list) else value
