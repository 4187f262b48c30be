"""The documents, held to the code: a hook, key, command, file or dependency that is told exists, and none is left out."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from flask import Blueprint

from kinerja import EvidenceHandler, hooks, people, schemes
from kinerja.host import Host, find
from kinerja.kernel import Config, Kernel
from kinerja.models import Person
from kinerja.testing import manifest, start, stop
from kinerja_office import choosing
from kinerja_web import cli, create_app
from kinerja_web import hooks as web_hooks
from kinerja_work import storage

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w*) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def prose(page: Path) -> str:
    return BLOCK.sub("", page.read_text("utf-8"))


def ticked(page: Path) -> list[str]:
    """What stands in backticks outside of blocks."""
    return re.findall(r"`([^`\n]+)`", prose(page))


def blocks(name: str) -> list[tuple[str, str, str]]:
    """(language, file name, text) of every fenced block."""
    return BLOCK.findall(text(name))


# --- backups ------------------------------------------------------------------------------------


STAND_IN = """#!{python}
import sqlite3, sys
source, order = sys.argv[1], sys.argv[2].split()
assert order[0] == ".backup"
with sqlite3.connect(source) as here, sqlite3.connect(order[1]) as there:
    here.backup(there)
"""
"""What the manual asks of the program sqlite3, for a machine without it."""


def test_the_commands_of_the_manual_back_up_a_site_at_work_and_bring_it_back(tmp_path: Path) -> None:
    """The data folder is the one the site itself made; what came after the backup is gone, what was before is there."""
    backup, restore = [body for _, _, body in blocks("docs/operate.md") if "backup/kinerja.db" in body]

    tools = tmp_path / "bin"
    tools.mkdir()
    if shutil.which("sqlite3") is None:
        (tools / "sqlite3").write_text(STAND_IN.format(python=sys.executable))
        (tools / "sqlite3").chmod(0o755)

    def do(commands: str) -> None:
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(["sh", "-eu", "-c", commands], cwd=tmp_path, check=True, env={**os.environ, "PATH": path})

    kernel = start(Config(tmp_path / "data"))
    do(backup)  # a site without a single file yet
    Person.create(name="Ani Contoh")
    kept = storage.put(kernel, b"bukti")
    do(backup)
    Person.create(name="Sesudah Contoh")
    later = storage.put(kernel, b"bukti sesudahnya")
    wal = (tmp_path / "data" / "kinerja.db-wal").read_bytes()
    stop()
    (tmp_path / "data" / "kinerja.db-wal").write_bytes(wal)  # as a site that was killed leaves it
    (tmp_path / "data" / "files" / kept[:2] / kept).unlink()
    do(restore)
    start(Config(tmp_path / "data"), fresh=False)
    assert [one.name for one in Person.select()] == ["Ani Contoh"]
    assert (storage.get(kernel, kept), storage.get(kernel, later)) == (b"bukti", b"bukti sesudahnya")
    stop()
    shutil.rmtree(tmp_path / "data")
    (tmp_path / "data").mkdir()
    do(restore)
    start(Config(tmp_path / "data"), fresh=False)
    assert [one.name for one in Person.select()] == ["Ani Contoh"]
    assert (storage.get(kernel, kept), storage.get(kernel, later)) == (b"bukti", None)
    stop()


# --- hooks --------------------------------------------------------------------------------------


def specs() -> dict[str, FunctionType]:
    """The hooks of both modules: the functions that pluggy's marker has marked."""
    found: dict[str, FunctionType] = {}
    for module in (hooks, web_hooks):
        for name, one in vars(module).items():
            if inspect.isfunction(one) and hasattr(one, f"{hooks.NAME}_spec"):
                found[name] = one
    return found


def written(spec: FunctionType) -> str:
    """The signature as a heading repeats it."""
    return f"{spec.__name__}{inspect.signature(spec)}".replace("'", "")


