"""The gate: who may come in, from where, and what they are told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kinerja.clock import real_now
from kinerja.models import Session
from tests.web.visitor import SAME, Visitor, hand_in


def test_every_page_asks_for_a_session_and_comes_back_after_signing_in(app, url):
    stranger = Visitor(app)
    sent = stranger.get(f"{url}?x=1")
    assert sent.status_code == 303 and sent.headers["Location"].startswith("/masuk?lanjut=/kasus/")
    entered = stranger.post("/masuk", cara="pintu", akun="Ani Contoh", lanjut=url)
    assert entered.headers["Location"] == url


@pytest.mark.parametrize("next", ["https://lain.test/", "//lain.test", "/\\lain.test", "/masuk", "javascript:1"])
def test_signing_in_leads_to_no_other_site(app, next):
    assert Visitor(app).post("/masuk", cara="pintu", akun="Ani Contoh", lanjut=next).headers["Location"] == "/"


def test_an_unknown_account_is_told_so(app):
    sent = Visitor(app).post("/masuk", cara="pintu", akun="Siapa")
    assert sent.status_code == 422 and "Tidak cocok" in sent.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://jahat.test"},
        {"Origin": "null"},
        {},
    ],
)
def test_what_another_site_sends_is_refused(app, ani, url, headers):
    sent = ani.post(f"{url}/pilih", headers=headers, action="simpan", one__buku="laut")
    assert sent.status_code == 403 and "Traceback" not in sent.text
    assert "checked" not in ani.get(f"{url}/pilih").text


def test_a_browser_that_says_nothing_of_its_origin_is_let_in_by_the_token(app, ani, url):
    token = ani.hidden(f"{url}/pilih", "tanda")
    sent = ani.post(f"{url}/pilih", headers={}, action="simpan", one__buku="laut", seen="0", tanda=token)
    assert sent.status_code == 303
    assert ani.hidden(f"{url}/pilih", "tanda") != token, "it is masked anew each time"


def test_signing_in_needs_the_token_of_the_first_page_where_nothing_is_said(app):
    stranger = Visitor(app)
    assert stranger.post("/masuk", headers={}, cara="pintu", akun="Ani Contoh").status_code == 403
    token = stranger.hidden("/masuk", "tanda")
    assert stranger.post("/masuk", headers={}, cara="pintu", akun="Ani Contoh", tanda=token).status_code == 303


def test_signing_in_takes_a_new_token_and_signing_out_ends_it(app):
    ani = Visitor(app, "Ani Contoh")
    first = ani.client.get_cookie("kinerja").value
    ani.post("/masuk", cara="pintu", akun="Ani Contoh")
    assert ani.client.get_cookie("kinerja").value != first
    thief = Visitor(app)
    thief.client.set_cookie("kinerja", first)
    assert thief.get("/").status_code == 303
    ani.post("/keluar")
    assert Session.select().count() == 0 and ani.get("/").status_code == 303


def test_a_session_ends_after_twelve_idle_hours(ani):
    Session.update(seen_at=real_now() - timedelta(hours=12, minutes=1)).execute()
    assert ani.get("/").status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app):
    sent = Visitor(app).post("/masuk", cara="pintu", akun="Ani Contoh")
    cookie = next(one for one in sent.headers.getlist("Set-Cookie") if one.startswith("kinerja="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    safe = app.test_client().post(
        "https://localhost/masuk", data={"cara": "pintu", "akun": "Ani Contoh"}, headers={"Origin": "https://localhost"}
    )
    assert "Secure" in next(one for one in safe.headers.getlist("Set-Cookie") if one.startswith("kinerja="))


def test_somebody_elses_post_cannot_be_taken(app, world, ani, budi):
    from kinerja.models import Assignment
    from kinerja.testing import person

    held = Assignment.get(Assignment.person == person("Budi Contoh"))
    assert ani.post("/kapasitas", penugasan=str(held.id)).status_code == 404


def test_a_piece_for_something_sent_carries_no_headers_of_a_page_and_a_page_sent_the_same_way_does(ani, url):
    ani.post(f"{url}/mulai")
    draft = f"{url}/cerita/draft"

    def sent(seen, **headers):
        return ani.post(draft, headers={**SAME, **headers}, seen=seen, txt__isi="Ombak.")

    piece = sent(ani.hidden(f"{url}/cerita", "seen"), **{"HX-Request": "true", "HX-Target": "tersimpan"})
    assert sorted(piece.headers.keys()) == ["Content-Length", "Content-Type", "Vary"]
    wire = "HTTP/1.1 200 OK\r\n" + "".join(f"{key}: {value}\r\n" for key, value in piece.headers) + "\r\n" + piece.text
    assert len(wire.encode()) + len("date: Sat, 28 Nov 2026 19:00:00 GMT\r\n") <= 300
    for whole in (sent("0"), sent("0", **{"HX-Request": "true", "HX-Boosted": "true"})):
        assert {"Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options", "Vary"} <= set(
            whole.headers.keys()
        )


def test_every_page_carries_the_strict_headers(app, ani, url):
    for sent in (ani.get("/"), ani.get(url), ani.get("/tidak-ada"), Visitor(app).get("/masuk")):
        assert "script-src 'self'" in sent.headers["Content-Security-Policy"]
        assert sent.headers["X-Content-Type-Options"] == "nosniff"
        assert sent.headers["Referrer-Policy"] == "same-origin"
        assert sent.headers["Cache-Control"] == "no-store"
        assert " style=" not in sent.text and "<style" not in sent.text and "onclick" not in sent.text


@pytest.mark.parametrize(
    ("method", "page", "status"), [("get", "/tidak-ada", 404), ("get", "/kasus/x", 404), ("get", "/keluar", 405)]
)
def test_errors_are_said_in_plain_words(ani, method, page, status):
    sent = getattr(ani, method)(page)
    assert sent.status_code == status and f"Kode {status}" in sent.text and "Not Found" not in sent.text


def test_a_page_that_fails_says_one_sentence_and_no_stack(app, ani, monkeypatch):
    def broken(*_):
        raise RuntimeError("rahasia dapur")

    monkeypatch.setattr("kinerja_web.views.home.read.own_cases", broken)
    sent = ani.get("/")
    assert sent.status_code == 500 and "rahasia dapur" not in sent.text and "Kode 500" in sent.text


def test_a_file_that_is_too_large_is_refused_in_words(ani, url):
    sent = ani.client.post(
        f"{url}/pilih", data={"x": b"0" * (11 * 1024 * 1024)}, headers={"Origin": "http://localhost"}
    )
    assert sent.status_code == 413 and "10 MB" in sent.text


def test_the_demo_date_stands_on_every_page_and_only_goes_forward(app, world, ani, url):
    assert "15 Januari 2030" in ani.get("/").text and "15 Januari 2030" in Visitor(app).get("/masuk").text
    assert ani.post("/tanggal-demo", tanggal="2030-01-20").status_code == 303
    assert "20 Januari 2030" in ani.get(url).text
    back = ani.post("/tanggal-demo", tanggal="2030-01-16")
    assert back.status_code == 409 and "tidak dapat dimundurkan" in back.text
    assert ani.post("/tanggal-demo", tanggal="kapan").status_code == 409


def test_outside_demo_mode_there_is_no_date_to_move(app, world, ani, monkeypatch):
    object.__setattr__(world.config, "demo", False)
    assert ani.post("/tanggal-demo", tanggal="2030-01-20").status_code == 404
    assert "Demo" not in ani.get("/").text


def test_before_a_window_opens_the_page_says_when(world, ani, budi, url):
    hand_in(ani, url)
    assert (
        "Menunggu" in budi.get(f"/kasus/{world.case}/lihat").text
        or "menunggu" in budi.get(f"/kasus/{world.case}/lihat").text
    )
