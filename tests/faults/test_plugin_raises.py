"""A plugin that raises in any of its hooks: every page stays whole, the plugin is named, nothing of anybody is lost."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import date
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import kinerja.hooks
import kinerja_web.hooks
from kinerja import Connector, Due, cases, database, hookimpl
from kinerja.kernel import Kernel
from kinerja.models import LogEntry, Outgoing, Part
from kinerja.sentences import say
from kinerja.testing import Player, add_person, case_of, manifest, unit
from tests.faults.tools import Page, Site, let_sign_in

pytestmark = pytest.mark.faults

SARI, BUDI, SATRIA = "199003022019032001", "197108041997031001", "198208172008011001"
PLAN = "perencanaan"
BROKEN = "uji-rusak"


def sockets(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """The hooks a module declares, whichever they are today."""
    mark = f"{kinerja.hooks.NAME}_spec"
    return {name: one for name, one in inspect.getmembers(module, inspect.isfunction) if hasattr(one, mark)}


HOOKS = sorted(sockets(kinerja.hooks) | sockets(kinerja_web.hooks))
ASKED_AT_START = [name for name in HOOKS if name.startswith("register_")]
WAYS = ["raises", "answers nonsense"]
ASKED_LATER = [name for name in HOOKS if name not in ASKED_AT_START]


def broken(hook: str, how: str = "raises") -> SimpleNamespace:
    """A plugin with one hook, which raises, or answers what nobody can use."""

    def fails() -> object:
        if how == "raises":
            raise RuntimeError(f"{hook} gagal")
        return object()

    fails.__name__ = hook
    return SimpleNamespace(**{hook: hookimpl(fails)})


def pages(case: str) -> dict[str, tuple[str, str]]:
    """Every main page as (account, path)."""
    return {
        "sign-in": ("", "/masuk"),
        "home as teacher": (SARI, "/"),
        "home as head": (BUDI, "/"),
        "case": (SARI, f"/kasus/{case}"),
        "stage": (SARI, f"/kasus/{case}/{PLAN}"),
        "form of a step": (SARI, f"/kasus/{case}/{PLAN}/praktik"),
        "check before handing in": (SARI, f"/kasus/{case}/{PLAN}/ajukan"),
        "history": (SARI, f"/kasus/{case}/riwayat"),
        "evidence": (SARI, f"/kasus/{case}/bukti"),
        "plugins": (SATRIA, f"/satuan/{unit('nasional').id}/plugin"),
        "unit": (SATRIA, f"/satuan/{unit('99990101').id}"),
        "imports": (SATRIA, f"/satuan/{unit('99990101').id}/impor"),
    }


def seen(site: Site, case: str) -> dict[str, tuple[int, str, str]]:
    """Status, heading and the text of every main page, without what differs at each visit."""
    told = {}
    for name, (account, path) in pages(case).items():
        status, text = site.get(account, path)
        plain = re.sub(r'(name="(tanda|kunci)" value=")[^"]*', r"\1", text)
        told[name] = (status, Page(text).heading, plain)
    return told


@pytest.fixture
def case(demo: Kernel) -> str:
    """Bu Sari's plan with all drafts filled in; Pak Budi has chosen to act as head."""
    made = case_of("Sari Contoh", "Januari")
    Player(demo, "Sari Contoh").fill(made, PLAN)
    return made


@pytest.fixture
def healthy(demo: Kernel, case: str) -> dict[str, tuple[int, str, str]]:
    """All pages before anything is broken."""
    site = Site(demo)
    _as_head(demo, site)
    told = seen(site, case)
    assert {name: status for name, (status, _, _) in told.items()} == dict.fromkeys(told, 200)
    assert [name for name, (_, heading, _) in told.items() if not heading] == []
    return told


def _as_head(kernel: Kernel, site: Site) -> None:
    held = Player(kernel, "Budi Contoh").through("kepala-sekolah").assignment
    assert site.post(BUDI, "/kapasitas", penugasan=str(held))[0] == 303


def _plugin_page(site: Site) -> str:
    return site.get(SATRIA, f"/satuan/{unit('nasional').id}/plugin")[1]


def test_the_sockets_are_found_where_plugins_find_them() -> None:
    assert {"register_content", "before_transition", "fill_slot", "register_pages"} <= set(HOOKS)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("hook", HOOKS)
