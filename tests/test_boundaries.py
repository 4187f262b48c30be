"""The Laws, held: who may import whom, and who may name what."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kinerja.host import Host, find
from kinerja.kernel import Kernel  # noqa: F401  # the kernel must import without any web framework
from kinerja_web import hooks as web_hooks
from tests.counter import figures

ROOT = Path(__file__).resolve().parent.parent
PLUGINS = sorted(path.parent for path in (ROOT / "plugins").glob("*/plugin.toml"))
NAMES = {path.name for path in PLUGINS}
ROOMS = ("kinerja", "kinerja_read", "kinerja_office", "kinerja_work")
"""The rooms of core, from the ground up: each may import what stands before it, and nothing after."""
MOST_IN_KERNEL, MOST_IN_CORE = 2000, 3400
FRAMEWORKS = {"flask", "werkzeug", "jinja2", "htmx_flask", "granian", "flask_compress"}


def modules(folder: Path) -> Iterator[tuple[Path, str, bool]]:
    """(file, imported dotted name, is it only for type checking) of every import below a folder."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                for name in node.names:
                    yield path, name.name, False
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield path, node.module, False


def roots(folder: Path) -> set[str]:
    return {name.split(".")[0] for _, name, _ in modules(folder)}


def test_the_kernel_imports_no_web_framework_no_web_and_no_plugin() -> None:
    assert roots(ROOT / "core") & (NAMES | FRAMEWORKS | {"kinerja_web"}) == set()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_of_core_imports_only_the_rooms_below_it(room: str) -> None:
    """The test kit stands beside the kernel and works through all of them; it is no part of any room."""
    above = {*ROOMS[ROOMS.index(room) + 1 :], "kinerja_web"}
    found = [
        (path.name, name)
        for path, name, _ in modules(ROOT / "core" / room)
        if path.name != "testing.py" and name.split(".")[0] in above
    ]
    assert found == []


@pytest.mark.parametrize("folder", ["core", "web", "plugins"])
def test_no_file_is_longer_than_four_hundred_lines(folder: str) -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in (ROOT / folder).rglob("*.py")}
    assert {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > 400} == {}


def test_the_web_imports_no_plugin() -> None:
    assert roots(ROOT / "web") & NAMES == set()


TABLES = ("kinerja.models", "kinerja.database", "peewee", "playhouse")
WRITES_TABLES = {"seed.py"}
"""Who builds an installation from a folder, by the command line alone, writes its first people straight into tables."""


