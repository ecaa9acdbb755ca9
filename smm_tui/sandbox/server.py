"""The sandbox on a real loopback socket, for clients that want one; faults break the connection for real."""

from __future__ import annotations

import select
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from smm_tui.sandbox.exchange import Break, Broken, answer, receive
from smm_tui.sandbox.http import Request, Response
from smm_tui.sandbox.things import Server
from smm_tui.sandbox.world import World

_POLL = 0.05  # seconds between looks whether a silent connection may end


@contextmanager
def serve(world: World, server: Server, port: int = 0) -> Iterator[str]:
    """Run one of the world's servers on 127.0.0.1 and give its address; port 0 takes a free one.

    Meanwhile the server names that address as its own in what it says of itself. A fault that would kill the calling
    process resets the connection, and one that would refuse it closes it: another process cannot be served otherwise.
    """
    listener = _Listener(world, server, port)
    base = f"http://127.0.0.1:{listener.server_address[1]}"
    world.move_server(server.host, base)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": _POLL}, daemon=True)
    thread.start()
    try:
        yield base
    finally:
        listener.shutdown()
        listener.hang_up()
        listener.server_close()
        thread.join()
        world.move_server(server.host, server.base)


class _Listener(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for the calls under way

    def __init__(self, world: World, server: Server, port: int) -> None:
        self.world = world
        self.host = server.host
        self.closing = threading.Event()
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def close_request(self, request: Any) -> None:
        self._open.discard(request)
        super().close_request(request)

    def hang_up(self) -> None:
        """End connections that clients keep alive, and silences."""
        self.closing.set()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of this program."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer
    timeout = 60
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        body = self._body()
        request = Request.of(self.command, f"http://{self.server.host}{self.path}", dict(self.headers), body)
        arrival = receive(self.server.world, request)
        self.server.closing.wait(arrival.delay)
        try:
            response = answer(self.server.world, arrival)
        except Broken as broken:
            self._break(broken.how)
            return
        self._send(response)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline() not in (b"\r\n", b"\n", b""):
            """Trailers say nothing here."""
        return b"".join(chunks)

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def _break(self, how: Break) -> None:
        self.close_connection = True
        connection = self.connection
        if how is Break.TIMEOUT:
            while not self.server.closing.is_set():
                readable, _, _ = select.select([connection], [], [], _POLL)
                if readable:
                    break  # the client gave up, or asks for more in vain
        elif how in (Break.RESET, Break.CRASH):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """The world keeps its own log."""
