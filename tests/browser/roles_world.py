"""The demo world in four states, each built once, for the journeys of the roles: what is not played there is prepared here.

Everybody a journey needs may sign in, and has a state of their own, so that no journey waits for another.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from shutil import copy
from types import TracebackType

from kinerja import cases, settings, testing
from kinerja.kernel import Config, Kernel
from kinerja.models import Assignment, Case, Period, PersonId, Unit
from kinerja.testing import Player, case_of, person, set_date, unit, viewer
from kinerja_office import choosing, periods, requests
from kinerja_office.sessions import identify
from kinerja_web import hooks as web_hooks
from kinerja_work import worker
from tests.site import Site

PLAN, TEAM, START = "perencanaan", "pra-perencanaan", "pembukaan"
SD, TK, SMP = "99990101", "99990001", "99990201"
MORE = (
    "Agus", "Rina", "Joko", "Aisyah", "Bagas", "Ratna", "Dian", "Wulan", "Hartono", "Endang", "Hasna", "Danu", "Novi", "Putri",
)  # fmt: skip
"""Who signs in besides the demo's own accounts."""
FIRST = "2024"


class Worlds:
    """Running sites by name, made when they are first asked for. Used as a context manager."""

    def __init__(self, template: Callable[[str], str], folder: Path, postgresql: Callable[[], str]) -> None:
        self._template, self._folder, self._postgresql = template, folder, postgresql
        self._sites: dict[str, Site] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Worlds:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def __call__(self, name: str) -> Site:
        if name not in self._sites:
            home = self._folder / f"{name}-site"
            home.mkdir()
            url = self._other() if name == "postgresql" else self._copy(self._built(name), home / "kinerja.db")
            self._sites[name] = self._stack.enter_context(Site(url, home, simulator=False, worker=False))
        return self._sites[name]

    def _built(self, name: str) -> Path:
        """The database of a world before anybody visited it."""
        made = self._folder / f"{name}.db"
        if not made.exists():
            before, prepare = WORLDS[name]
            start = self._built(before) if before else Path(self._template("sqlite").removeprefix("sqlite:///"))
            url = self._copy(start, made)
            self._prepare(url, prepare)
        return made

    def _other(self) -> str:
        """The first world on the other database."""
        url = self._postgresql()
        self._prepare(url, WORLDS[FIRST][1])
        return url

    def _prepare(self, url: str, prepare: Callable[[Kernel], None]) -> None:
        kernel = testing.start(Config(self._folder / "data", url, demo=True), web_hooks, fresh=False)
        try:
            prepare(kernel)
        finally:
            testing.stop()

    def _copy(self, start: Path, to: Path) -> str:
        copy(start, to)
        return f"sqlite:///{to}"


def name(first: str) -> str:
    return f"{first} Contoh"


def player(kernel: Kernel, first: str, role: str = "") -> Player:
    found = Player(kernel, name(first))
    return found.through(role) if role else found


def _doors(kernel: Kernel) -> None:
    """Let more people sign in, as the demo's own accounts do."""
    root = Unit.get(Unit.parent.is_null())
    lines = list(settings.state(kernel, root.line, "masuk-demo").settings["akun"])
    for first in MORE:
        who = person(name(first))
        number = PersonId.get((PersonId.person == who) & (PersonId.kind == "nip")).value
        identify("contoh", number, who)
        lines.append({"label": "Akun uji", "name": name(first), "nip": number, "try": ""})
    choosing.set_choice(kernel, root, "masuk-demo", None, settings={"akun": lines})


def _plan(kernel: Kernel, first: str, period: str, *, hand_in: bool = True) -> str:
    case, who = case_of(name(first), period), player(kernel, first)
    who.fill(case, PLAN)
    if hand_in:
        who.do(case, PLAN, "ajukan")
    return case


