"""What all tests share: the kit, one PostgreSQL for the session, the demo world built once an engine."""

from __future__ import annotations

import pickle
import shutil
import time
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import jinja2
import peewee
import pytest

from kinerja import database
from kinerja.kernel import Config, Kernel
from kinerja.migrations import migrate
from kinerja_web import hooks as web_hooks
from kinerja_web.seed import seed
from kinerja_work import timers
from tests import servers

if TYPE_CHECKING:
    from kinerja import testing

Templates = Callable[..., str]
DEMO = Path(__file__).resolve().parent.parent / "config" / "demo"

pytest_plugins = ["kinerja.testing"]


@pytest.fixture(scope="session", autouse=True)
def toml_read_once() -> Iterator[None]:
    """Nearly every test starts a kernel, which reads a hundred files of rules: within one process the same text is parsed
    once, and each reader gets a copy of its own. It was half the time of a small test."""
    known: dict[str, bytes] = {}
    real = tomllib.loads

    def loads(text: str, **more: Any) -> dict[str, Any]:
        if more:
            return real(text, **more)
        if text not in known:
            known[text] = pickle.dumps(real(text))
        found: dict[str, Any] = pickle.loads(known[text])
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", loads)
        yield


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    """Nearly every test of pages makes a site, which compiles the templates it draws: within one process the same text
    is compiled once. It was nearly half the time of such a test."""
    known: dict[tuple[Any, ...], Any] = {}
    real = jinja2.Environment.compile

    def compile(self: jinja2.Environment, source: Any, *more: Any, **named: Any) -> Any:
        if not isinstance(source, str):
            return real(self, source, *more, **named)
        escape = getattr(self.autoescape, "__func__", self.autoescape)
        key = (source, more, tuple(sorted(named.items())), type(self), escape, tuple(sorted(self.extensions)))
        if key not in known:
            known[key] = real(self, source, *more, **named)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Environment, "compile", compile)
        yield


@pytest.fixture(scope="session", autouse=True)
def nobody_writes_beside_the_worker() -> Iterator[None]:
    """On SQLite the worker leaves the database free between the units of a period. Within one process nobody waits for
    that; the tests that start servers have workers of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timers, "time", SimpleNamespace(monotonic=time.monotonic, sleep=lambda seconds: None))
        yield


@pytest.fixture(scope="session", autouse=True)
def nobody_cuts_the_power() -> Iterator[None]:
    """At each commit SQLite waits until the disk has it, for the sake of a power cut. None comes within one process; what
    the fault tests kill are processes of their own, which wait as ever. Such a commit took ten times as long."""
    real = peewee.SqliteDatabase.__init__

    def without_waiting(self: peewee.SqliteDatabase, path: str, *, pragmas: dict[str, Any], **more: Any) -> None:
        real(self, path, pragmas={**pragmas, "synchronous": 0}, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peewee.SqliteDatabase, "__init__", without_waiting)
        yield


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[servers.Cluster]:
    with servers.postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def new_postgres(postgres_cluster: servers.Cluster) -> Callable[[], str]:
    """The kit's fixture: here there is a server. Each is a copy of one in which the tables were made already, since making
    them took longer than most tests; the browser and packaging tests make theirs by the command."""
    made: list[str] = []

    def fresh() -> str:
        if not made:
            url = postgres_cluster()
            database.connect_to(url)
            migrate()
            database.proxy.obj.close_all()
            made.append(url)
        return postgres_cluster.copy(made[0])

    return fresh


@pytest.fixture(scope="session")
def bare_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("tables") / "kinerja.db"
    database.connect_to(f"sqlite:///{path}")
    migrate()
    database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    database.proxy.close()
    return path


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """An empty database of one's own, with its tables; the kit's own has to make them."""
    if engine == "sqlite":
        shutil.copy(request.getfixturevalue("bare_sqlite"), tmp_path / "kinerja.db")
        return f"sqlite:///{tmp_path / 'kinerja.db'}"
    return str(request.getfixturevalue("new_postgres")())


@pytest.fixture(scope="session")
def demo_templates(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Templates:
    """The demo world built once an engine and day, by default the one on which the demo begins; answers its URL."""
    made: dict[tuple[str, date | None], str] = {}

    def template(engine: str, day: date | None = None) -> str:
        if (engine, day) not in made:
            from kinerja import testing  # late: pytest rewrites the kit when it loads it as a plugin

            folder = tmp_path_factory.mktemp(f"demo-{engine}")
            cluster = request.getfixturevalue("postgres_cluster") if engine == "postgresql" else None
            url = cluster() if cluster else f"sqlite:///{folder / 'kinerja.db'}"
            kernel = testing.start(Config(folder, url, demo=True), web_hooks)
            assert kernel.host.faults == {}
            seed(kernel, DEMO, fill={"simulator": "http://127.0.0.1:9"})
            testing.set_date(kernel, day or tomllib.loads((DEMO / "periode.toml").read_text("utf-8"))["today"])
            if engine == "sqlite":
                database.run("PRAGMA wal_checkpoint(TRUNCATE)")
            testing.stop()
            made[engine, day] = url
        return made[engine, day]

    return template


@pytest.fixture
def demo_day() -> date | None:
    """The day on which the copy of the demo world stands at first. A file of tests that all begin later overrides it, so
    that time does its work once for all of them."""
    return None


@pytest.fixture
def demo_url(
    engine: str, demo_templates: Templates, demo_day: date | None, tmp_path: Path, request: pytest.FixtureRequest
) -> str:
    """A copy of the demo world of one's own."""
    template = demo_templates(engine, demo_day)
    if engine == "sqlite":
        shutil.copy(template.removeprefix("sqlite:///"), tmp_path / "kinerja.db")
        return f"sqlite:///{tmp_path / 'kinerja.db'}"
    cluster: servers.Cluster = request.getfixturevalue("postgres_cluster")
    return cluster.copy(template)


@pytest.fixture
def demo(demo_url: str, tmp_path: Path, plugin_folders: tuple[Path, ...]) -> Iterator[Kernel]:
    """A kernel on a copy of the demo world, on 22 January 2024 or its `demo_day`."""
    from kinerja import testing  # late: pytest rewrites the kit when it loads it as a plugin

    made = testing.start(Config(tmp_path / "data", demo_url, plugin_folders, demo=True), web_hooks, fresh=False)
    yield made
    testing.stop()


@pytest.fixture
def sari(demo: Kernel) -> testing.Player:
    """A teacher of the demo world."""
    from kinerja.testing import Player

    return Player(demo, "Sari Contoh")


@pytest.fixture
def budi(demo: Kernel) -> testing.Player:
    """The head of the teacher's school, in that office."""
    from kinerja.testing import Player

    return Player(demo, "Budi Contoh").through("kepala-sekolah")