def test_there_are_eleven_hooks() -> None:
    assert len(specs()) == 11


def test_every_hook_has_a_heading_that_repeats_its_signature() -> None:
    headings = re.findall(r"^### (\w+\(.*)$", text("docs/hooks.md"), re.MULTILINE)
    assert headings == [written(spec) for spec in specs().values()]


@pytest.mark.parametrize("hook", sorted(specs()))
def test_every_hook_has_the_bundled_users_the_page_names(hook: str) -> None:
    users = set()
    for path in (ROOT / "plugins").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name == hook:
                users.add(path.relative_to(ROOT / "plugins").parts[0])
    for path in (ROOT / "plugins").glob("*/*.toml"):
        key = {"register_schemes": "periode", "register_content": "jenis"}.get(hook)
        if key in tomllib.loads(path.read_text("utf-8")) and not (path.parent / "__init__.py").exists():
            users.add(path.parent.name)  # a folder of TOML alone: the host speaks for it
    section = text("docs/hooks.md").partition(f"### {hook}(")[2].partition("\n### ")[0]
    told = set(re.findall(r"kinerja_[a-z0-9_]+", section.partition("Used by")[2].partition("\n\n")[0]))
    assert told and told <= users


@pytest.mark.parametrize("hook", sorted(specs()))
def test_every_hook_is_named_in_a_test(hook: str) -> None:
    tests = (ROOT / "tests").rglob("test_*.py")
    assert [path.name for path in tests if re.search(rf"\b{hook}\b", path.read_text("utf-8"))] != []


def test_a_second_way_to_give_evidence_under_one_name_is_refused(kernel: Kernel) -> None:
    class Twice:
        @hooks.hookimpl
        def register_evidence_handlers(self) -> list[EvidenceHandler]:
            (known, *_) = sorted(kernel.host.registry.handlers.values(), key=lambda one: one.id)
            return [known]

    before = dict(kernel.host.registry.handlers)
    kernel.host.add(Twice(), manifest("dua"))
    assert "dua" not in kernel.host.manifests
    assert "cara memberi bukti" in kernel.host.faults["dua", "load"].sentence
    assert kernel.host.registry.handlers == before


def test_a_way_to_sign_in_that_fails_leaves_the_others_on_the_page(kernel: Kernel) -> None:
    def broken() -> tuple[web_hooks.LoginAccount, ...]:
        raise RuntimeError("mati")

    class Doors:
        @hooks.hookimpl
        def register_login(self) -> web_hooks.Login:
            return web_hooks.Login("rusak", "Pintu yang rusak", broken, lambda given: None)

    class Good:
        @hooks.hookimpl
        def register_login(self) -> web_hooks.Login:
            return web_hooks.Login("baik", "Pintu yang baik", None, lambda given: ("uji", "x"))

    people.add_unit("negeri", "Negeri", "nasional", None)
    kernel.host.add(Doors(), manifest("pintu"))
    kernel.host.add(Good(), manifest("pintu-dua"))
    page = create_app(kernel).test_client().get("/masuk")
    assert page.status_code == 200
    assert "Pintu yang baik" in page.text
    assert kernel.host.faults["pintu", "register_login"].sentence == "RuntimeError: mati"


def test_pages_of_a_plugin_stand_under_its_id_and_are_gone_where_it_is_off(kernel: Kernel) -> None:
    asked: list[str] = []

    class Pages:
        @hooks.hookimpl
        def register_pages(self) -> Blueprint:
            pages = Blueprint("uji", __name__)

            @pages.get("/buka")
            @web_hooks.public
            def open_to_all() -> str:
                asked.append("buka")
                return "terbuka"

            pages.add_url_rule("/tutup", "closed", lambda: "rahasia")
            return pages

    root = people.add_unit("negeri", "Negeri", "nasional", None)
    kernel.host.add(Pages(), manifest("halaman"))
    browser = create_app(kernel).test_client()
    assert browser.get("/p/halaman/buka").text == "terbuka"
    assert browser.get("/p/halaman/tutup").headers["Location"].startswith("/masuk")
    choosing.set_choice(kernel, root, "halaman", None, on=False)
    assert (browser.get("/p/halaman/buka").status_code, asked) == (404, ["buka"])