def test_every_page_answers_as_before_when_a_hook_fails(
    demo: Kernel, case: str, healthy: dict[str, tuple[int, str, str]], hook: str, how: str
) -> None:
    demo.host.add(broken(hook, how), manifest(BROKEN, name="Plugin rusak"))
    demo.kept.clear()
    site = Site(demo)
    _as_head(demo, site)
    told = seen(site, case)
    assert told.pop("plugins")[:2] == healthy.pop("plugins")[:2]
    assert told == healthy


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("hook", ASKED_AT_START)
def test_a_plugin_that_raises_at_the_start_is_set_aside_and_named(demo: Kernel, case: str, hook: str) -> None:
    demo.host.add(broken(hook), manifest(BROKEN, name="Plugin rusak"))
    assert BROKEN not in demo.host.manifests
    assert [(one.plugin, one.where, one.sentence) for one in demo.host.faults.values()] == [
        (BROKEN, "load", f"RuntimeError: {hook} gagal")
    ]
    text = _plugin_page(Site(demo))
    assert (f"{BROKEN} tidak dapat dimuat" in text, f"{hook} gagal" in text) == (True, True)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("hook", ASKED_LATER)
def test_a_plugin_that_raises_when_asked_stays_and_its_fault_is_named(demo: Kernel, case: str, hook: str) -> None:
    demo.host.add(broken(hook), manifest(BROKEN, name="Plugin rusak"))
    demo.kept.clear()
    site = Site(demo)
    site.get(SARI, f"/kasus/{case}")
    path = f"/kasus/{case}/{PLAN}/ajukan"
    site.post(SARI, path, **site.form(SARI, path))
    assert (BROKEN, hook) in demo.host.faults
    assert f"Bermasalah ({hook}): RuntimeError: {hook} gagal" in _plugin_page(site)


def _drafts(case: str) -> dict[str, Any]:
    return {one.step: one.draft for one in Part.select().where(Part.case == case)}


@pytest.mark.parametrize(
    ("how", "way_out"), [("raises", "suspend"), ("raises", "off"), ("answers nonsense", "suspend")]
)
def test_a_guard_that_fails_objects_by_its_name_until_it_is_suspended_or_off(
    demo: Kernel, case: str, how: str, way_out: str
) -> None:
    demo.host.add(broken("before_transition", how), manifest(BROKEN, name="Plugin rusak"))
    demo.kept.clear()
    site = Site(demo)
    path, before = f"/kasus/{case}/{PLAN}/ajukan", _drafts(case)
    form = site.form(SARI, path)
    status, text = site.post(SARI, path, **form)
    assert (status, say("guard-failed", plugin="Plugin rusak") in text) == (422, True)
    assert (_drafts(case), _codes(case)) == (before, [])
    admin = f"/satuan/{unit('contoh-asri').id}/plugin"
    account = _admin_of("contoh-asri", demo)
    if way_out == "suspend":
        assert site.post(account, admin, plugin=BROKEN, act="suspend")[0] == 422
    assert site.post(account, admin, plugin=BROKEN, act=way_out, alasan="Menunggu perbaikan")[0] == 303
    assert site.post(SARI, path, **form)[0] == 303
    assert cases.load(demo, case).progress[PLAN].state.id == "diajukan"
    texts = [text for (text,) in database.rows("SELECT text FROM log_text WHERE text LIKE '%Plugin rusak%'")]
    assert [text.endswith("Menunggu perbaikan") for text in texts] == [True]


def _admin_of(code: str, kernel: Kernel) -> str:
    """An account that manages plugins at a unit, made for this test."""
    person, _ = add_person("Admin Uji", "admin-dinas", unit(code), "definitif", date(2023, 1, 2))
    return let_sign_in(kernel, [person])[person.id]


def _codes(case: str) -> list[str]:
    return [one.code for one in LogEntry.select().where(LogEntry.case == case).order_by(LogEntry.number)]


@pytest.mark.parametrize("how", WAYS)
def test_a_change_is_made_whole_when_a_connector_fails_to_say_what_is_due_of_it(
    demo: Kernel, case: str, how: str
) -> None:
    def due(asked: Due) -> Any:
        if how == "raises":
            raise RuntimeError("gagal")
        return object()

    connector = Connector(BROKEN, "Uji", tells=("rencana.disepakati",), due=due)
    brings = SimpleNamespace(register_connectors=hookimpl(lambda: [connector]))
    demo.host.add(brings, manifest(BROKEN))
    demo.kept.clear()
    Player(demo, "Sari Contoh").do(case, PLAN, "ajukan")
    assert list(demo.host.faults) == [], "nothing is settled yet"
    Player(demo, "Budi Contoh").through("kepala-sekolah").do(case, PLAN, "setujui")
    assert list(demo.host.faults) == [], "what is approved has to be agreed to"
    Player(demo, "Sari Contoh").do(case, PLAN, "sepakati")
    assert cases.load(demo, case).progress[PLAN].state.kind == "selesai"
    assert _codes(case) == ["ajukan", "setujui", "sepakati"]
    assert Outgoing.select().where(Outgoing.plugin == BROKEN).count() == 0
    assert list(demo.host.faults) == [(BROKEN, "due")]