def _agreed(kernel: Kernel, first: str, period: str) -> None:
    case = _plan(kernel, first, period)
    if player(kernel, "Budi", "kepala-sekolah").do(case, PLAN, "setujui").label != "Disepakati":
        player(kernel, first).do(case, PLAN, "sepakati")


def school_case(code: str, period: str) -> str:
    """The case of a school itself."""
    of = (Case.unit == unit(code)) & (Case.subject == "unit") & Period.label.startswith(period)
    return str(Case.select().join(Period).where(of).get().id)


def _in_january(kernel: Kernel) -> None:
    """22 January 2024: three plans to review, two heads recommended, an approved plan, a locked step, three requests."""
    _doors(kernel)
    for first in ("Rina", "Joko", "Lestari", "Novi"):
        _plan(kernel, first, "Januari")
    for first in ("Hartono", "Wulan"):
        _plan(kernel, first, "Januari")
    advise = player(kernel, "Purnomo", "pengawas")
    advise.hand_in(case_of(name("Wulan"), "Januari"), PLAN, "rekomendasi", "catat", pendapat="setuju")
    bagas = _plan(kernel, "Bagas", "Januari")
    player(kernel, "Budi", "kepala-sekolah").do(bagas, PLAN, "setujui")
    now = kernel.clock.now()
    aisyah = cases.load(kernel, case_of(name("Aisyah"), "Januari"))
    asks = viewer(kernel, name("Aisyah"))
    requests.ask_unlock(kernel, asks, aisyah, "cek-data", "Periksa data diri", "Golongan saya keliru dipilih.", now)
    endang = cases.load(kernel, case_of(name("Endang"), "Januari"))
    requests.ask_relation(
        kernel,
        viewer(kernel, name("Endang")),
        endang,
        "memutuskan",
        "Seharusnya Bu Ratmi, karena Pak Hartono keluarga saya.",
        now,
    )


def _in_february(kernel: Kernel) -> None:
    """17 February 2024, when an acting head may confirm; Komang's plan was approved by the system."""
    _doors(kernel)
    _plan(kernel, "Komang", "Januari")
    set_date(kernel, date(2024, 2, 17))


def _next_year(kernel: Kernel) -> None:
    """6 January 2025: two schemes at work, a plan of each in one queue."""
    _doors(kernel)
    Assignment.update(home=True).where(Assignment.person == person(name("Purnomo"))).execute()
    _agreed(kernel, "Bagas", "Januari")
    set_date(kernel, date(2025, 1, 6))
    player(kernel, "Budi", "kepala-sekolah").hand_in(school_case(SD, "Juli"), START, "mulai-periode", "serahkan")
    kernel.sync()
    worker.run_once(kernel)
    _plan(kernel, "Agus", "Juli")
    for first in ("Rina", "Joko", "Lestari"):
        _plan(kernel, first, "Tahun 2025")


def _third_year(kernel: Kernel) -> None:
    """5 January 2026, with the school's own preparation done at two schools and not at the third."""
    scheme = kernel.scheme("tahunan-2026")
    assert scheme is not None
    for code in ("contoh-barat", "contoh-asri"):
        periods.plan(kernel, scheme, 2026, unit(code))
    set_date(kernel, date(2026, 1, 5))
    for first, code in (("Budi", SD), ("Wulan", TK)):
        for step in ("mutakhirkan-data", "susun-tim-kinerja"):
            player(kernel, first, "kepala-sekolah").hand_in(school_case(code, "Tahun 2026"), TEAM, step, "serahkan")
    worker.run_once(kernel)
    for first in ("Rina", "Joko", "Lestari"):
        _plan(kernel, first, "Tahun 2026")


WORLDS: dict[str, tuple[str, Callable[[Kernel], None]]] = {
    FIRST: ("", _in_january),
    "plt": ("", _in_february),
    "2025": ("", _next_year),
    "2026": ("2025", _third_year),
}
"""Name → the world it goes on from, and what happened until it begins."""
