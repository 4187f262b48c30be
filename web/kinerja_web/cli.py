"""The command line: `kinerja demo | migrate | serve | worker | date | plugins | check | simulate | seed`.

Each command loads what it needs: `serve` only starts processes, which load the site themselves.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from kinerja.contracts import Refusal
from kinerja.kernel import Config, Kernel
from kinerja.migrations import migrate
from kinerja_web.terminal import ZONE, bar, start

PORT = 8642
"""Where `serve` and `demo` listen when PORT says nothing; simulators take the ports after it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Errors a person can mend are one line, without a trace."""
    parser = argparse.ArgumentParser("kinerja", description="Pengelolaan Kinerja guru dan kepala sekolah.")
    parser.add_argument("--config", type=Path, default=Path(os.environ.get("KINERJA_CONFIG", "config/kinerja.toml")))
    commands = parser.add_subparsers(dest="command", required=True, metavar="perintah")
    for name, (act, text, options) in COMMANDS.items():
        sub = commands.add_parser(name, help=text, description=text)
        for option, more in options:
            sub.add_argument(option, **more)  # type: ignore[arg-type]  # the table below holds argparse's own keywords
        sub.set_defaults(act=act)
    told = parser.parse_args(arguments)
    logging.basicConfig(level=os.environ.get("KINERJA_LOG", "WARNING"), format="%(levelname)s %(name)s: %(message)s")
    try:
        return int(told.act(Config.read(told.config), told) or 0)
    except (Refusal, ValueError, FileNotFoundError) as problem:
        print(f"kinerja: {problem}", file=sys.stderr)
        return 1


def _migrate(config: Config, told: argparse.Namespace) -> None:
    start(config)
    ran = migrate()
    print("\n".join(ran) or "Basis data sudah terbaru.")


def _serve(config: Config, told: argparse.Namespace) -> None:
    """Serve until told to stop; threads, never green ones, since SQLite blocks."""
    from granian.constants import Interfaces
    from granian.server import Server

    os.environ["KINERJA_CONFIG"] = str(told.config)
    Server(
        "kinerja_web.wsgi:make",
        factory=True,
        interface=Interfaces.WSGI,
        address=told.host,
        port=told.port,
        workers=told.workers,
        blocking_threads=told.threads,
        log_enabled=False,
    ).serve()


def _worker(config: Config, told: argparse.Namespace) -> None:
    from kinerja_web import lanes
    from kinerja_work import leases, worker

    kernel = start(config)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    lease = timedelta(seconds=told.lease) if told.lease else leases.LEASE
    if told.once:
        print(worker.run_once(kernel, lease=lease), "pekerjaan")
    else:
        lanes.run(kernel, stop, lease=lease, senders=told.senders)


def _date(config: Config, told: argparse.Namespace) -> None:
    """Move the demo date forward; the worker then does what that day brings."""
    from kinerja_work import demo_date

    demo_date.move(start(config), date.fromisoformat(told.day), ZONE)
    print(f"Tanggal demo: {told.day}")


def _plugins(config: Config, told: argparse.Namespace) -> int:
    """List the plugins found and those set aside; exit status 1 when any was."""
    kernel = start(config)
    for one in kernel.host.manifests.values():
        print(f"{one.id:<24} {one.version:<8} {one.summary}")
    for fault in kernel.host.faults.values():
        print(f"DISISIHKAN {fault.plugin} ({fault.where}): {fault.sentence}")
    return 1 if kernel.host.faults else 0


def _simulate(config: Config, told: argparse.Namespace) -> None:
    """Play an outside system on loopback until told to stop."""
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            """The simulator keeps its own journal."""

    from kinerja_web import hooks

    kernel = Kernel.start(config, hooks)
    connector = kernel.host.registry.connectors.get(told.connector)
    if connector is None or connector.simulate is None:
        raise ValueError(f"Penghubung «{told.connector}» tidak punya simulator.")
    folder = config.data / "simulator" / told.connector
    folder.mkdir(parents=True, exist_ok=True)
    with make_server("127.0.0.1", told.port, connector.simulate(str(folder)), handler_class=Quiet) as server:
        server.serve_forever()


def _seed(config: Config, told: argparse.Namespace) -> None:
    from kinerja_web.seed import seed

    kernel = start(config)
    migrate()
    kernel.sync()
    seed(kernel, told.folder, progress=bar)


def _demo(config: Config, told: argparse.Namespace) -> int:
    from kinerja_web.demo import run

    return run(config, told.config, told.folder, told.port)


_PORT = int(os.environ.get("PORT") or PORT)
Command = Callable[[Config, argparse.Namespace], int | None]
COMMANDS: dict[str, tuple[Command, str, list[tuple[str, dict[str, object]]]]] = {
    "demo": (
        _demo,
        "Menjalankan situs contoh: server, worker, dan simulator, dengan data karangan.",
        [("--folder", {"type": Path, "default": Path("config/demo")}), ("--port", {"type": int, "default": _PORT})],
    ),
    "migrate": (_migrate, "Membuat atau memperbarui tabel basis data.", []),
    "serve": (
        _serve,
        "Menjalankan server web.",
        [
            ("--host", {"default": "127.0.0.1"}),
            ("--port", {"type": int, "default": _PORT}),
            ("--workers", {"type": int, "default": 1}),
            ("--threads", {"type": int, "default": 4}),
        ],
    ),
    "worker": (
        _worker,
        "Menjalankan pekerja: jadwal, impor, pengiriman.",
        [
            ("--once", {"action": "store_true", "help": "kerjakan yang jatuh tempo, lalu berhenti"}),
            (
                "--lease",
                {
                    "type": float,
                    "metavar": "DETIK",
                    "help": "berapa lama satu pekerja memegang kiriman sebelum pekerja lain boleh mengambilnya",
                },
            ),
            ("--senders", {"type": int, "default": 8, "metavar": "N", "help": "berapa kiriman berjalan bersamaan"}),
        ],
    ),
    "date": (_date, "Memajukan tanggal demo.", [("day", {"help": "tahun-bulan-tanggal"})]),
    "plugins": (_plugins, "Menampilkan plugin yang terpasang dan yang disisihkan.", []),
    "simulate": (
        _simulate,
        "Menjalankan simulator sebuah sistem luar di komputer ini.",
        [("connector", {}), ("--port", {"type": int, "required": True})],
    ),
    "seed": (_seed, "Mengisi satuan, orang, pilihan, dan periode dari sebuah folder.", [("folder", {"type": Path})]),
}

if __name__ == "__main__":
    sys.exit(main())
