"""`make bench`: our budgets, measured. Prints one table and judges nothing by its exit status.

What a page costs is told in three ways. Its instructions are counted by callgrind, in process (`counting.py`): they come
out the same again on a busy machine, so they decide. Requests a second of processor are those of the server's whole
process tree, one thread, in turn with the same pages written by hand (`fair.py`) under the same server; the ratio is the
median of the rounds. The milliseconds of the processor are the median over all cases, in process.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kinerja import cases, database, testing
from kinerja.kernel import Kernel
from kinerja.testing import Player, plausible
from kinerja_web import create_app
from tests.bench import counting, fair
from tests.bench.inside import AUTOSAVE, told_in
from tests.bench.load import Ask, cpu, pss, rate, weigh
from tests.bench.world import (
    CLASS,
    IDLE,
    PLAN,
    STEP,
    WRITERS,
    World,
    build,
    encoded,
    make_others,
    open_kernel,
    packed,
    url,
)  # fmt: skip
from tests.faults.tools import ROOT, Process, Served, server

ROUNDS, STARTS = 5, 5
FAIR = """
import sys
from granian.constants import Interfaces
from granian.server import Server
Server("tests.bench.fair:make", factory=True, interface=Interfaces.WSGI, address="127.0.0.1", port=int(sys.argv[-1]),
       workers=1, blocking_threads=1, log_enabled=False).serve()
"""

HEAD = ("what", "ours", "fair", "ratio", "budget", "aim", "")
Row = tuple[str, str, str, str, str, str, str]


class Fair(Served):
    """The hand-written pages under granian, started as `kinerja serve` starts ours, over a copy of its database."""

    def __init__(self, data: Path) -> None:
        super().__init__(data, "", ready="/masuk", env={"FAIR_DATABASE": str(data / "kinerja.db")})
        self.command = [sys.executable, "-c", FAIR, str(self.port)]
        self.env["PYTHONPATH"] = os.pathsep.join([str(ROOT), self.env["PYTHONPATH"]])


class Progress:
    """One line on the terminal's error stream."""

    def __init__(self, total: int) -> None:
        self.done, self.total = 0, total

    def step(self, what: str) -> None:
        self.done += 1
        filled = 30 * self.done // self.total
        end = "\n" if self.done >= self.total else ""
        print(f"\r{'#' * filled:<30} {self.done}/{self.total} {what:<28}", end=end, file=sys.stderr, flush=True)


def row(
    what: str, ours: str, fair: str = "", ratio: str = "", budget: str = "", aim: str = "", holds: bool | None = None
) -> Row:
    return what, ours, fair, ratio, budget, aim, "" if holds is None else "holds" if holds else "misses"


def most(what: str, figure: float, budget: float | None = None, aim: float | None = None, form: str = ",.0f") -> Row:
    """A figure that may be no larger than its budget."""
    told = ["" if one is None else f"<= {one:{form}}" for one in (budget, aim)]
    return row(what, f"{figure:{form}}", "", "", *told, None if budget is None else figure <= budget)


def pid(process: Process) -> int:
    assert process.running is not None
    return process.running.pid


def seen_in(text: str) -> Mapping[str, str]:
    """The revision an autosave's answer carries on to the next; ValueError where nothing was saved."""
    found = re.search(r'name="seen" value="(\d+)"', text)
    if found is None or "Belum tersimpan" in text:
        raise ValueError(f"not saved: {text[:200]}")
    return {"seen": found[1]}


# --- a page's instructions and milliseconds -----------------------------------------------------

AGAINST = {"list of 25": (0.57, 0.70), "form of 12": (0.54, 0.70), "autosave": (0.65, 0.80)}
"""Least ratio to the fair page, and the one aimed at."""
MILLIONS = {"check before handing in": (15, 10), "stage": (12, 10), "review": (12, 10)}
"""Most instructions of a page, in millions."""
A_SECOND = {"hand-in": (200, 400), "approve": (300, 400)}
"""Least of what a second of processor gets done."""


