"""`make bench`: our budgets, measured. Prints one table and judges nothing by its exit status.

Requests are counted per second of processor time of the server's whole process tree, in turn with the same pages
written by hand (`bare.py`) under the same server; the ratio is the median of the rounds. Without a brotli header unless
said, since the bare pages are not compressed.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kinerja import cases, database, testing
from kinerja.kernel import Kernel
from kinerja.testing import Player, plausible
from kinerja_web import create_app
from tests.bench import bare
from tests.bench.load import Ask, pss, rate, weigh
from tests.bench.world import CLASS, IDLE, PLAN, STEP, WRITERS, World, build, encoded, open_kernel, url
from tests.faults.tools import ROOT, Process, Served, server

ROUNDS, SECONDS, STARTS, THREADS = 5, 1.8, 5, 4
HTMX = {"HX-Request": "true"}
BARE = """
import sys
from granian.constants import Interfaces
from granian.server import Server
Server("tests.bench.bare:make", factory=True, interface=Interfaces.WSGI, address="127.0.0.1", port=int(sys.argv[-1]),
       workers=1, blocking_threads=int(sys.argv[1]), log_enabled=False).serve()
"""

Row = tuple[str, str, str, str, str, str]


class Bare(Served):
    """The hand-written pages under granian, started as `kinerja serve` starts ours."""

    def __init__(self, folder: Path) -> None:
        database = folder / "bare.db"
        self.tokens = bare.fill(database, CLASS, WRITERS)
        super().__init__(folder, "", ready="/masuk", env={"BARE_DATABASE": str(database)})
        self.command = [sys.executable, "-c", BARE, str(THREADS), str(self.port)]
        self.env["PYTHONPATH"] = os.pathsep.join([str(ROOT), self.env["PYTHONPATH"]])

    def cookie(self, n: int) -> str:
        return f"{bare.COOKIE}={self.tokens[n]}"


class Progress:
    """One line on the terminal's error stream."""

    def __init__(self, total: int) -> None:
        self.done, self.total = 0, total

    def step(self, what: str) -> None:
        self.done += 1
        filled = 30 * self.done // self.total
        end = "\n" if self.done >= self.total else ""
        print(f"\r{'#' * filled:<30} {self.done}/{self.total} {what:<28}", end=end, file=sys.stderr, flush=True)


def pid(process: Process) -> int:
    assert process.running is not None
    return process.running.pid


def seen_in(text: str) -> Mapping[str, str]:
    """The revision an autosave's answer carries on to the next; ValueError where nothing was saved."""
    found = re.search(r'name="seen" value="(\d+)"', text)
    if found is None or "Belum tersimpan" in text:
        raise ValueError(f"not saved: {text[:200]}")
    return {"seen": found[1]}


# --- requests per processor second --------------------------------------------------------------


def measures(world: World, kernel: Kernel, ours: Served, bare_: Bare, quiet: Served, idle: Served) -> Any:
    """Each measure by name: the server, and what its threads ask."""
    page = f"/kasus/{{}}/{PLAN}/{STEP}"
    answers = [dict(_answers(kernel, case, name)) for _, case, name in world.writers]

    def saves() -> list[Ask]:
        made = []
        for told, (cookie, case, _) in zip(answers, world.writers, strict=True):
            text = weigh(ours.port, page.format(case), cookie, Accept_Encoding="identity")[1].decode()
            headers = {**HTMX, "HX-Target": "tersimpan"}
            made.append(Ask(page.format(case) + "/draft", cookie, {**told, **seen_in(text)}, seen_in, headers))
        return made

    def bare_saves() -> list[Ask]:
        made = []
        for n in range(1, WRITERS + 1):
            text = weigh(bare_.port, "/isian", bare_.cookie(n))[1].decode()
            told = {f"f{k}": str(k) for k in range(1, bare.FIELDS + 1)}
            made.append(Ask("/isian", bare_.cookie(n), {**told, **seen_in(text)}, seen_in))
        return made

    def always(asks: list[Ask]) -> Callable[[], list[Ask]]:
        return lambda: asks

    lists = always([Ask("/", world.head)] * THREADS)
    packed = always([Ask("/", world.head, headers={"Accept-Encoding": "br"})] * THREADS)
    return {
        "list": (ours, lists),
        "bare list": (bare_, always([Ask("/", bare_.cookie(0))] * THREADS)),
        "list, few plugins": (quiet, lists),
        "list, many idle plugins": (idle, lists),
        "list with brotli": (ours, packed),
        "form": (ours, always([Ask(page.format(case), cookie) for cookie, case, _ in world.writers])),
        "bare form": (bare_, always([Ask("/isian", bare_.cookie(n)) for n in range(1, WRITERS + 1)])),
        "save": (ours, saves),
        "bare save": (bare_, bare_saves),
    }