def imported(folder: Path) -> Iterator[tuple[str, str]]:
    """(file, what it imports), with `from package import name` as the dotted name of each."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path.name, name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((path.name, f"{node.module}.{name.name}") for name in node.names)


def test_tables_are_read_and_written_by_core_alone() -> None:
    """The gate names two errors of the database to people and reads nothing."""
    errors = {("gate.py", "peewee"), ("gate.py", "playhouse.pool.MaxConnectionsExceeded")}
    found = {
        (path, name)
        for path, name in imported(ROOT / "web")
        if path not in WRITES_TABLES and any(name == one or name.startswith(f"{one}.") for one in TABLES)
    }
    assert found - errors == set()


def test_only_the_command_line_seeds() -> None:
    found = {path for path, name in imported(ROOT / "web") if name.startswith("kinerja_web.seed")}
    assert found == {"cli.py", "demo.py"}


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_imports_only_the_public_faces_and_no_other_plugin(plugin: Path) -> None:
    wrong = []
    for path, name, _ in modules(plugin):
        root = name.split(".")[0]
        ours = root == "kinerja_web" or root in ROOMS
        deeper = ours and name not in ("kinerja", "kinerja_read", "kinerja_web")
        if deeper or root in NAMES - {plugin.name}:
            wrong.append((path.name, name))
    assert wrong == []


def test_htmx_flask_is_imported_in_exactly_one_module() -> None:
    found = {path.name for path, name, _ in modules(ROOT / "web") if name.split(".")[0] == "htmx_flask"}
    assert found == {"htmx.py"}


@pytest.fixture(scope="module")
def host() -> Host:
    host = Host(strict=True)
    host.open(web_hooks)
    host.load([path for path in find() if path.parent.name in NAMES])
    host.ready()
    return host


def forbidden(host: Host) -> set[str]:
    """Every id of a scheme, stage, step, rubric, role, kind of employment, fact or outside system we ship."""
    registry = host.registry
    ids = {*registry.schemes, *registry.stages, *registry.steps, *registry.handlers, *registry.connectors}
    ids |= {id for scheme in registry.schemes.values() for stage in scheme.stages for id in (stage.id, *stage.steps)}
    for (kind, id), content in registry.contents.items():
        if kind in ("roles", "employment_kinds", "post_kinds", "assignment_kinds"):
            ids |= {entry.id for entry in content.entries}
        elif kind == "rubrik":
            ids |= {id, *(entry.id for entry in content.entries)}
    ids |= {*registry.given(), *registry.received()}
    return ids


def strings(path: Path) -> Iterator[str]:
    """Identifiers and string literals of a Python file; docstrings are prose and left out."""
    tree = ast.parse(path.read_text("utf-8"))
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name


def told(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".py":
            for text in strings(path):
                yield path.name, text
        elif path.suffix in (".html", ".css", ".js") and path.name != "htmx.js":
            yield path.name, path.read_text("utf-8")


def words(text: str) -> set[str]:
    """The kebab-case words of a text, and its own dotted names."""
    return set(re.findall(r"[a-z0-9]+(?:[-.][a-z0-9]+)*", text.lower())) | set(re.findall(r"[a-z0-9]+", text.lower()))


PLAIN = {"guru", "berkas", "konfirmasi", "satuan", "refleksi", "penilaian", "aktif", "pembukaan", "lainnya"}
"""Ids that are also plain Indonesian words a sentence for people may use; as code they are caught as whole literals."""


@pytest.mark.parametrize("folder", ["core", "web"])
def test_no_scheme_stage_step_rubric_role_or_outside_system_is_named_in_kernel_or_web(host: Host, folder: str) -> None:
    ids = {id for id in forbidden(host) if len(id) > 3}
    wrong = []
    for name, text in told(ROOT / folder):
        if text in ids:
            wrong.append((name, text))
        elif " " in text or "\n" in text:
            wrong += [(name, id) for id in (ids - PLAIN) & words(text)]
    assert wrong == []


YEAR = re.compile(r"(?<![\d])20[12345]\d(?![\d])")


@pytest.mark.parametrize("folder", ["core", "web"])
def test_no_year_is_named_in_kernel_or_web(folder: str) -> None:
    found = [
        (name, text)
        for name, text in told(ROOT / folder)
        if YEAR.search(text) and name not in ("testing.py", "cli.py", "demo.py")
    ]
    assert found == []


@pytest.mark.parametrize("plugin", [path for path in PLUGINS if "skema" not in path.name], ids=lambda path: path.name)
def test_no_year_is_named_in_any_plugin_but_the_schemes(plugin: Path) -> None:
    """Years may stand where a source is cited or explained, never in an id, a key or code."""
    found = [
        (name, text) for name, text in told(plugin) if YEAR.fullmatch(text) or (YEAR.search(text) and " " not in text)
    ]
    for path in plugin.glob("*.toml"):
        found += [(path.name, text) for text in _ids(tomllib.loads(path.read_text("utf-8"))) if YEAR.search(text)]
    assert found == []


def _ids(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            if key in ("id", "jenis", "valid_from", "valid_to"):
                yield str(one)
            else:
                yield from _ids(one)
    elif isinstance(value, list):
        for one in value:
            yield from _ids(one)


def test_the_kernel_stays_small() -> None:
    """Law 1 asks for 2,000 and 3,400; until the contract is reshaped the figures may not grow beyond what they are."""
    found = figures()
    assert (found["core/kinerja"] <= MOST_IN_KERNEL, found["core"] <= MOST_IN_CORE) == (True, True), found


def test_no_committed_text_names_a_registry_or_this_machine() -> None:
    import subprocess

    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    hosts = [
        "pypi" + ".org",
        "registry." + "npmjs",
        "files.python" + "hosted",
        "deb.debian" + ".org",
        "/wo" + "rk/main",
        "/ro" + "ot/",
    ]
    wrong = []
    for name in filter(None, listed.split("\0")):
        try:
            text = (ROOT / name).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        wrong += [(name, host) for host in hosts if host in text]
        if name.endswith(".lock") and "://" in text:
            wrong.append((name, "://"))
    assert wrong == []