def page_rows(counted: list[dict[str, float]], timed: list[dict[str, float]]) -> list[Row]:
    """The rows of what `inside.py` asked: ours and fair, instructions and milliseconds."""
    rows = []
    for name in timed[0]:
        for found, unit, form in ((counted, "M instructions", ".2f"), (timed, "ms of CPU", ".2f")):
            if name not in found[0]:
                continue
            ours, by_hand = found[0][name], found[1].get(name)
            told = [f"{name}, {unit}", f"{ours:{form}}"]
            if by_hand is not None:
                ratio, decides = by_hand / ours, found is counted
                least, aim = AGAINST[name]
                goal = (f">= {least:.2f}", f">= {aim:.2f}", ratio >= least) if decides else ("", "", None)
                rows.append(row(*told, f"{by_hand:{form}}", f"{ratio:.2f}", *goal))
            elif name in MILLIONS and found is counted:
                rows.append(most(told[0], ours, *MILLIONS[name], ".1f"))
            else:
                rows.append(row(*told))
        if name in A_SECOND:
            (least, aim), each = A_SECOND[name], 1000 / timed[0][name]
            told = [f"{name}, a CPU second", f"{each:.0f}", "", "", f">= {least}", f">= {aim}"]
            rows.append(row(*told, each >= least))
    return rows


# --- requests per processor second --------------------------------------------------------------


def measures(world: World, ours: Served, by_hand: Served, quiet: Served, idle: Served) -> Any:
    """Each measure by name: the server, and what is asked of it in a round. All drafts are saved between two readings."""
    form = f"/kasus/{{}}/{PLAN}/{STEP}"
    lists = [Ask("/", world.head)] * WRITERS
    packed_ = [Ask("/", world.head, headers={"Accept-Encoding": "br"})] * WRITERS
    forms = [Ask(form.format(case), cookie) for cookie, case, _ in world.writers]

    def saves(site: Served) -> list[Ask]:
        made = []
        for one in forms:
            text = weigh(site.port, one.path, one.cookie, Accept_Encoding="identity")[1].decode()
            made.append(Ask(one.path + "/draft", one.cookie, told_in(text, one.path), seen_in, AUTOSAVE))
        return made

    return {
        "save": (ours, saves(ours)),
        "fair save": (by_hand, saves(by_hand)),
        "form": (ours, forms),
        "fair form": (by_hand, forms),
        "list": (ours, lists),
        "fair list": (by_hand, lists),
        "list, few plugins": (quiet, lists),
        "list, many idle plugins": (idle, lists),
        "list with brotli": (ours, packed_),
    }


def speeds(found: Any, progress: Progress) -> dict[str, list[float]]:
    """Every measure once a round, in turn, after one that does not count."""
    told: dict[str, list[float]] = {name: [] for name in found}
    for turn in range(ROUNDS + 1):
        for name, (process, asks) in found.items():
            speed = rate(pid(process), process.port, asks)
            if turn:
                told[name].append(speed)
            progress.step(name)
    return told


def speed_rows(told: dict[str, list[float]]) -> list[Row]:
    def against(what: str, ours: str, other: str, least: float | None, column: str = "") -> Row:
        ratios = [a / b for a, b in zip(told[ours], told[other], strict=True)]
        ratio, middle = statistics.median(ratios), [f"{statistics.median(told[name]):,.0f}" for name in (ours, other)]
        spread = f"{ratio:.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
        goal = ("", "", None) if least is None else (f">= {least:.2f}", "", ratio >= least)
        return row(what, middle[0], f"{middle[1]} {column}".strip(), spread, *goal)

    return [
        against(f"list of {CLASS}, requests a CPU second", "list", "fair list", None),
        against("form of 12, requests a CPU second", "form", "fair form", None),
        against("autosave, requests a CPU second", "save", "fair save", None),
        against("list, all plugins against none that behaves", "list", "list, few plugins", None, "(none on)"),
        against(f"list, {IDLE} idle plugins more", "list, many idle plugins", "list", 1 / 1.2, "(all on)"),
        against("list packed with brotli", "list with brotli", "fair list", None),
    ]


