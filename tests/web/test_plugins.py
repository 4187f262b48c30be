"""Plugins on pages: their own pages, slots, switches; a bad one hurts nobody."""

from __future__ import annotations

import types

import pytest
from flask import Blueprint

from kinerja import SettingSpec, hookimpl
from kinerja.contracts import Field, Form
from kinerja.models import Unit
from kinerja.settings import state
from kinerja.testing import manifest
from kinerja_office.choosing import set_choice
from kinerja_web import CASE_FOOT, Fragment, create_app, public
from tests.web.visitor import Visitor, unit


@pytest.fixture
def extra(world, tmp_path):
    """Adds a plugin object with a folder of templates."""

    def add(id, plugin, **templates):
        folder = tmp_path / id / "templates" / id
        folder.mkdir(parents=True)
        for name, text in templates.items():
            (folder / f"{name}.html").write_text(text)
        plugin.__file__ = str(tmp_path / id / "__init__.py")
        world.host.add(plugin, manifest(id))
        assert not world.host.faults, world.host.faults

    return add


class Pages:
    """A plugin with a page for people, one for everybody and one that fails."""

    ran = 0

    @hookimpl
    def register_pages(self):
        pages = Blueprint("halaman", __name__)

        @pages.get("/")
        def inside():
            type(self).ran += 1
            return "dalam"

        @pages.get("/terbuka")
        @public
        def outside():
            return "terbuka"

        @pages.get("/rusak")
        def broken():
            raise RuntimeError("rusak")

        return pages


def test_a_plugins_page_is_behind_the_gate_unless_it_says_public(world, extra):
    extra("ekstra", Pages())
    app = create_app(world)
    assert Visitor(app).get("/p/ekstra/").status_code == 303
    assert Visitor(app).get("/p/ekstra/terbuka").text == "terbuka"
    assert Visitor(app, "Ani Contoh").get("/p/ekstra/").text == "dalam"


def test_a_plugin_that_is_off_at_the_unit_has_no_pages_and_none_of_its_code_runs(world, extra):
    extra("ekstra", Pages())
    app = create_app(world)
    ani, dedi = Visitor(app, "Ani Contoh"), Visitor(app, "Dedi Contoh")
    set_choice(world, Unit.get(Unit.code == "rumah-a"), "ekstra", None, on=False)
    before = Pages.ran
    assert ani.get("/p/ekstra/").status_code == 404 and Pages.ran == before
    assert dedi.get("/p/ekstra/").status_code == 200


def test_a_page_of_a_plugin_that_fails_is_named_to_the_administrator(world, extra):
    extra("ekstra", Pages())
    ani = Visitor(create_app(world), "Ani Contoh")
    assert ani.get("/p/ekstra/rusak").status_code == 500
    assert ("ekstra", "register_pages") in world.host.faults


def slot(answer):
    class Plugin:
        @hookimpl
        def fill_slot(self, slot, viewer, facts):
            return answer(slot, viewer, facts)

    return Plugin()


def test_a_slot_is_filled_and_escaped_with_the_facts_of_the_case(world, extra):
    def answer(slot, viewer, facts):
        return Fragment("kaki/isi.html", {"text": f"<b>{facts['case'].person.name}"}) if slot == CASE_FOOT else None

    extra("kaki", slot(answer), isi="<p>{{ text }}</p>")
    ani = Visitor(create_app(world), "Ani Contoh")
    assert "<p>&lt;b&gt;Ani Contoh</p>" in ani.get(f"/kasus/{world.case}").text


@pytest.mark.parametrize("how", ["raises", "bad-template", "foreign-template", "no-template"])
def test_a_slot_that_fails_leaves_the_page_whole_and_names_the_plugin(world, extra, how):
    def answer(slot, viewer, facts):
        if how == "raises":
            raise RuntimeError("rusak")
        return Fragment(
            {"bad-template": "buruk/isi.html", "foreign-template": "kinerja/masuk.html"}.get(how, "buruk/tidak.html")
        )

    extra("buruk", slot(answer), isi="{{ tidak.ada }}")
    page = Visitor(create_app(world), "Ani Contoh").get(f"/kasus/{world.case}")
    assert page.status_code == 200 and "Menulis" in page.text
    assert ("buruk", "fill_slot") in world.host.faults


def test_a_plugin_cannot_stand_before_our_templates(world, extra):
    extra("kinerja-lain", types.SimpleNamespace(), beranda="milik lain")
    assert "milik lain" not in Visitor(create_app(world), "Ani Contoh").get("/").text


def test_the_plugin_page_switches_locks_and_suspends_and_says_by_whom(app, world):
    ketua = Visitor(app, "Ketua Contoh", "ketua")
    page = f"/satuan/{unit('negeri')}/plugin"
    assert "pintu" in ketua.get(page).text
    assert ketua.post(page, plugin="pintu", act="lock").status_code == 303
    assert ketua.post(page, plugin="pintu", act="suspend").status_code == 422, "a reason is needed"
    below = Unit.get(Unit.code == "rumah-a")
    assert state(world, below.line, "pintu").locked
    refused = ketua.post(f"/satuan/{below.id}/plugin", plugin="pintu", act="off")
    assert refused.status_code == 422 and "dikunci" in refused.text
    used = ketua.post(page, plugin="kecil", act="off")
    assert used.status_code == 422 and "periode" in used.text


def test_only_those_with_the_permission_find_the_pages_of_a_unit(app, ani, budi):
    for page in ("", "/plugin", "/impor"):
        for who in (ani, budi):
            assert who.get(f"/satuan/{unit('rumah-a')}{page}").status_code == 404
    ketua = Visitor(app, "Ketua Contoh", "ketua")
    assert "Ani Contoh" in ketua.get(f"/satuan/{unit('rumah-a')}").text
    assert ketua.get(f"/satuan/{unit('negeri')}/impor").status_code == 200


def test_settings_of_a_plugin_are_checked_and_kept(world, extra):
    class Plugin:
        @hookimpl
        def register_settings(self):
            return SettingSpec(Form("", (Field("batas", "Batas", "number", required=True, most=9),)))

    extra("atur", Plugin())
    ketua = Visitor(create_app(world), "Ketua Contoh", "ketua")
    page = f"/satuan/{unit('negeri')}/plugin"
    wrong = ketua.post(page, plugin="atur", act="settings", num__batas="banyak")
    assert wrong.status_code == 422 and "Isi dengan angka" in wrong.text and 'value="banyak"' in wrong.text
    assert ketua.post(page, plugin="atur", act="settings", num__batas="7").status_code == 303
    assert state(world, Unit.get(Unit.code == "rumah-a").line, "atur").settings == {"batas": 7}
