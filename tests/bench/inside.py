"""Every page asked in process, for one case after the other: `python -m tests.bench.inside ours <world.json> <data>`.

Between two readings of a page lies a save of the same case, and no case is asked for again later, as on the last evening.
Prints the milliseconds of the processor each ask took as JSON; under valgrind, with --count, its instructions are counted
instead (`counting.py`). Only the application is measured: what reads its answers is not.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder

from kinerja_web import create_app
from tests.bench import fair
from tests.bench.world import PLAN, STEP, World, open_kernel, unpacked
from tests.faults.tools import Page

Ask = Callable[..., str]
WARM = 10
"""Cases that are not counted: by then all is imported, parsed, compiled and kept that will be."""
AUTOSAVE = {"HX-Request": "true", "HX-Target": "tersimpan"}


class Seconds:
    """Milliseconds of the processor that each ask took, by the name of what was asked."""

    def __init__(self) -> None:
        self.found: dict[str, list[float]] = {}

    def begin(self) -> None:
        self.found.clear()

    def measure(self, name: str, act: Callable[[], bytes]) -> bytes:
        began = time.process_time()
        answer = act()
        self.found.setdefault(name, []).append((time.process_time() - began) * 1000)
        return answer


class Instructions:
    """The same under callgrind, which writes a file for each ask."""

    def __init__(self, library: str) -> None:
        self.found: dict[str, list[float]] = {}
        self.library = ctypes.CDLL(library)
        self.on = False

    def begin(self) -> None:
        self.library.begin_counting()
        self.on = True

    def measure(self, name: str, act: Callable[[], bytes]) -> bytes:
        if not self.on:
            return act()
        self.library.toggle()
        answer = act()
        self.library.toggle()
        self.library.told(name.encode())
        return answer


def asker(app: Flask, by: Seconds | Instructions) -> Ask:
    """Asks an application by WSGI: `ask(name, path, cookie)`, with a form to send, and the status to expect. What has no
    name is not measured."""

    def ask(
        name: str, path: str, cookie: str, told: Mapping[str, str] | None = None, status: int = 200, **headers: str
    ) -> str:
        sent = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin", **headers}
        builder = EnvironBuilder(path=path, method="GET" if told is None else "POST", data=told, headers=sent)
        environ, answered = builder.get_environ(), []

        def act() -> bytes:
            pieces: Any = app(environ, lambda status, headers, _=None: answered.append(status))
            try:
                return b"".join(pieces)
            finally:
                pieces.close()

        body = by.measure(name, act) if name else act()
        if not answered[0].startswith(str(status)):
            raise RuntimeError(f"{path}: {answered[0]}")
        return body.decode()

    return ask


def told_in(page: str, url: str) -> dict[str, str]:
    """The form of 12 inputs as a browser would send it again, unchanged."""
    return {**Page(page).forms[url], **dict(re.findall(r'name="(qty:[^"]+)"[^>]*? value="(\d*)"', page))}


def walk(ask: Ask, world: World, cookie: str, case: str) -> None:
    """What both applications show of one case."""
    form = f"/kasus/{case}/{PLAN}/{STEP}"
    told = told_in(ask("", form, cookie), form)
    saved = ask("autosave", f"{form}/draft", cookie, told, **AUTOSAVE)
    if "Belum tersimpan" in saved or "seen" not in saved:
        raise RuntimeError(f"not saved: {saved}")
    ask("form of 12", form, cookie)
    ask("list of 25", "/", world.head)


def walk_on(ask: Ask, world: World, cookie: str, case: str, head: str) -> None:
    """What ours alone shows: the way of a plan until it is agreed, and the units above."""
    stage = f"/kasus/{case}/{PLAN}"
    ask("first page of a teacher", "/", cookie)
    ask("case", f"/kasus/{case}", cookie)
    ask("stage", stage, cookie)
    sent = Page(ask("check before handing in", f"{stage}/ajukan", cookie)).forms[f"{stage}/ajukan"]
    ask("hand-in", f"{stage}/ajukan", cookie, sent, 303)
    sent = Page(ask("review", stage, head)).forms[stage]
    ask("approve", stage, head, {**sent, "langkah": "setujui"}, 303)
    ask("school", f"/satuan/{world.units['school']}", world.officer)
    ask("district", f"/satuan/{world.units['district']}", world.officer)


def main() -> None:
    told = argparse.ArgumentParser(prog="python -m tests.bench.inside")
    told.add_argument("which", choices=("ours", "fair"))
    told.add_argument("world", type=Path)
    told.add_argument("data", type=Path)
    told.add_argument("--cases", type=int, default=1000)
    told.add_argument("--count", default="", help="the library through which callgrind is told what to count")
    chosen = told.parse_args()
    by = Instructions(chosen.count) if chosen.count else Seconds()
    world = unpacked(chosen.world)
    if chosen.which == "ours":
        app = create_app(open_kernel(chosen.data))
    else:
        os.environ["FAIR_DATABASE"] = str(chosen.data / "kinerja.db")
        app = fair.make()
    ask = asker(app, by)
    for n, (cookie, case, head) in enumerate(world.writers[: chosen.cases]):
        if n == WARM:
            by.begin()
        walk(ask, world, cookie, case)
        if chosen.which == "ours":
            walk_on(ask, world, cookie, case, head)
    print(json.dumps(by.found))


if __name__ == "__main__":
    main()