def word_rows(world: World, ours: Served, by_hand: Served) -> tuple[list[Row], list[str]]:
    """Whether the pages by hand say the same: what differs, and how many words that are."""
    cookie, case, _ = world.writers[0]
    asked = {f"list of {CLASS}": ("/", world.head), "form of 12": (f"/kasus/{case}/{PLAN}/{STEP}", cookie)}
    rows, told = [], []
    for what, (path, cookie) in asked.items():
        found = [weigh(site.port, path, cookie, Accept_Encoding="identity")[1].decode() for site in (ours, by_hand)]
        pages = [one.partition("\r\n\r\n")[2] for one in found]
        words = fair.differences(*pages)
        told += [f"{what}: {one}" for one in words]
        rows.append(row(f"{what}: bytes, and words that differ", *(f"{len(one.encode()):,}" for one in pages), str(len(words)), "0",
                        "", not words))  # fmt: skip
    return rows, told


# --- bytes on the wire --------------------------------------------------------------------------


def weight_rows(world: World, site: Served, kernel: Kernel) -> list[Row]:
    def weigh_page(path: str, cookie: str, **more: Any) -> tuple[int, str]:
        size, raw = weigh(site.port, path, cookie, **more)
        if not raw.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{path}: {raw[:40]!r}")
        return size, raw.decode("utf-8", "replace")

    def plain(path: str, cookie: str) -> str:
        return weigh_page(path, cookie, Accept_Encoding="identity")[1]

    def static(text: str, ending: str) -> list[int]:
        found = dict.fromkeys(re.findall(rf'(?:href|src)="(/static/[^"]+\.{ending})"', text))
        return [weigh_page(path, "")[0] for path in found]

    cookie, case, _ = world.writers[0]
    form = f"/kasus/{case}/{PLAN}/{STEP}"
    home, home_text = weigh_page("/", world.teacher)[0], plain("/", world.teacher)
    css, js = static(home_text, "css"), static(home_text, "js")
    form_page = plain(form, cookie)
    told = told_in(form_page, form)
    saved, raw = weigh(site.port, form + "/draft", cookie, told, HX_Request="true", HX_Target="tersimpan")
    seen_in(raw.decode())
    block = weigh_page("/?tampil=semua", world.head, HX_Request="true")[0]
    whole = weigh_page("/?tampil=semua", world.head)[0]
    # Found on the page alone, since only there are scripts asked for.
    scripts = static(form_page, "js")
    return [
        most("home of a teacher, bytes", home),
        most("CSS, bytes", sum(css)),
        most("JS of a form's page" + ("" if js else " (none on home)") + ", bytes", sum(scripts)),
        most("first visit: home, signed in, empty cache, bytes", home + sum(css) + sum(js), 22_000, 10_000),
        most("requests of the first visit", 1 + len(css) + len(js), 4),
        most("HTML + CSS for the first paint, bytes", home + sum(css), 14_000, 8_000),
        most(f"later page: list of {CLASS}, bytes", weigh_page("/", world.head)[0], 6_000),
        most("later page: form of 12, bytes", weigh_page(form, cookie)[0], 6_000),
        most(f"htmx block: the list filtered (whole page {whole:,}), bytes", block, 2_000),
        most("autosave answer with its headers, bytes", saved, 300),
        most("autosave answer, body alone, bytes", len(raw.partition(b"\r\n\r\n")[2])),
        most("journey from sign-in to a handed-in plan, bytes", journey(world, site, kernel), 80_000, 60_000),
    ]


