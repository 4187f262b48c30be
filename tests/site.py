"""A running site for browser and fault tests: server, worker and simulator as processes of their own on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from kinerja import testing
from kinerja.kernel import Config
from kinerja_web import hooks as web_hooks
from kinerja_web.seed import refill
from tests.servers import free_port

DEMO = Path(__file__).resolve().parent.parent / "config" / "demo"
COMMAND = [sys.executable, "-c", "import sys; from kinerja_web.cli import main; sys.exit(main())"]


class Site:
    """Processes over one database; each can be killed and started again. Used as a context manager."""

    def __init__(self, database: str, data: Path, *, simulator: bool = True, worker: bool = True) -> None:
        self.data = data
        self.port, self.simulator_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, "KINERJA_DATABASE": database, "KINERJA_DATA": str(data), "KINERJA_DEMO": "1"}
        self.environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._simulated, self._worked = simulator, worker
        kernel = testing.start(Config(data, database, demo=True), web_hooks, fresh=False)
        refill(kernel, DEMO, {"simulator": f"http://127.0.0.1:{self.simulator_port}"})
        for one in kernel.host.registry.connectors.values():
            self.environment.update(one.fake_secrets)
        self.connector = next(id for id, one in kernel.host.registry.connectors.items() if one.simulate)
        testing.stop()

    def __enter__(self) -> Site:
        if self._simulated:
            self.start("simulator", "simulate", self.connector, "--port", str(self.simulator_port))
        self.serve()
        if self._worked:
            self.start("worker", "worker")
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.running):
            self.end(name)

    def start(self, name: str, *arguments: str) -> None:
        self.running[name] = subprocess.Popen([*COMMAND, *arguments], env=self.environment)

    def serve(self) -> None:
        """Start the server and wait until it answers, as long as it lives: on a busy machine that takes its time."""
        self.start("server", "serve", "--port", str(self.port))
        until = time.monotonic() + 120
        while self.running["server"].poll() is None and time.monotonic() < until:
            try:
                with urlopen(f"{self.url}/masuk", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def kill(self, name: str) -> None:
        """SIGKILL, as a power cut would."""
        process = self.running.pop(name)
        process.kill()
        process.wait(10)

    def end(self, name: str) -> None:
        process = self.running.pop(name)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

    def move(self, day: date) -> None:
        """Move the demo date by the command, then let a worker do all that is due before going on."""
        subprocess.run([*COMMAND, "date", day.isoformat()], env=self.environment, check=True, stdout=subprocess.DEVNULL)
        self.work()

    def work(self) -> None:
        subprocess.run([*COMMAND, "worker", "--once"], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def records(self, least: int = 0) -> list[dict[str, Any]]:
        """What the simulated outside system holds, as soon as it holds *least*, or what it has after ten seconds."""
        for _ in range(100):
            with urlopen(f"http://127.0.0.1:{self.simulator_port}/_sim/records", timeout=10) as answer:
                told = json.loads(answer.read())
            found = list(told["records"] if isinstance(told, dict) and "records" in told else told)
            if len(found) >= least:
                break
            time.sleep(0.1)
        return found
