"""Runs `inside.py` in processes of their own: for the processor time of each page, and under callgrind for its
instructions, which come out the same again (within one per cent) however busy the machine is."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults.tools import ROOT

CASES = 20
"""As many cases as callgrind is asked for, the half of them to warm up: it takes fifty times as long."""
VALGRIND = ("valgrind", "--tool=callgrind", "--quiet", "--instr-atstart=no", "--collect-atstart=no")


def processor_time(which: str, world: Path, data: Path) -> dict[str, float]:
    """Milliseconds of the processor a page takes, the median over all cases."""
    answer = _inside([], which, world, data)
    return {name: statistics.median(taken) for name, taken in json.loads(answer).items()}


def instructions(which: str, world: Path, data: Path) -> dict[str, float]:
    """Millions of instructions a page takes, the median over ten cases; nothing where this machine cannot count them."""
    with tempfile.TemporaryDirectory(prefix="kinerja-callgrind-") as name:
        folder = Path(name)
        library = _library(folder)
        if library is None:
            return {}
        command = [*VALGRIND, f"--callgrind-out-file={folder}/out"]
        _inside(command, which, world, data, "--cases", str(CASES), "--count", str(library))
        found: dict[str, list[float]] = {}
        for file in folder.glob("out*"):
            text = file.read_text("utf-8", "replace")
            named = re.search(r"^desc: Trigger: Client Request: (.+)$", text, re.MULTILINE)
            total = re.search(r"^(?:totals|summary): (\d+)", text, re.MULTILINE)
            if named and total:
                found.setdefault(named[1], []).append(int(total[1]) / 1e6)
        return {name: statistics.median(counts) for name, counts in found.items()}


def _library(folder: Path) -> Path | None:
    """What tells callgrind what to count; None without valgrind, its headers or a compiler."""
    compiler, made = shutil.which("cc"), folder / "callgrind.so"
    if compiler is None or shutil.which("valgrind") is None:
        return None
    source = Path(__file__).with_name("callgrind.c")
    built = subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", made, source], capture_output=True)
    return made if built.returncode == 0 else None


def _inside(before: list[str], which: str, world: Path, data: Path, *more: str) -> str:
    path = os.pathsep.join(str(ROOT / one) for one in (".", "core", "web", "plugins"))
    ran = subprocess.run(
        [*before, sys.executable, "-m", "tests.bench.inside", which, str(world), str(data), *more],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"}, text=True, capture_output=True,
    )  # fmt: skip
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return ran.stdout
