"""`kinerja demo`: build the example world once, then run server, worker and simulators until told to stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import FrameType
from urllib.request import urlopen

from kinerja import units
from kinerja.kernel import Config, Kernel
from kinerja.migrations import migrate
from kinerja_web.seed import refill, seed
from kinerja_web.terminal import ZONE, bar, start
from kinerja_work import demo_date, worker


def run(config: Config, path: Path, folder: Path, port: int) -> int:
    """Serve the demo on loopback at *port*; simulators take the ports after it. Data stay between runs."""
    if not folder.is_dir():
        raise ValueError(f"Folder {folder} tidak ada. Jalankan dari folder proyek, atau sebut --folder.")
    told = os.environ.get("KINERJA_DATA", "")
    os.environ["KINERJA_DEMO"] = "1"
    os.environ.setdefault("KINERJA_DATA", str(config.data))
    kernel = start(replace(config, demo=True))
    migrate()
    kernel.sync()
    simulators = {
        id: port + number
        for number, (id, one) in enumerate(sorted(kernel.host.registry.connectors.items()), 1)
        if one.simulate is not None
    }
    for one in kernel.host.registry.connectors.values():
        os.environ.update(one.fake_secrets)
    fill = {"simulator": f"http://127.0.0.1:{next(iter(simulators.values()), 0)}"}
    _build(kernel, folder, fill)
    kernel.release()
    return _serve(path, folder, port, simulators, told)


def _build(kernel: Kernel, folder: Path, fill: Mapping[str, str]) -> None:
    if units.root() is not None:
        refill(kernel, folder, fill)
        return
    today: date = tomllib.loads((folder / "periode.toml").read_text("utf-8"))["today"]
    demo_date.begin(kernel, today, ZONE)
    total = seed(kernel, folder, fill=fill, progress=bar)
    bar("Membuka periode", 0, total)
    worker.run_once(kernel)
    bar("Membuka periode", total, total)


def _command(path: Path) -> list[str]:
    """What starts a part of the demo, before the part's own words."""
    return [
        sys.executable,
        "-c",
        "import sys; from kinerja_web.cli import main; sys.exit(main())",
        "--config",
        str(path),
    ]


def _serve(path: Path, folder: Path, port: int, simulators: Mapping[str, int], told: str) -> int:
    base = _command(path)
    runs = [[*base, "serve", "--port", str(port)], [*base, "worker"]]
    runs += [[*base, "simulate", id, "--port", str(at)] for id, at in simulators.items()]
    for at in (port, *simulators.values()):
        _check_free(at)

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (
        signal.SIGINT,
        signal.SIGTERM,
        signal.SIGHUP,
    ):  # a shell starts what runs behind it without the first
        signal.signal(number, end)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for run in runs:
            processes.append(subprocess.Popen(run, start_new_session=True))
        _wait_for(port, processes[0])
        _tell(folder, port, simulators, told)
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        print("Salah satu bagian berhenti; demo dihentikan.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        _end(processes)


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """End all parts with whatever they started themselves; a second Ctrl+C does not leave half of them running."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            pass  # the next line ends it
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _check_free(port: int) -> None:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError as problem:
            raise ValueError(
                f"Porta {port} sedang dipakai. Hentikan yang memakainya, atau coba PORT=8700 make demo."
            ) from problem


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers, as long as it lives: a slow machine needs longer to start."""
    while server.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/masuk", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise ValueError(f"Server berhenti sebelum siap di porta {port}. Sebabnya tertulis di atas.")


def _tell(folder: Path, port: int, simulators: Mapping[str, int], folder_of_data: str) -> None:
    accounts = tomllib.loads((folder / "akun.toml").read_text("utf-8"))["akun"]
    print(f"\nKinerja siap di  http://127.0.0.1:{port}\n\nMasuk sebagai, tanpa kata sandi:")
    for one in accounts[:6]:
        print(f"  {one['name']:<22} {one['label']:<26} {one['try']}")
    for id, at in simulators.items():
        print(f"\nSimulator {id}: http://127.0.0.1:{at}/_sim/records")
    where = f"KINERJA_DATA={folder_of_data} " if folder_of_data else ""
    print(f"\nTanggal demo dimajukan di halaman masuk, atau dengan: {where}.venv/bin/kinerja date 2024-02-01")
    print("Hentikan dengan Ctrl+C; data tetap tersimpan.", flush=True)
