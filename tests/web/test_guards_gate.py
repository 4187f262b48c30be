"""The gate's own rules one by one: headers as they stand, public pages of plugins that are off, what a browser sends."""

from __future__ import annotations

import io

import pytest
from werkzeug.datastructures import FileStorage, MultiDict

from kinerja import hookimpl
from kinerja.contracts import Field
from kinerja.models import Unit
from kinerja.testing import manifest
from kinerja_office.choosing import set_choice
from kinerja_web import create_app, forms, gate
from tests.web.test_plugins import Pages
from tests.web.visitor import Visitor

sqlite = pytest.mark.parametrize("engine", ["sqlite"])


@sqlite
def test_no_script_frame_or_style_of_others_is_let_in(app, ani):
    assert ani.get("/").headers["Content-Security-Policy"] == (
        "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


@sqlite
def test_a_public_page_of_a_plugin_that_is_off_at_the_top_is_not_there(world):
    world.host.add(Pages(), manifest("ekstra"))
    world.kept = {}
    stranger = Visitor(create_app(world))
    assert stranger.get("/p/ekstra/terbuka").status_code == 200
    set_choice(world, Unit.get(Unit.code == "negeri"), "ekstra", None, on=False)
    assert stranger.get("/p/ekstra/terbuka").status_code == 404


@sqlite
def test_a_token_is_the_session_s_own_whole_and_no_other(app, ani, url):
    right = ani.hidden(f"{url}/pilih", "tanda")
    other = Visitor(app, "Budi Contoh").hidden("/", "tanda")
    for token in (other, right[:-2], right[:62], "", "zz" * 32, "00" * 32):
        sent = ani.post(f"{url}/pilih", headers={}, action="simpan", one__buku="laut", seen="0", tanda=token)
        assert sent.status_code == 403, token


class Demo:
    """A way to sign in that is meant for the demo alone."""

    @hookimpl
    def register_login(self):
        from kinerja_web import Login

        return Login("demo", "Demo", None, lambda answers: None, demo=True)


@sqlite
def test_a_way_in_of_the_demo_is_no_way_in_elsewhere(world):
    world.host.add(Demo(), manifest("demo"))
    world.kept = {}
    stranger = Visitor(create_app(world))
    assert stranger.post("/masuk", cara="demo", akun="x").status_code == 422
    object.__setattr__(world.config, "demo", False)
    assert stranger.post("/masuk", cara="demo", akun="x").status_code == 404


# --- what a browser sends, without an app ---------------------------------------------------------------


def test_a_masked_token_is_another_each_time_and_leads_back_to_itself():
    token = "0123456789abcdef" * 2
    masks = {gate.masked(token) for _ in range(5)}
    assert (len(masks), {gate._unmasked(one) for one in masks}) == (5, {token})
    assert [gate._unmasked(one) for one in ("", "xyz", "0")] == ["", "", ""]
    assert [gate._is_token(one) for one in (token, token[:-1], token.upper(), token + "0", "g" * 32)] == [
        True, False, False, False, False,
    ]  # fmt: skip


def test_a_file_is_read_one_byte_beyond_the_largest_and_named_without_its_path():
    def sent(name: str, size: int) -> dict[str, tuple[str, int]]:
        file = FileStorage(io.BytesIO(b"0" * size), filename=name)
        return {key: (own, len(content)) for key, (own, content) in forms.files(MultiDict({"file:x": file})).items()}

    assert sent("a.pdf", 5) == {"x": ("a.pdf", 5)}
    assert sent("..\\..\\dinas/a\0.pdf", forms.LARGEST + 5) == {"x": ("a.pdf", forms.LARGEST + 1)}
    assert sent("", 5) == {}


def test_a_seal_fits_only_its_own_text_and_secret():
    sealed = forms.seal({"name": "a.pdf", "sha256": "1"}, "rahasia")
    opened = {"x": {"name": "a.pdf", "sha256": "1"}}
    assert forms.unsealed(MultiDict({"kept:x": sealed}), "rahasia") == opened
    for text, secret in ((sealed, "lain"), (sealed.replace("a.pdf", "b.pdf"), "rahasia"), (sealed[64:], "rahasia")):
        assert forms.unsealed(MultiDict({"kept:x": text}), secret) == {}
    assert forms.unsealed(MultiDict({"file:x": sealed}), "rahasia") == {}


def test_typed_answers_never_name_the_bytes_of_a_file_nor_carry_a_nul():
    sent = MultiDict([("lvl:berkas:sha256", "1"), ("qty:berkas:sha256", "1"), ("txt:a%00b", "x"), ("txt:", "y")])
    assert forms.answers(sent) == {"ab": "x"}


@pytest.mark.parametrize(
    ("text", "whole"), [("5", 5), ("0", 0), ("-1", None), ("1" * 10, None), ("٣", None), ("1.0", None), ("", None)]
)
def test_a_number_that_a_page_carries_is_a_small_whole_one(text: str, whole: int | None):
    assert forms.whole(text) == whole


def test_the_name_of_an_input_leads_back_to_its_field():
    field = Field("a:b/c", "A", "text")
    assert forms.answers(MultiDict({forms.name(field): "x\r\ny"})) == {"a:b/c": "x\ny"}