def test_the_slots_on_the_page_are_those_of_the_web() -> None:
    real = {name: value for name, value in vars(web_hooks).items() if name.endswith("_FOOT")}
    told = dict(re.findall(r"^\| `([a-z-]+)` \| `kinerja_web\.(\w+)`", text("docs/hooks.md"), re.MULTILINE))
    assert {name: slot for slot, name in told.items()} == real


# --- names and paths ----------------------------------------------------------------------------


def resolves(name: str) -> bool:
    """Whether a dotted name leads to a module or something in one."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        for part in parts[cut:]:
            if not hasattr(found, part) and part not in getattr(found, "__annotations__", {}):
                return False
            found = getattr(found, part, None)
        return True
    return False


def dotted() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for mark in ticked(page):
            if re.fullmatch(r"kinerja(_\w+)?(\.\w+)+", mark) and not mark.endswith((".toml", ".db")):
                yield page.name, mark


def test_every_code_name_in_the_documents_exists() -> None:
    names = list(dotted())
    assert len(names) > 10
    assert [pair for pair in names if not resolves(pair[1])] == []


def test_every_path_in_the_documents_exists() -> None:
    tops = "core|web|plugins|config|tests|docs"
    found = [
        (page.name, mark)
        for page in PAGES
        for mark in ticked(page)
        if re.fullmatch(rf"({tops})(/[\w.-]+)*/?", mark) and "/" in mark
    ]
    assert len(found) > 20
    assert [(page, mark) for page, mark in found if not (ROOT / mark).exists()] == []


def test_every_link_in_the_documents_leads_to_a_file_and_a_heading() -> None:
    broken = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
            name, _, anchor = target.partition("#")
            file = page.parent / name if name else page
            if "://" in target or not file.exists():
                broken.append((page.name, target))
            elif anchor:
                heads = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
                slugs = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
                broken += [(page.name, target)] if anchor not in slugs else []
    assert broken == []


def test_every_block_of_python_and_toml_can_be_read() -> None:
    for page in PAGES:
        for language, _, code in blocks(str(page.relative_to(ROOT))):
            if language == "python":
                ast.parse(code)
            elif language == "toml":
                tomllib.loads(code)


def commands(code: str) -> Iterator[tuple[str, str]]:
    """(program, what it is told to do), leaving out what a comment says."""
    yield from re.findall(r"\b(make|kinerja) ([a-z]+)", re.sub(r"#.*", "", code))


def test_every_command_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    wrong = []
    for page in PAGES:
        told = [mark for mark in ticked(page) if mark.startswith(("make ", "kinerja ", ".venv/bin/kinerja ", "PORT="))]
        told += [code for language, _, code in blocks(str(page.relative_to(ROOT))) if language == "sh"]
        for mark in told:
            for program, name in commands(mark):
                known = targets if program == "make" else set(cli.COMMANDS)
                wrong += [(page.name, program, name)] if name not in known else []
    assert wrong == []


def test_every_command_of_kinerja_is_told_to_the_operator() -> None:
    page = ROOT / "docs" / "operate.md"
    told = {name for mark in ticked(page) for program, name in commands(mark) if program == "kinerja"}
    assert set(cli.COMMANDS) - told == set()


def test_no_document_names_a_registry_a_machine_or_a_password() -> None:
    words = ["py" + "pi", "npm" + "js", "/wo" + "rk/", "/ro" + "ot/", "debian" + ".org"]
    assert [(page.name, word) for page in PAGES for word in words if word in page.read_text("utf-8").lower()] == []


# --- the keys of a scheme -----------------------------------------------------------------------

PLACES = {
    ("compile_scheme", "top"): "top",
    ("_document", "table"): "[[dokumen]]",
    ("_relation", "table"): "hubungan",
    ("_step", "rules"): "[langkah]",
    ("_step", "table"): "label_untuk",
    ("_period", "table"): "[[periode]]",
    ("_stage", "table"): "[[tahap]]",
    ("_stage", "switches"): "alur",
    ("_stage", "words"): "penegasan",
    ("_window", "table"): "[[tahap.jendela]]",
    ("_need", "table"): "butuh",
    ("_participation", "table"): "[[peserta]]",
    ("_evidence", "table"): "[[bukti]]",
    ("_matrix", "table"): "[matriks]",
}


def keys_read() -> set[tuple[str, str]]:
    """(place, key) of every key that schemes.py reads, by the function and variable that read it."""
    found = set()
    for function in ast.walk(ast.parse(inspect.getsource(schemes))):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            base: ast.expr | None = None
            key: ast.expr | None = None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                if node.func.attr in ("take", "strings", "day", "condition", "get", "pop"):
                    base, key = node.func.value, node.args[0]
            elif isinstance(node, ast.Subscript):
                base, key = node.value, node.slice
            if isinstance(base, ast.Name) and isinstance(key, ast.Constant) and isinstance(key.value, str):
                place = PLACES.get((function.name, base.id))
                assert place is not None, (
                    f"schemes.{function.name} reads «{key.value}» from {base.id}: tell where it is"
                )
                found.add((place, key.value))
    return found


def test_the_table_of_keys_is_what_the_compiler_reads() -> None:
    section = text("docs/write-a-plugin.md").partition("## Every key of a scheme")[2].partition("\n## ")[0]
    told = re.findall(r"^\| `?([^`|]+?)`? \| `(\w+)` \|", section, re.MULTILINE)
    assert len(told) == len(set(told))
    assert set(told) == keys_read()


# --- the examples -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugins of docs/write-a-plugin.md, each in its folder; those told without a manifest get the first one's."""
    folder = tmp_path_factory.mktemp("contoh")
    for _, name, code in blocks("docs/write-a-plugin.md"):
        if "/" in name:
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(code, "utf-8")
    shown = folder / "kinerja_contoh_rubrik" / "plugin.toml"
    assert sorted(path.name for path in shown.parent.iterdir()) == ["__init__.py", "plugin.toml", "rubrik.toml"]
    for path in folder.iterdir():
        if not (path / "plugin.toml").exists():
            id = path.name.removeprefix("kinerja_").replace("_", "-")
            (path / "plugin.toml").write_text(shown.read_text("utf-8").replace("contoh-rubrik", id), "utf-8")
    return folder


