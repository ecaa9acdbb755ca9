"""Body formats and routes, where they are easy to get wrong."""

from __future__ import annotations

from typing import Any

import pytest

from smm_tui.sandbox.faces.mastodon.text import length, tokens
from smm_tui.sandbox.http import BadBody, Request, Response, Router, Upload, nest, parameters, parse_multipart


@pytest.mark.parametrize(
    ("fields", "nested"),
    [
        ([("a", "1"), ("a", "2")], {"a": "2"}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("p[o][]", "x"), ("p[o][]", "y"), ("p[n]", "1")], {"p": {"o": ["x", "y"], "n": "1"}}),
        (
            [("m[][id]", "1"), ("m[][t]", "a"), ("m[][id]", "2")],
            {"m": [{"id": "1", "t": "a"}, {"id": "2"}]},
        ),
    ],
)
def test_nesting(fields: list[tuple[str, str]], nested: dict[str, Any]) -> None:
    assert nest(fields) == nested


@pytest.mark.parametrize("fields", [[("a", "1"), ("a[]", "2")], [("a[]", "1"), ("a[b]", "2")]])
def test_contradictions_are_refused(fields: list[tuple[str, str]]) -> None:
    with pytest.raises(BadBody):
        nest(fields)


def test_multipart_keeps_every_byte() -> None:
    data = bytes(range(256)) + b"\r\n--other\r\n\r\n--"
    body = (
        b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nline one\r\nline two\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a \\"b\\".png"\r\n'
        b"Content-Type: image/png\r\n\r\n" + data + b"\r\n--b--\r\n"
    )
    text, file = parse_multipart('multipart/form-data; boundary="b"', body)
    assert text == ("text", "line one\r\nline two")
    assert file == ("file", Upload('a "b".png', "image/png", data))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\nx"),
        ("multipart/form-data; boundary=b", b"--b\r\nno head\r\n--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\nX: y\r\n\r\nx\r\n--b--"),
    ],
)
def test_broken_multipart(kind: str, body: bytes) -> None:
    with pytest.raises(BadBody):
        parse_multipart(kind, body)


def test_the_body_wins_over_the_query() -> None:
    request = Request.of(
        "POST",
        "https://x.example/p%C3%A9?a=1&b=2",
        {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
        b"a=3",
    )
    assert (request.host, request.path) == ("x.example", "/pé")
    assert parameters(request) == {"a": "3", "b": "2"}


def test_routes() -> None:
    router = Router()

    @router.on("GET", "/a/fixed", "/b")
    def fixed() -> Response:
        return Response()

    @router.on("GET", "/a/:name")
    def named(name: str) -> Response:
        return Response(body=name.encode())

    assert router.find("GET", "/a/fixed") == (fixed, {})
    assert router.find("GET", "/b") == (fixed, {})
    assert router.find("GET", "/a/other") == (named, {"name": "other"})
    assert router.find("POST", "/a/other") is None
    assert router.find("GET", "/a/other/more") is None


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("see https://x.org/a_(b).", [("text", "see "), ("url", "https://x.org/a_(b)"), ("text", ".")]),
        ("(https://x.org)", [("text", "("), ("url", "https://x.org"), ("text", ")")]),
        ("me@example.org", [("text", "me@example.org")]),
        ("@a.b@x.org's", [("user", "@a.b@x.org"), ("text", "'s")]),
        ("#1 #a1 #ünï &#39;", [("text", "#1 "), ("tag", "#a1"), ("text", " "), ("tag", "#ünï"), ("text", " &#39;")]),
        ("", []),
    ],
)
def test_pieces_of_a_text(text: str, pieces: list[tuple[str, str]]) -> None:
    assert [(token.kind, token.text) for token in tokens(text)] == pieces
    assert "".join(token.text for token in tokens(text)) == text


def test_length() -> None:
    assert length("👍🏽 https://example.org/very/long @bakery@example.org", 23) == 1 + 1 + 23 + 1 + 7