def _answers(kernel: Kernel, case: str, name: str) -> list[tuple[str, str]]:
    part = cases.load(kernel, case).part(PLAN, STEP)
    assert part is not None
    return encoded(Player(kernel, name).form(case, PLAN, STEP), part.answers)


def speeds(found: Any, progress: Progress) -> dict[str, list[float]]:
    """Every measure once a round, in turn, after one that does not count."""
    told: dict[str, list[float]] = {name: [] for name in found}
    for turn in range(ROUNDS + 1):
        for name, (process, asks) in found.items():
            speed = rate(pid(process), process.port, asks(), SECONDS if turn else SECONDS / 3)
            if turn:
                told[name].append(speed)
            progress.step(name)
    return told


def speed_rows(told: dict[str, list[float]]) -> list[Row]:
    def against(what: str, ours: str, other: str, least: float | None, column: str = "bare") -> Row:
        ratios = [a / b for a, b in zip(told[ours], told[other], strict=True)]
        ratio, middle = statistics.median(ratios), [f"{statistics.median(told[name]):,.0f}" for name in (ours, other)]
        budget = "" if least is None else f">= {least:.2f}"
        judged = "" if least is None else _ok(ratio >= least)
        named = middle[1] if column == "bare" else f"{middle[1]} ({column})"
        return what, middle[0], named, f"{ratio:.2f} ({min(ratios):.2f}-{max(ratios):.2f})", budget, judged

    return [
        against(f"list of {CLASS}, all plugins on, req/cpu-s", "list", "bare list", 0.37),
        against("form of 12 inputs, req/cpu-s", "form", "bare form", 0.34),
        against("autosave, req/cpu-s", "save", "bare save", 0.17),
        against("list, all plugins against none that behaves", "list", "list, few plugins", 1 / 1.5, "none on"),
        against(f"list, {IDLE} idle plugins more against all", "list, many idle plugins", "list", 0.80, "all on"),
        against("list packed with brotli", "list with brotli", "bare list", None),
    ]