@pytest.fixture
def plugin_folders(examples: Path) -> tuple[Path, ...]:
    return (examples,)


@pytest.fixture
def sockets() -> tuple[ModuleType, ...]:
    return (web_hooks,)


def test_every_example_plugin_loads_beside_the_bundled_ones(examples: Path) -> None:
    host = Host(strict=True)
    host.open(web_hooks)
    host.load([path for path in find([examples]) if path.is_relative_to(examples) or ROOT in path.parents])
    host.ready()
    assert {path.name for path in examples.iterdir()} <= {one.package for one in host.manifests.values()}
    scheme = host.registry.schemes["contoh-tahunan"]
    assert host.registry.missing(scheme) == ()


def test_the_example_rubric_is_picked_by_a_case_and_its_test_passes(kernel: Kernel) -> None:
    """Runs the test that the page shows, on both databases."""
    code = next(code for _, name, code in blocks("docs/write-a-plugin.md") if name == "test_contoh_rubrik.py")
    made: dict[str, Any] = {}
    exec(compile(code, "docs/write-a-plugin.md", "exec"), made)
    tests = [one for name, one in made.items() if name.startswith("test_")]
    assert len(tests) == 1
    assert kernel.host.faults == {}
    tests[0](kernel)


def test_the_kit_on_the_page_is_the_kit() -> None:
    from kinerja import testing

    section = text("docs/write-a-plugin.md").partition("## The test kit")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)
    names = {re.match(r"\w+", mark).group() for row in rows for mark in re.findall(r"`([^`]+)`", row)}  # type: ignore[union-attr]  # starts with a letter
    assert {name for name in names if not hasattr(testing, name)} == set()
    assert {"kernel", "Player", "set_date"} <= names


