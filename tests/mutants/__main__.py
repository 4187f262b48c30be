"""Break one guard at a time and see whether the tests that should notice do: `python -m tests.mutants`.

The tree is copied to temporary folders, so the checkout is never changed. `--only ID` and `--file PART` choose some of
the list; a run of the whole list writes RESULT.md. Ends with 1 when fewer than 95 % are killed, with 2 when a test that is
named fails without any change.
"""

from __future__ import annotations

import argparse
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from tests.mutants.table import ROOT, Mutant, mutants, problem

SIDE_BY_SIDE = 2
PATIENCE = 180
"""Seconds the tests of one mutant may take; one that hangs them is noticed as well."""
WANTED = 0.95
COPIED = ("config", "core", "docs", "plugins", "tests", "web", "pyproject.toml", "README.md")
RESULT = Path(__file__).with_name("RESULT.md")
KILLED, SURVIVED, UNUSABLE = "killed", "survived", "unusable"


def copy(folder: Path) -> Path:
    """The tree as it stands, to be changed."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
        else:
            shutil.copy(source, folder / name)
    return folder


def pytest(folder: Path, tests: Iterable[str], patience: float | None = PATIENCE) -> int:
    """The exit code of the named tests in a copy, on SQLite only; 1 where they take too long."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-k", "not postgresql", *tests]
    made = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )  # fmt: skip
    try:
        return made.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(made.pid, 9)
        made.wait()
        return 1


def tried(folder: Path, one: Mutant, number: int) -> str:
    """What became of one mutant."""
    path = folder / one.file
    text = path.read_text("utf-8")
    try:
        path.write_text(one.applied(text), "utf-8")
        os.utime(path, (number, number))  # a time of its own, so that no compiled file of before is taken for it
        code = pytest(folder, one.tests)
    finally:
        path.write_text(text, "utf-8")
    return {0: SURVIVED, 1: KILLED, 2: KILLED}.get(code, UNUSABLE)


def run(chosen: list[Mutant]) -> dict[str, str]:
    """Every chosen mutant, two at a time, with a bar on stderr."""
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="kinerja-mutants-") as home:
        free: queue.Queue[Path] = queue.Queue()
        for n in range(SIDE_BY_SIDE):
            (Path(home) / str(n)).mkdir()
            free.put(copy(Path(home) / str(n)))

        def task(number: int, one: Mutant) -> None:
            folder = free.get()
            try:
                found[one.id] = tried(folder, one, 1_000_000_000 + number)
            finally:
                free.put(folder)
            tell(found, len(chosen), one)

        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            for done in [pool.submit(task, n, one) for n, one in enumerate(chosen)]:
                done.result()
    return found


def sound(chosen: list[Mutant]) -> bool:
    """Whether every named test passes while nothing is changed: else a failing test would say nothing."""
    named = sorted({test for one in chosen for test in one.tests})
    print(f"{len(named)} tests and files are tried without any change …", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="kinerja-mutants-") as home:
        return pytest(copy(Path(home)), ["-n", str(SIDE_BY_SIDE), *named], None) == 0


def tell(found: dict[str, str], total: int, one: Mutant) -> None:
    """One more is done."""
    width = 30
    full = width * len(found) // total
    if found[one.id] != KILLED:
        print(f"\r{found[one.id]}: {one.id} ({one.file})".ljust(100), file=sys.stderr)
    bar = "█" * full + "·" * (width - full)
    print(f"\r{bar} {len(found)}/{total} {one.id}".ljust(100)[:100], end="", file=sys.stderr, flush=True)


def report(chosen: list[Mutant], found: dict[str, str], seconds: float) -> str:
    """What is told at the end and kept in RESULT.md."""
    left = [one for one in chosen if found[one.id] != KILLED]
    killed = len(chosen) - len(left)
    lines = [f"{killed} of {len(chosen)} mutants killed ({killed / len(chosen):.1%}), {round(seconds / 60)} minutes."]
    lines += [f"- {found[one.id]}: `{one.id}` in `{one.file}`. {one.lets}" for one in left]
    return "\n".join(lines) + "\n"


def revision() -> str:
    told = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return told.stdout.strip() or "unknown"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="a mutant by its id; may be repeated")
    parser.add_argument("--file", default="", metavar="PART", help="those of files whose path holds this")
    wish = parser.parse_args()
    everything = mutants()
    chosen = [one for one in everything if (not wish.only or one.id in wish.only) and wish.file in one.file]
    wrong = [told for one in chosen if (told := problem(one))]
    if wrong or not chosen:
        print("\n".join(wrong) or "No such mutant.", file=sys.stderr)
        return 2
    if not sound(chosen):
        print("A named test fails without any change: run it by itself first.", file=sys.stderr)
        return 2
    began = time.monotonic()
    found = run(chosen)
    told = report(chosen, found, time.monotonic() - began)
    print(f"\n{told}")
    if len(chosen) == len(everything):
        when = f"{datetime.now(UTC):%d %B %Y}"
        RESULT.write_text(f"# The last run of `make mutants`\n\nRevision {revision()}, {when}.\n\n{told}", "utf-8")
    killed = sum(one == KILLED for one in found.values())
    return 0 if killed >= WANTED * len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
