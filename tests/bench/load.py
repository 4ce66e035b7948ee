"""The load: a process of its own that posts requests made beforehand, and says how each was answered.

`python -m tests.bench.load` reads one job as JSON on standard input and writes its outcome on standard output.
Standard library and blocking sockets only: it shares the machine with what it measures.
"""

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

_TIMEOUT_S = 30.0
_Answers = list[tuple[float, int, str]]  # seconds, status, body


def main() -> None:
    job = json.load(sys.stdin)
    requests = [request.encode() for request in job["requests"]]
    answers: _Answers = [(0.0, 0, "")] * len(requests)
    waiting = enumerate(requests)  # shared: each thread takes the next one
    threads = [
        threading.Thread(target=_send, args=(waiting, answers, job["port"], job["keep_alive"]), daemon=True)
        for _ in range(job["connections"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump(answers, sys.stdout)


def _send(waiting: Iterator[tuple[int, bytes]], answers: _Answers, port: int, keep_alive: bool) -> None:
    line: socket.socket | None = None
    for number, request in waiting:
        begun = time.perf_counter()
        if line is None:
            line = socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_S)
        line.sendall(request)
        status, body, closes = _read(line)
        answers[number] = (time.perf_counter() - begun, status, body)
        if closes or not keep_alive:
            line.close()
            line = None


def _read(line: socket.socket) -> tuple[int, str, bool]:
    received = b""
    while (head_end := received.find(b"\r\n\r\n")) < 0:
        received += _more(line)
    start, *lines = received[:head_end].decode("latin-1").split("\r\n")
    headers: dict[str, Any] = {name.lower(): value.strip() for name, _, value in (text.partition(":") for text in lines)}
    body = received[head_end + 4 :]
    while len(body) < int(headers["content-length"]):
        body += _more(line)
    return int(start.split(" ", 2)[1]), body.decode(), headers.get("connection", "").lower() == "close"


def _more(line: socket.socket) -> bytes:
    received = line.recv(65536)
    if not received:
        raise ConnectionError("the server hung up before the answer was whole")
    return received


if __name__ == "__main__":
    main()
