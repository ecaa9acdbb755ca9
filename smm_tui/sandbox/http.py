"""Plain values for one HTTP call, a router, and the body formats the networks' APIs take."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from smm_tui.domain.clock import Instant

JSON: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One call. Header names are lower case; `received` is the world's time of arrival."""

    method: str
    host: str  # with its port, if the address names one
    path: str  # decoded, no query
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    received: Instant = 0

    @classmethod
    def of(cls, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Request:
        """From an absolute URL; without a host in it, from the Host header."""
        parts = urlsplit(url)
        names = {name.lower(): value for name, value in headers.items()}
        return cls(
            method=method.upper(),
            host=parts.netloc.rpartition("@")[2] or names.get("host", ""),
            path=unquote(parts.path) or "/",
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            headers=names,
            body=body,
        )

    def header(self, name: str) -> str:
        """A header's value, empty when absent."""
        return self.headers.get(name.lower(), "")

    def argument(self, name: str) -> str | None:
        """The last value of a query argument."""
        return next((value for key, value in reversed(self.query) if key == name), None)

    def arguments(self, name: str) -> list[str]:
        """All values of a query argument."""
        return [value for key, value in self.query if key == name]

    @property
    def bearer(self) -> str:
        """The token of a Bearer authorization, empty when there is none."""
        scheme, _, token = self.header("authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def content_type(self) -> str:
        """The media type of the body, lower case, without parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Response:
    """One answer."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    held: float = 0.0  # seconds that the server keeps the call open for something to say

    def with_headers(self, headers: Mapping[str, str]) -> Response:
        """The same answer with more headers."""
        return Response(self.status, {**self.headers, **headers}, self.body, self.held)

    def json(self) -> Any:
        """The parsed body."""
        return json.loads(self.body)


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in JSON."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, {"content-type": "application/json; charset=utf-8", **(headers or {})}, body)


def html_response(body: str, status: int = 200) -> Response:
    """A page, as proxies and crashed servers send."""
    return Response(status, {"content-type": "text/html; charset=utf-8"}, body.encode())


class Refused(Exception):
    """Ends a handler early with the answer to send."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


Handler = Callable[..., Response]


class Router:
    """Handlers by method and path; ``:name`` segments are passed as keyword arguments."""

    def __init__(self) -> None:
        self._routes: dict[tuple[str, int], list[tuple[list[str], Handler]]] = {}

    def on(self, method: str, *patterns: str) -> Callable[[Handler], Handler]:
        """Decorator: register a handler."""

        def register(handler: Handler) -> Handler:
            for pattern in patterns:
                segments = pattern.split("/")
                self._routes.setdefault((method, len(segments)), []).append((segments, handler))
            return handler

        return register

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]] | None:
        """The handler of a path with its arguments; fixed segments win over ``:name`` ones by order of entry."""
        segments = path.split("/")
        for pattern, handler in self._routes.get((method, len(segments)), ()):
            if all(p[:1] == ":" or p == s for p, s in zip(pattern, segments, strict=True)):
                return handler, {p[1:]: s for p, s in zip(pattern, segments, strict=True) if p[:1] == ":"}
        return None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    filename: str
    content_type: str
    data: bytes


class BadBody(ValueError):
    """The body is not what its Content-Type says."""


def parse_json(body: bytes) -> Any:
    """The value of a JSON body. BadBody when it is none, half a character included."""
    try:
        value = json.loads(body)
        if b"\\u" in body:
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadBody("not JSON") from error
    return value


def parse_multipart(content_type: str, body: bytes) -> list[tuple[str, str | Upload]]:
    """The fields of a ``multipart/form-data`` body, in order (RFC 7578)."""
    outer = Message()
    outer["Content-Type"] = content_type
    boundary = outer.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise BadBody("multipart without a boundary")
    # Split on bytes: a file may hold anything, lone carriage returns included.
    delimiter = b"\r\n--" + boundary.encode("latin-1", "replace")
    _, *parts = (b"\r\n" + body).split(delimiter)
    if not parts or not parts[-1].startswith(b"--"):
        raise BadBody("multipart body without its end")
    fields: list[tuple[str, str | Upload]] = []
    for part in parts[:-1]:
        head, blank, data = part.partition(b"\r\n\r\n")
        if not blank:
            raise BadBody("multipart part without a head")
        headers = BytesHeaderParser().parsebytes(head.lstrip(b"\r\n") + b"\r\n\r\n")
        name = headers.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            raise BadBody("multipart part without a name")
        filename = headers.get_filename()
        if filename is None:
            fields.append((name, data.decode("utf-8", "replace")))
        else:
            fields.append((name, Upload(filename, headers.get_content_type(), data)))
    return fields


def nest(fields: Iterable[tuple[str, Any]]) -> JSON:
    """Form fields as nested values, as Rails reads ``a[]``, ``a[b]`` and ``a[][b]``."""
    root: JSON = {}
    for name, value in fields:
        head, *rest = name.replace("]", "").split("[")
        _place(root, head, rest, value)
    return root


def _place(target: JSON, key: str, rest: list[str], value: Any) -> None:
    if not rest:
        target[key] = value
    elif rest[0] == "":
        items = target.setdefault(key, [])
        if not isinstance(items, list):
            raise BadBody(f"{key} is given as a value and as a list")
        if len(rest) == 1:
            items.append(value)
        else:
            # A repeated member starts the next item of the list.
            if not items or rest[1] in items[-1]:
                items.append({})
            _place(items[-1], rest[1], rest[2:], value)
    else:
        inner = target.setdefault(key, {})
        if not isinstance(inner, dict):
            raise BadBody(f"{key} is given as a value and as a group")
        _place(inner, rest[0], rest[1:], value)


def parameters(request: Request) -> JSON:
    """Query and body (JSON, form or multipart) merged into nested values; the body wins."""
    merged = nest(request.query)
    kind = request.content_type
    if not request.body:
        return merged
    if kind == "application/json":
        value = parse_json(request.body)
        if not isinstance(value, dict):
            raise BadBody("not a JSON object")
        return {**merged, **value}
    if kind == "multipart/form-data":
        return {**merged, **nest(parse_multipart(request.header("content-type"), request.body))}
    if kind == "application/x-www-form-urlencoded":
        text = request.body.decode("utf-8", "replace")
        return {**merged, **nest(parse_qsl(text, keep_blank_values=True))}
    return merged


def with_query(url: str, arguments: Mapping[str, Any]) -> str:
    """A URL with a query made of the arguments that are not None."""
    query = urlencode([(name, value) for name, value in arguments.items() if value is not None])
    return f"{url}?{query}" if query else url
