"""Validates values against the official AT Protocol lexicons (Lexicon 1): records, request bodies, answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import regex

from .specs import spec

JSON = dict[str, Any]

_DID = r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]"
_HANDLE = r"([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_NSID = r"[a-zA-Z][a-zA-Z0-9-]{0,62}(\.[a-zA-Z0-9][a-zA-Z0-9-]{0,62})+\.[a-zA-Z][a-zA-Z0-9]{0,62}"
_KEY = r"[A-Za-z0-9._:~-]{1,512}"
_FORMATS = {
    "did": _DID,
    "handle": _HANDLE,
    "at-identifier": f"{_DID}|{_HANDLE}",
    "nsid": _NSID,
    "record-key": _KEY,
    "tid": r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}",
    "cid": r"b[a-z2-7]{58}",
    "at-uri": rf"at://({_DID}|{_HANDLE})(/{_NSID}(/{_KEY})?)?",
    "uri": r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+",
    "language": r"i|[a-z]{2,3}(-[A-Za-z0-9]{1,8})*",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,20})?(Z|[+-]\d\d:\d\d)",
}


def record_errors(record: JSON) -> list[str]:
    """What is wrong with a record by the lexicon that its ``$type`` names."""
    nsid = record.get("$type", "")
    return list(_check(_main(nsid)["record"], record, nsid, "record"))


def query_errors(nsid: str, items: Iterable[tuple[str, str]]) -> list[str]:
    """What is wrong with the parameters of a query, as they stand in its address."""
    main = _main(nsid)
    if main["type"] != "query":
        return [f"{nsid} is no query"]
    schema = main.get("parameters", {"properties": {}})
    values: JSON = {}
    unknown: list[str] = []
    for name, text in items:
        kind = schema["properties"].get(name)
        if kind is None:
            unknown.append(f"{nsid}: there is no parameter {name}")
        elif kind["type"] == "array":
            values.setdefault(name, []).append(text)
        else:
            values[name] = int(text) if kind["type"] == "integer" and text.lstrip("-").isdecimal() else text
    return unknown + list(_check({**schema, "type": "object"}, values, nsid, "query"))


def input_errors(nsid: str, body: Any) -> list[str]:
    """What is wrong with the JSON body of a procedure, the record in it included."""
    main = _main(nsid)
    if main["type"] != "procedure" or main.get("input", {}).get("encoding") != "application/json":
        return [f"{nsid} takes no JSON"]
    found = list(_check(main["input"]["schema"], body, nsid, "input"))
    if isinstance(body, dict) and isinstance(body.get("record"), dict):
        found += record_errors(body["record"])
    return found


def output_errors(nsid: str, body: Any) -> list[str]:
    """What is wrong with the JSON answer of a query or procedure."""
    main = _main(nsid)
    schema = main.get("output", {}).get("schema")
    return [f"{nsid} answers no JSON"] if schema is None else list(_check(schema, body, nsid, "output"))


@cache
def _document(nsid: str) -> JSON:
    path: Path = spec("bluesky/lexicons") / f"{nsid.replace('.', '/')}.json"
    document: JSON = json.loads(path.read_text())
    return document


def _main(nsid: str) -> JSON:
    main: JSON = _document(nsid)["defs"]["main"]
    return main


def _resolve(ref: str, home: str) -> tuple[JSON, str]:
    nsid, _, name = ref.partition("#")
    nsid = nsid or home
    return _document(nsid)["defs"][name or "main"], nsid


def _check(schema: JSON, value: Any, home: str, at: str) -> Iterator[str]:
    match schema["type"]:
        case "ref":
            target, where = _resolve(schema["ref"], home)
            yield from _check(target, value, where, at)
        case "union":
            yield from _union(schema, value, home, at)
        case "object" | "record":
            yield from _object(schema.get("record", schema), value, home, at)
        case "array":
            if not isinstance(value, list):
                yield f"{at}: not an array"
                return
            if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
                yield f"{at}: {len(value)} items"
            for number, item in enumerate(value):
                yield from _check(schema["items"], item, home, f"{at}/{number}")
        case "string":
            yield from _string(schema, value, at)
        case "integer":
            if not isinstance(value, int) or isinstance(value, bool):
                yield f"{at}: not an integer"
            elif not schema.get("minimum", value) <= value <= schema.get("maximum", value):
                yield f"{at}: {value} is out of bounds"
        case "boolean":
            if not isinstance(value, bool) or value is not schema.get("const", value):
                yield f"{at}: not the right boolean"
        case "blob":
            yield from _blob(schema, value, at)
        case "cid-link":
            if not isinstance(value, dict) or not _fits("cid", str(value.get("$link"))):
                yield f"{at}: not a link"
        case "unknown":
            if not isinstance(value, dict):
                yield f"{at}: not an object"
        case other:
            yield f"{at}: unhandled lexicon type {other}"


def _object(schema: JSON, value: Any, home: str, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: not an object"
        return
    yield from (f"{at}: lacks {name}" for name in schema.get("required", ()) if name not in value)
    for name, inner in schema.get("properties", {}).items():
        if name not in value or (value[name] is None and name in schema.get("nullable", ())):
            continue
        yield from _check(inner, value[name], home, f"{at}/{name}")


def _union(schema: JSON, value: Any, home: str, at: str) -> Iterator[str]:
    if not isinstance(value, dict) or not isinstance(value.get("$type"), str):
        yield f"{at}: no $type"
        return
    for ref in schema["refs"]:
        nsid, _, name = ref.partition("#")
        full = f"{nsid or home}#{name}" if name and name != "main" else nsid or home
        if value["$type"] == full:
            target, where = _resolve(ref, home)
            yield from _check(target, value, where, at)
            return
    if schema.get("closed"):
        yield f"{at}: {value['$type']} is not in the closed union"


def _string(schema: JSON, value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{at}: not a string"
        return
    if len(value.encode()) > schema.get("maxLength", 1 << 30):
        yield f"{at}: longer than {schema['maxLength']} bytes"
    if len(value.encode()) < schema.get("minLength", 0):
        yield f"{at}: shorter than {schema['minLength']} bytes"
    if len(regex.findall(r"\X", value)) > schema.get("maxGraphemes", 1 << 30):
        yield f"{at}: longer than {schema['maxGraphemes']} graphemes"
    if value not in schema.get("enum", (value,)) or value != schema.get("const", value):
        yield f"{at}: {value!r} is not an allowed value"
    if "format" in schema and not _fits(schema["format"], value):
        yield f"{at}: {value!r} is not a {schema['format']}"


def _fits(name: str, value: str) -> bool:
    if re.fullmatch(_FORMATS[name], value) is None:
        return False
    if name == "datetime":
        try:
            datetime.fromisoformat(value)
        except ValueError:
            return False
    return True


def _blob(schema: JSON, value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("$type") != "blob":
        yield f"{at}: not a blob"
        return
    link, mime, size = value.get("ref"), value.get("mimeType"), value.get("size")
    if not isinstance(link, dict) or not _fits("cid", str(link.get("$link"))):
        yield f"{at}/ref: not a link"
    if not isinstance(mime, str) or not isinstance(size, int):
        yield f"{at}: lacks mimeType or size"
        return
    accepted = schema.get("accept", ["*/*"])
    if not any(re.fullmatch(pattern.replace("*", ".*").replace("+", r"\+"), mime) for pattern in accepted):
        yield f"{at}: {mime} is not accepted"
    if size > schema.get("maxSize", size):
        yield f"{at}: {size} bytes"
