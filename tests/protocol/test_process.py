"""The process: how it ends, and what it reads. No client library in between."""

import json
import os
import subprocess

import pytest

BACKPROBE = os.environ["BACKPROBE"]


def frame(header: str = "Content-Length", **message) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return f"{header}: {len(body)}\r\n\r\n".encode() + body


INITIALIZE = frame(id=1, method="initialize", params={"processId": None, "rootUri": None, "capabilities": {}})
INITIALIZED = frame(method="initialized", params={})
SHUTDOWN = frame(id=2, method="shutdown")
EXIT = frame(method="exit")


def start() -> subprocess.Popen:
    return subprocess.Popen([BACKPROBE, "server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def read(server: subprocess.Popen) -> dict:
    length = 0
    while (line := server.stdout.readline().strip()) != b"":
        name, value = line.split(b":")
        length = int(value) if name.lower() == b"content-length" else length
    return json.loads(server.stdout.read(length))


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([INITIALIZE, INITIALIZED, SHUTDOWN, EXIT], 0),
        ([INITIALIZE, INITIALIZED, EXIT], 1),
        ([EXIT], 1),
        ([SHUTDOWN, EXIT], 1),
    ],
)
def test_exit_code_says_whether_shutdown_came_before(messages, code):
    server = start()
    for message in messages:
        server.stdin.write(message)
        server.stdin.flush()
    # Standard input stays open: the server must not wait for its end.
    assert server.wait(60) == code


def test_a_client_that_goes_away_ends_the_server():
    server = start()
    output, _ = server.communicate(INITIALIZE + INITIALIZED, 60)
    assert b'"positionEncoding":"utf-16"' in output
    assert server.returncode == 1


def test_rubbish_ends_the_server_with_a_failure():
    server = start()
    _, log = server.communicate(b"Content-Length: 5\r\n\r\n{{{{{", 60)
    assert server.returncode == 1
    assert b"JSON" in log


def test_header_names_may_be_in_lower_case():
    server = start()
    message = {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}}
    server.stdin.write(frame("content-length", **message))
    server.stdin.flush()
    assert read(server)["id"] == 1
    server.stdin.write(frame("CONTENT-LENGTH", id=2, method="shutdown") + EXIT)
    server.stdin.flush()
    assert server.wait(60) == 0


def test_requests_before_the_beginning_and_after_the_end_are_refused():
    server = start()
    server.stdin.write(frame(id=1, method="textDocument/hover", params={}))
    server.stdin.flush()
    assert read(server)["error"]["code"] == -32002
    for message, check in [(INITIALIZE, "result"), (INITIALIZED, None), (SHUTDOWN, "result")]:
        server.stdin.write(message)
        server.stdin.flush()
        if check:
            assert check in read(server)
    server.stdin.write(frame(id=3, method="textDocument/hover", params={}))
    server.stdin.flush()
    assert read(server)["error"]["code"] == -32600
    server.stdin.write(EXIT)
    server.stdin.flush()
    assert server.wait(60) == 0


def test_nothing_but_the_protocol_goes_to_standard_output():
    server = subprocess.Popen(
        [BACKPROBE, "server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "BACKPROBE_LOG": "trace"},
    )
    output, log = server.communicate(INITIALIZE + INITIALIZED + SHUTDOWN + EXIT, 60)
    assert server.returncode == 0
    assert log
    while output:
        header, _, rest = output.partition(b"\r\n\r\n")
        length = int(header.removeprefix(b"Content-Length: "))
        json.loads(rest[:length])
        output = rest[length:]