# --- design -------------------------------------------------------------------------------------


def dependencies() -> set[str]:
    raw = tomllib.loads(text("pyproject.toml"))
    lines = [*raw["build-system"]["requires"], *raw["project"]["dependencies"], *raw["dependency-groups"]["dev"]]
    lines += [line for extra in raw["project"]["optional-dependencies"].values() for line in extra]
    return {re.match(r"[\w-]+", line).group().lower() for line in lines}  # type: ignore[union-attr]  # a requirement begins with a name


def test_every_dependency_has_a_sentence_in_the_design() -> None:
    section = text("docs/design.md").partition("## Why each dependency")[2].partition("\n## ")[0]
    told = {name.lower(): reason for name, reason in re.findall(r"^- \*\*([\w-]+)\*\*: (.+)$", section, re.MULTILINE)}
    assert set(told) == dependencies()
    assert [name for name, reason in told.items() if len(reason) < 30 or not reason.endswith(".")] == []


def rows() -> list[list[str]]:
    section = text("docs/design.md").partition("## Where each rule lives")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if re.match(r"^\| \d+ \|", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_all_rows_of_the_difference_table_stand_in_the_design_in_order() -> None:
    found = rows()
    assert [int(row[0]) for row in found] == list(range(1, 36))
    assert [row[0] for row in found if len(row) != 3 or not row[1] or not row[2]] == []


def holds_key(value: Any, path: list[str]) -> bool:
    """Whether a key lies somewhere under these tables; lists are looked through."""
    if not path:
        return True
    if isinstance(value, list):
        return any(holds_key(one, path) for one in value)
    return isinstance(value, dict) and path[0] in value and holds_key(value[path[0]], path[1:])


def test_every_key_of_a_scheme_that_the_design_names_stands_in_a_scheme() -> None:
    real = [tomllib.loads(path.read_text("utf-8")) for path in (ROOT / "plugins").glob("kinerja_skema_*/skema.toml")]
    named = [re.fullmatch(r"\[+([\w.-]+)\]+(?: ([\w.-]+))?", mark) for mark in ticked(ROOT / "docs" / "design.md")]
    paths = [f"{one[1]}.{one[2]}" if one[2] else one[1] for one in named if one]
    assert len(paths) > 15
    assert [path for path in paths if not any(holds_key(raw, path.split(".")) for raw in real)] == []


# --- operating ----------------------------------------------------------------------------------


def test_the_operator_is_told_every_key_of_the_configuration_and_every_word_of_the_environment() -> None:
    page = text("docs/operate.md")
    keys = set(tomllib.loads(text("config/kinerja.toml")))
    assert [key for key in keys if f"`{key}`" not in page] == []
    used = set()
    for folder in ("core", "web", "plugins"):
        for path in (ROOT / folder).rglob("*.py"):
            used |= set(re.findall(r"\"(KINERJA_[A-Z_]+)\"", path.read_text("utf-8")))
    assert [name for name in sorted(used) if f"`{name}`" not in page] == []


def test_the_guides_stand_in_indonesian_and_are_short() -> None:
    for name in ("guru", "kepala-sekolah"):
        page = text(f"docs/panduan/{name}.md")
        assert len(page.split()) < 900
        assert not re.search(r"\b(the|and|with)\b", page)
