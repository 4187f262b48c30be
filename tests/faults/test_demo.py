"""`kinerja demo` waits for its server as long as that lives, and leaves nothing running behind, however it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.tools import ROOT
from tests.servers import free_port

pytestmark = pytest.mark.faults

STUB = """
import os, subprocess, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
home, slow, part = sys.argv[1], float(sys.argv[2]), sys.argv[3]
open(f"{home}/{os.getpid()}", "w").close()
if part == "serve":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    open(f"{home}/{child.pid}", "w").close()
    if slow < 0:
        sys.exit(3)
    time.sleep(slow)
    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200); self.end_headers(); self.wfile.write(b"masuk")
        def log_message(self, *told): pass
    HTTPServer(("127.0.0.1", int(sys.argv[5])), Page).serve_forever()
time.sleep(600)
"""
START = """
import sys
from pathlib import Path
from kinerja_web import demo
demo._command = lambda path: [sys.executable, sys.argv[1], sys.argv[2], sys.argv[3]]
try:
    sys.exit(demo._serve(Path("none"), Path("config/demo"), int(sys.argv[4]), {}, ""))
except ValueError as problem:
    sys.exit(str(problem))
"""
"""The demo with stubs in place of its parts: how it waits and ends is its own."""


class Demo:
    def __init__(self, folder: Path, slow: float, before: Callable[[], object] | None = None) -> None:
        self.home, self.port = folder / "pids", free_port()
        self.home.mkdir()
        (folder / "stub.py").write_text(STUB)
        path = os.pathsep.join(str(ROOT / one) for one in ("core", "web", "plugins"))
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, str(folder / "stub.py"), str(self.home), str(slow), str(self.port)],
            env={**os.environ, "PYTHONPATH": path}, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=before,
        )  # fmt: skip

    def started(self, least: int) -> None:
        limit = time.monotonic() + 60
        while len(list(self.home.iterdir())) < least:
            assert time.monotonic() < limit
            time.sleep(0.05)

    def left(self) -> list[int]:
        """Which of the processes that were started still run."""
        return [int(one.name) for one in self.home.iterdir() if _runs(int(one.name))]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_slow_server_is_waited_for_and_all_parts_end_with_the_demo(tmp_path: Path) -> None:
    demo = Demo(tmp_path, slow=11)
    assert demo.process.stdout is not None
    line = ""
    while "Kinerja siap" not in line:
        line = demo.process.stdout.readline()
        assert line, demo.process.communicate()
    assert len(demo.left()) == 3
    demo.process.send_signal(signal.SIGINT)
    demo.process.communicate(timeout=60)
    assert (demo.process.returncode, demo.left()) == (0, [])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_while_it_waits_it_leaves_nothing_running(tmp_path: Path, number: int) -> None:
    demo = Demo(tmp_path, slow=600)
    demo.started(3)
    demo.process.send_signal(number)
    demo.process.communicate(timeout=60)
    assert (demo.process.returncode, demo.left()) == (0, [])


def test_started_in_the_background_by_a_shell_it_is_interrupted_all_the_same(tmp_path: Path) -> None:
    demo = Demo(tmp_path, slow=600, before=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    demo.started(3)
    demo.process.send_signal(signal.SIGINT)
    demo.process.communicate(timeout=60)
    assert (demo.process.returncode, demo.left()) == (0, [])


def test_a_server_that_ends_before_it_answers_ends_all_and_is_said(tmp_path: Path) -> None:
    demo = Demo(tmp_path, slow=-1)
    _, told = demo.process.communicate(timeout=60)
    assert (demo.process.returncode, demo.left()) == (1, [])
    assert f"Server berhenti sebelum siap di porta {demo.port}." in told


def test_a_port_in_use_is_said_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        folder = tmp_path
        (folder / "pids").mkdir()
        port = other.getsockname()[1]
        path = os.pathsep.join(str(ROOT / one) for one in ("core", "web", "plugins"))
        ended = subprocess.run(
            [sys.executable, "-c", START, "none", str(folder / "pids"), "0", str(port)],
            env={**os.environ, "PYTHONPATH": path}, cwd=ROOT, text=True, capture_output=True, timeout=60,
        )  # fmt: skip
    assert ended.returncode == 1 and f"Porta {port} sedang dipakai." in ended.stderr
    assert list((folder / "pids").iterdir()) == []
