"""Ask a server again and again over connections that stay open, and read from /proc what its processes used for it."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

HOST = "127.0.0.1"
Told = Mapping[str, str] | Sequence[tuple[str, str]] | None


@dataclass(slots=True)
class Ask:
    """One request to repeat. `told` makes it a POST; `again` reads from an answer what the next one tells."""

    path: str
    cookie: str
    told: Mapping[str, str] | None = None
    again: Callable[[str], Mapping[str, str]] | None = None
    headers: Mapping[str, str] | None = None


def tree(root: int) -> list[int]:
    """A process and all below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(stat[1]), []).append(int(entry.name))
    found = [root]
    for one in found:
        found += parents.get(one, [])
    return found


def cpu(root: int) -> float:
    """Seconds of processor that a process and all below it have used, as the scheduler counts them, to the nanosecond."""
    used = 0
    for pid in tree(root):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            used += int((thread / "schedstat").read_text().split()[0])
    return used / 1e9


def pss(root: int) -> list[float]:
    """MiB each process of a tree holds, shared pages by their share; the largest first."""
    held = []
    for pid in tree(root):
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        held.append(int(found[1]) / 1024 if found else 0.0)
    return sorted(held, reverse=True)


def rate(root: int, port: int, asks: Sequence[Ask]) -> float:
    """Requests a second of processor, one after the other over one connection, each of *asks* once; RuntimeError for an
    answer that is not 200."""
    line = http.client.HTTPConnection(HOST, port, timeout=20)
    line.connect()
    line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    before = cpu(root)
    try:
        for ask in asks:
            headers = {"Cookie": ask.cookie, "Sec-Fetch-Site": "same-origin", **(ask.headers or {})}
            body = None
            if ask.told is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                body = urlencode(ask.told)
            line.request("GET" if body is None else "POST", ask.path, body, headers)
            answer = line.getresponse()
            text = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{ask.path}: status {answer.status}")
            if ask.again is not None and ask.told is not None:
                ask.told = {**ask.told, **ask.again(text.decode())}
    finally:
        line.close()
    return len(asks) / (cpu(root) - before)


def weigh(port: int, path: str, cookie: str = "", told: Told = None, **headers: str) -> tuple[int, bytes]:
    """The bytes one answer takes on the wire, headers and all, as a browser that takes brotli asks; and its head."""
    body = urlencode(told).encode() if told is not None else b""
    lines = {
        "Host": f"{HOST}:{port}", "Accept-Encoding": "gzip, deflate, br", "Sec-Fetch-Site": "same-origin",
        "Connection": "close", **{key.replace("_", "-"): value for key, value in headers.items()},
    }  # fmt: skip
    if cookie:
        lines["Cookie"] = cookie
    if told is not None:
        lines |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    head = f"{'POST' if told is not None else 'GET'} {path} HTTP/1.1\r\n"
    head += "".join(f"{key}: {value}\r\n" for key, value in lines.items()) + "\r\n"
    with socket.create_connection((HOST, port), 20) as line:
        line.sendall(head.encode() + body)
        received = b""
        while chunk := line.recv(65536):
            received += chunk
    return len(received), received