def _ok(good: bool) -> str:
    return "ok" if good else "over"


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
    told = [*_answers(kernel, case, world.writers[0][2]), *seen_in(form_page).items()]
    saved, raw = weigh(site.port, form + "/draft", cookie, told, HX_Request="true", HX_Target="tersimpan")
    seen_in(raw.decode())
    block = weigh_page("/?tampil=semua", world.head, HX_Request="true")[0]
    whole = weigh_page("/?tampil=semua", world.head)[0]
    # Found on the page alone, since only there are scripts asked for.
    scripts = static(form_page, "js")

    def row(what: str, size: int, most: int | None) -> Row:
        return what, f"{size:,} B", "", "", f"<= {most:,} B" if most else "", _ok(size <= most) if most else ""

    asked = 1 + len(css) + len(js)
    return [
        row("home of a teacher", home, None),
        row("CSS", sum(css), None),
        row("JS of a form's page (none on home)" if not js else "JS of a form's page", sum(scripts), None),
        row("first visit: home, signed in, empty cache", home + sum(css) + sum(js), 30_000),
        ("requests of the first visit", str(asked), "", "", "<= 4", _ok(asked <= 4)),
        row("HTML + CSS for the first paint", home + sum(css), 14_000),
        row(f"later page: list of {CLASS}", weigh_page("/", world.head)[0], 6_000),
        row("later page: form of 12 inputs", weigh_page(form, cookie)[0], 6_000),
        row(f"htmx block: the list filtered (whole page {whole:,} B)", block, 2_000),
        row("autosave answer, with its headers", saved, 300),
        row("autosave answer, body alone", len(raw.partition(b"\r\n\r\n")[2]), None),
        row("journey from sign-in to a handed-in plan", journey(world, site, kernel), 120_000),
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
    cookie, case, name = world.writers[0]
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
    }
    page = browser.get(form, headers={"Cookie": cookie}).get_data(as_text=True)
    pages["autosave"] = count(form + "/draft", cookie, {**dict(_answers(kernel, case, name)), **seen_in(page)})
    database.proxy.connection().set_trace_callback(None)
    return [(f"SQL statements: {what}", str(n), "", "", "<= 6", _ok(n <= 6)) for what, n in pages.items()]


def start_rows(world: World, bare_: Bare) -> list[Row]:
    """Seconds from the command to the first answered page, by turns; nothing of ours runs beside."""
    ours, taken = server(world.data, url(world.data)), {"ours": [], "bare": []}
    for _ in range(STARTS):
        for name, process in (("ours", ours), ("bare", bare_)):
            began = time.monotonic()
            with process:
                taken[name].append(time.monotonic() - began)
    a, b = (statistics.median(taken[name]) for name in ("ours", "bare"))
    return [("start to ready, s", f"{a:.2f}", f"{b:.2f}", f"{a / b:.2f}", "<= 1.00", _ok(a <= 1))]


def memory_rows(ours: Served, bare_: Bare) -> list[Row]:
    a, b = pss(pid(ours)), pss(pid(bare_))
    return [
        ("memory of the web process (PSS), MiB", f"{a[0]:.0f}", f"{b[0]:.0f}", f"{a[0] / b[0]:.2f}", "<= 100", _ok(a[0] <= 100)),
        ("memory with granian's supervisor, MiB", f"{sum(a):.0f}", f"{sum(b):.0f}", f"{sum(a) / sum(b):.2f}", "", ""),
    ]  # fmt: skip


def table(rows: list[Row]) -> str:
    head = ("what", "ours", "bare", "ratio", "budget", "")
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head))]
    lines = [head, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def main() -> None:
    began = time.monotonic()
    progress = Progress(4 + 9 * (ROUNDS + 1))
    with tempfile.TemporaryDirectory(prefix="kinerja-bench-") as name:
        folder = Path(name)
        progress.step("building the world")
        world = build(folder)
        bare_ = Bare(folder)
        progress.step("starting and stopping")
        rows = start_rows(world, bare_)
        kernel = open_kernel(world.data)
        served = [server(data, url(data)) for data in (world.data, world.quiet, world.idle)]
        with served[0] as ours, served[1] as quiet, served[2] as idle, bare_:
            told = speeds(measures(world, kernel, ours, bare_, quiet, idle), progress)  # type: ignore[arg-type]  # `with` gives Process
            rows += memory_rows(ours, bare_)  # type: ignore[arg-type]  # the same
            progress.step("weighing")
            weights = weight_rows(world, ours, kernel)  # type: ignore[arg-type]  # the same
        progress.step("counting statements")
        rows = [*speed_rows(told), *weights, *statement_rows(world, kernel), *rows]
        testing.stop()
    print(table(rows))
    print(
        f"\nSQLite, 1 worker, {THREADS} threads, {ROUNDS} rounds of {SECONDS} s; off in «none on»: "
        f"{', '.join(world.switched_off)}. {time.monotonic() - began:.0f} s in all. Bytes as sent over HTTP/1.1."
    )


if __name__ == "__main__":
    main()
