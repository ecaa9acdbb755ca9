"""Checks calls and nodes of the Graph API against Meta's own description of its types, edges and parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from .specs import spec

JSON = dict[str, Any]

ANYWHERE = frozenset({"fields", "ids", "limit", "after", "appsecret_proof", "method"})
# What the description leaves out though the documentation has it: files, and a person's tasks on a Page.
UNDESCRIBED = {("Page", "photos"): {"source"}, ("Page", "picture"): {"source"}}
UNDESCRIBED_FIELDS = {"Page": {"tasks"}}
OUTSIDE = frozenset({"app", "debug_token"})  # calls about tokens, which are no edges of a type


def call_errors(method: str, kind: str, edge: str, params: Mapping[str, Any]) -> list[str]:
    """What is wrong with a call of an edge, or of the node itself, by its parameters (text or uploaded files)."""
    found = next((api for api in _apis(kind) if _matches(api, method, edge)), None)
    if found is None:
        return [f"{kind} has no {method} {edge}"]
    types = {param["name"]: param["type"] for param in found["params"]}
    known = types.keys() | ANYWHERE | UNDESCRIBED.get((kind, edge), set())
    problems = [f"{kind}/{edge}: no parameter {name}" for name in params if name not in known]
    problems += [
        f"{kind}/{edge}: {name} is no {types[name]}"
        for name, value in params.items()
        if name in types and isinstance(value, str) and not _fits(types[name], value)
    ]
    returned = return_of(method, kind, edge)
    if "fields" in params and returned:
        problems += field_errors(returned, list(_top_names(params["fields"])))
    return problems


def return_of(method: str, kind: str, edge: str) -> str:
    """The type that a call gives, empty where that type is not described here."""
    found = next((api["return"] for api in _apis(kind) if _matches(api, method, edge)), "")
    return found if found and _path(found).exists() else ""


def field_errors(kind: str, names: list[str]) -> list[str]:
    """What of these is no field, and no edge that can be read, of a type."""
    document = _document(kind)
    known = {field["name"] for field in document["fields"]} | UNDESCRIBED_FIELDS.get(kind, set())
    known |= {api["endpoint"] for api in document["apis"] if api["method"] == "GET" and "endpoint" in api}
    return [f"{kind}: no field {name}" for name in names if name not in known]


def _matches(api: JSON, method: str, edge: str) -> bool:
    return bool(api["method"] == method and api.get("endpoint", "") == edge)


def _apis(kind: str) -> list[JSON]:
    apis: list[JSON] = _document(kind)["apis"]
    return apis


@cache
def _document(kind: str) -> JSON:
    document: JSON = json.loads(_path(kind).read_text())
    return document


def _path(kind: str) -> Path:
    return spec("meta/api_specs/specs") / f"{'AdVideo' if kind == 'Video' else kind}.json"


@cache
def _enums() -> dict[str, list[str]]:
    path = spec("meta/api_specs/specs/enum_types.json")
    return {item["name"]: item["values"] for item in json.loads(path.read_text())}


def _top_names(fields: str) -> Iterator[str]:
    flat = fields
    while (shorter := re.sub(r"\{[^{}]*\}", "", flat)) != flat:
        flat = shorter
    return (re.sub(r"\..*", "", name) for name in flat.split(",") if name)


def _fits(kind: str, value: str) -> bool:
    if kind == "bool":
        return value in ("true", "false")
    if kind in ("int", "unsigned int"):
        return re.fullmatch(r"\d+" if kind == "unsigned int" else r"-?\d+", value) is not None
    if kind.startswith("list"):
        if not value.startswith("["):  # words after one another, as the documentation writes short lists
            inner = kind[5:-1]
            return all(inner == "Object" or _fits(inner, word) for word in value.split(","))
        items = json.loads(value)
        return isinstance(items, list) and (kind != "list<Object>" or all(isinstance(item, dict) for item in items))
    if kind in ("Object", "map"):
        return isinstance(json.loads(value), dict)
    if kind in _enums():
        return value in _enums()[kind]
    return kind in ("string", "datetime", "file")
