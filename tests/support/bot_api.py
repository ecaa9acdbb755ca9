"""Calls and answers against the official description of Telegram's Bot API."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from smm_tui.sandbox.http import Upload
from tests.support.specs import spec

_PLAIN: dict[str, type | tuple[type, ...]] = {
    "Integer": int,
    "String": str,
    "Boolean": bool,
    "True": bool,
    "Float": (int, float),
}
_ATTACHED = "attach://"


@cache
def _document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(spec("telegram/api.json").read_text())
    return loaded


def call_errors(method: str, parameters: dict[str, Any], *, form: bool) -> list[str]:
    """What is wrong with a call; in a `form` everything but text is JSON, and files are `Upload`."""
    known = _document()["methods"].get(method)
    if known is None:
        return [f"there is no method {method}"]
    sent = dict(parameters)
    attached = {name for name, value in sent.items() if isinstance(value, Upload)}
    fields = {field["name"]: field for field in known.get("fields", [])}
    named = json.dumps({name: value for name, value in sent.items() if isinstance(value, str)})
    for name in attached - set(fields):
        if f"{_ATTACHED}{name}" not in named:
            return [f"{name} is attached to nothing"]
        del sent[name]
    if form:
        sent = {name: _from_form(fields.get(name), value) for name, value in sent.items()}
    return _object_errors(fields, sent, method)


def result_errors(method: str, result: Any) -> list[str]:
    """What is wrong with the result of a method."""
    return _value_errors(_document()["methods"][method]["returns"], result, method)


def _from_form(field: dict[str, Any] | None, value: Any) -> Any:
    if field is None or not isinstance(value, str) or "String" in field["types"]:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _object_errors(fields: dict[str, Any], value: dict[str, Any], where: str) -> list[str]:
    found = [f"{where}: lacks {name}" for name, field in fields.items() if field["required"] and name not in value]
    for name, inner in value.items():
        if name not in fields:
            found.append(f"{where}: {name} is unknown")
        else:
            found += _value_errors(fields[name]["types"], inner, f"{where}.{name}")
    return found


def _value_errors(types: list[str], value: Any, where: str) -> list[str]:
    attempts = [_type_errors(name, value, where) for name in types]
    return [] if [] in attempts else min(attempts, key=len)


def _type_errors(name: str, value: Any, where: str) -> list[str]:
    if name.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where}: no array"]
        inner = name.removeprefix("Array of ").split(" and ")
        return [
            error for index, item in enumerate(value) for error in _value_errors(inner, item, f"{where}[{index}]")
        ]
    if name == "InputFile":
        return [] if isinstance(value, Upload) else [f"{where}: no file"]
    if name in _PLAIN:
        right = isinstance(value, _PLAIN[name]) and (isinstance(value, bool) == (_PLAIN[name] is bool))
        return [] if right else [f"{where}: {value!r} is no {name}"]
    described = _document()["types"][name]
    if described.get("subtypes"):
        return _value_errors(described["subtypes"], value, where)
    if not isinstance(value, dict):
        return [f"{where}: no {name}"]
    return _object_errors({field["name"]: field for field in described.get("fields", [])}, value, where)
