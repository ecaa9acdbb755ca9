"""Validates calls and answers against VK's official schema, which writes ``required`` into each property."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from .specs import spec

JSON = dict[str, Any]

# The schema names only `domain`, though the server takes both; and these belong to every call.
_ALSO = {"wall.get": {"owner_id"}}
_COMMON = {"v", "access_token"}


@cache
def _file(path: Path) -> JSON:
    found: JSON = json.loads(path.read_text())
    return found


@cache
def method(name: str) -> JSON:
    """The description of a method; skips the test where there is no schema."""
    methods = _file(spec("vk") / name.partition(".")[0] / "methods.json")["methods"]
    found: JSON = next(item for item in methods if item["name"] == name)
    return found


def call_errors(name: str, form: Mapping[str, str]) -> list[str]:
    """What is wrong with the parameters of a call."""
    known = {item["name"]: item for item in method(name).get("parameters", [])}
    problems = [f"{key} is unknown" for key in form if key not in {*known, *_COMMON, *_ALSO.get(name, ())}]
    problems += [f"{key} is missing" for key, item in known.items() if item.get("required") and key not in form]
    problems += [
        f"{key}: {form[key]!r} is no {item['type']}" for key, item in known.items() if not _fits(form.get(key), item)
    ]
    return problems


def answer_errors(name: str, answer: Any) -> list[str]:
    """What is wrong with a whole answer, ``{"response": ...}``."""
    home = spec("vk") / name.partition(".")[0] / "methods.json"
    definitions: JSON = {}
    responses = method(name)["responses"]
    root = _converted(responses.get("response") or responses["deprecatedResponse"], home, definitions)
    schema = {"$defs": definitions, **root, "required": ["response"]}
    return [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(schema).iter_errors(answer)]


def _fits(value: str | None, item: JSON) -> bool:
    if value is None:
        return True
    kinds = item["type"] if isinstance(item["type"], list) else [item["type"]]
    if kinds == ["boolean"]:
        return value in ("0", "1")
    if kinds == ["integer"]:
        return value.removeprefix("-").isdecimal() and int(value) >= item.get("minimum", int(value))
    return "enum" not in item or value in item["enum"]


def _converted(node: Any, home: Path, definitions: JSON) -> Any:
    """The schema in standard words; what it refers to is put into `definitions`.

    Objects may have more than is known of them, as everything did that VK added since.
    """
    if isinstance(node, list):
        return [_converted(item, home, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    made = {
        key: _converted(value, home, definitions)
        for key, value in node.items()
        if key not in ("$ref", "required", "entity", "enumNames", "format", "description", "additionalProperties")
    }
    if "properties" in node:
        made["properties"] = {key: _converted(value, home, definitions) for key, value in node["properties"].items()}
        made["required"] = [
            key
            for key, value in node["properties"].items()
            if value.get("required") is True and key != "inner_type"  # never sent
        ]
    if "$ref" in node:
        made["$ref"] = _referred(node["$ref"], home, definitions)
    return made


def _referred(reference: str, home: Path, definitions: JSON) -> str:
    relative, _hash, pointer = reference.partition("#/")
    file = (home.parent / relative).resolve() if relative else home
    name = f"{file.parent.name}.{file.stem}.{pointer.rpartition('/')[2]}"
    if name not in definitions:
        definitions[name] = {}  # schemas refer to themselves
        found: Any = _file(file)
        for step in pointer.split("/"):
            found = found[step]
        definitions[name] = _converted(found, file, definitions)
    return f"#/$defs/{name}"