def journey(world: World, site: Served, kernel: Kernel) -> int:
    """All bytes a browser gets from the sign-in page to a plan that is handed in, scripts and styles fetched once."""
    account, case, name = world.fresh
    base, total, cookie, fetched = f"/kasus/{case}/{PLAN}", 0, "", set()

    def ask(path: str, told: Any = None, status: int = 200) -> str:
        nonlocal total
        size, raw = weigh(site.port, path, cookie, told)
        total += size
        if not raw.startswith(f"HTTP/1.1 {status}".encode()):
            raise RuntimeError(f"{path}: {raw[:40]!r}")
        if told is None:
            text = weigh(site.port, path, cookie, Accept_Encoding="identity")[1].decode()
            for file in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', text)) - fetched:
                fetched.add(file)
                total += weigh(site.port, file)[0]
            return text
        return raw.partition(b"\r\n\r\n")[0].decode()

    ask("/masuk")
    answer = ask("/masuk", [("cara", "masuk-demo"), ("akun", account)], 303)
    found = re.search(r"set-cookie: (kinerja=[^;]+)", answer, re.IGNORECASE)
    assert found is not None
    cookie = found[1]
    ask("/")
    ask(base)
    ask(f"{base}/mulai", [("cara", "")], 303)
    player, steps = Player(kernel, name), kernel.host.registry.steps
    for step in [one for one in cases.load(kernel, case).rule(PLAN).steps if steps[one].together]:
        text = ask(f"{base}/{step}")
        form = player.form(case, PLAN, step)
        told = [*encoded(form, plausible(form)), *seen_in(text).items(), ("action", "lanjut")]
        ask(f"{base}/{step}", told, 303)
    text = ask(f"{base}/ajukan")
    hidden = re.findall(r'name="(kunci|lihat|langkah)" value="([^"]*)"', text)
    ask(f"{base}/ajukan", hidden, 303)
    ask(base)
    if cases.load(kernel, case).progress[PLAN].state.id != "diajukan":
        raise RuntimeError("the plan was not handed in")
    return total


# --- statements, memory, start ------------------------------------------------------------------


def statement_rows(world: World, kernel: Kernel) -> list[Row]:
    """The statements the engine itself saw for a page, on the second visit, without the brackets of transactions."""
    browser = create_app(kernel).test_client(use_cookies=False)
    cookie, case, _ = world.writers[0]
    form = f"/kasus/{case}/{PLAN}/{STEP}"
    told: list[str] = []

    def count(path: str, cookie: str, data: dict[str, str] | None = None) -> int:
        headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
        for _ in range(1 if data else 2):
            told.clear()
            answer = browser.open(path, method="POST" if data else "GET", data=data, headers=headers)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")
        return len([one for one in told if not one.startswith(("BEGIN", "COMMIT", "PRAGMA"))])

    database.proxy.connection().set_trace_callback(told.append)
    pages = {
        f"list of {CLASS}": count("/", world.head),
        "list of a head with few": count("/", world.other_head),
        "home of a teacher": count("/", world.teacher),
        "case": count(f"/kasus/{case}", cookie),
        "stage": count(f"/kasus/{case}/{PLAN}", cookie),
        "form": count(form, cookie),
        "check before handing in": count(f"/kasus/{case}/{PLAN}/ajukan", cookie),
        "school": count(f"/satuan/{world.units['school']}", world.officer),
        "district": count(f"/satuan/{world.units['district']}", world.officer),
    }
    page = browser.get(form, headers={"Cookie": cookie}).get_data(as_text=True)
    pages["autosave"] = count(form + "/draft", cookie, told_in(page, form))
    database.proxy.connection().set_trace_callback(None)
    return [most(f"SQL statements: {what}", n, 6, 4) for what, n in pages.items()]


def start_rows(data: Path, by_hand: Fair) -> list[Row]:
    """Seconds of processor from the command to the first answered page, by turns; nothing of ours runs beside. Compiled
    files are kept, as in an installation: whoever starts the bench may have forbidden that."""
    ours = server(data, url(data), 1)
    for process in (ours, by_hand):
        process.env.pop("PYTHONDONTWRITEBYTECODE", None)
        process.env["PYTHONPYCACHEPREFIX"] = str(data.with_name("compiled"))
    taken: dict[str, list[float]] = {"ours": [], "fair": [], "waited": []}
    for _ in range(STARTS):
        for name, process in (("ours", ours), ("fair", by_hand)):
            began = time.monotonic()
            with process:
                taken[name].append(cpu(pid(process)))
                if name == "ours":
                    taken["waited"].append(time.monotonic() - began)
    a, b, waited = (statistics.median(one) for one in taken.values())
    what = f"start to ready, seconds of CPU ({waited:.2f} s on the clock)"
    return [row(what, f"{a:.2f}", f"{b:.2f}", f"{b / a:.2f}", "<= 1.00", "<= 0.60", a <= 1)]


def memory_rows(ours: Served, by_hand: Served) -> list[Row]:
    a, b = pss(pid(ours)), pss(pid(by_hand))
    return [
        row("memory of the web process (PSS), MiB", f"{a[0]:.0f}", f"{b[0]:.0f}", f"{b[0] / a[0]:.2f}", "<= 100", "<= 70", a[0] <= 100),
        row("memory with granian's supervisor, MiB", f"{sum(a):.0f}", f"{sum(b):.0f}", f"{sum(b) / sum(a):.2f}"),
    ]  # fmt: skip


def table(rows: list[Row]) -> str:
    widths = [max(len(one[n]) for one in [HEAD, *rows]) for n in range(len(HEAD))]
    lines = [HEAD, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def main() -> None:
    began = time.monotonic()
    progress = Progress(9 + 9 * (ROUNDS + 1))
    with tempfile.TemporaryDirectory(prefix="kinerja-bench-") as name:
        folder = Path(name)
        progress.step("building the world")
        world = build(folder)
        file = packed(world, folder / "world.json")

        def copied(name: str) -> Path:
            return Path(shutil.copytree(world.data, folder / name))

        by_hand = Fair(copied("by-hand"))
        found: dict[str, list[dict[str, float]]] = {"counted": [], "timed": []}
        for which in ("ours", "fair"):
            progress.step(f"counting instructions: {which}")
            found["counted"].append(counting.instructions(which, file, copied(f"{which}-counted")))
            progress.step(f"timing pages: {which}")
            found["timed"].append(counting.processor_time(which, file, copied(f"{which}-timed")))
        progress.step("starting and stopping")
        rows = start_rows(world.data, by_hand)
        make_others(world)
        kernel = open_kernel(world.data)
        served = [server(data, url(data), 1) for data in (world.data, world.quiet, world.idle)]
        with served[0] as ours, served[1] as quiet, served[2] as idle, by_hand:
            words, differ = word_rows(world, ours, by_hand)  # type: ignore[arg-type]  # `with` gives Process
            told = speeds(measures(world, ours, by_hand, quiet, idle), progress)  # type: ignore[arg-type]  # the same
            rows += memory_rows(ours, by_hand)  # type: ignore[arg-type]  # the same
            progress.step("weighing")
            weights = weight_rows(world, ours, kernel)  # type: ignore[arg-type]  # the same
        progress.step("counting statements")
        pages = page_rows(found["counted"], found["timed"])
        rows = [*pages, *speed_rows(told), *words, *weights, *statement_rows(world, kernel), *rows]
        testing.stop()
    print(table(rows))
    if differ:
        print("\nThe pages by hand say something else (+) than ours (-):\n" + "\n".join(differ))
    if not found["counted"][0]:
        print("\nNo instructions were counted: that needs valgrind with its headers, and a C compiler.")
    print(
        f"\nSQLite, {WRITERS} cases, 1 process of 1 thread, {ROUNDS} rounds; off in «none on»: "
        f"{', '.join(world.switched_off)}. {time.monotonic() - began:.0f} s in all. Bytes as sent over HTTP/1.1."
    )


if __name__ == "__main__":
    main()
