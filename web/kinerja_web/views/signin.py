"""Signing in and out, changing capacity, and the demo date."""

from __future__ import annotations

from datetime import date
from functools import partial

from flask import Blueprint, Response, g
from werkzeug.exceptions import NotFound

from kinerja import settings
from kinerja.contracts import Refusal
from kinerja.kernel import Kernel
from kinerja_office import sessions
from kinerja_web import forms, gate, once, session
from kinerja_web.hooks import Login, public
from kinerja_web.htmx import go, page, request
from kinerja_work import demo_date

pages = Blueprint("signin", __name__)


def logins(kernel: Kernel) -> dict[str, Login]:
    """The ways to sign in that installed plugins bring, where they are on at the top."""
    on = settings.enabled(kernel, gate.top(kernel))
    offered = {}
    for plugin, value in sorted(kernel.host.registry.others.get("register_login", {}).items()):
        if value is not None and plugin in on:
            login = kernel.host.guarded(plugin, "register_login", partial(_login, value)).value
            if login is not None and (kernel.config.demo or not login.demo):
                offered[plugin] = login
    return offered


def _login(value: object) -> Login:
    if not isinstance(value, Login):
        raise ValueError("register_login harus mengembalikan Login.")
    return value


def _local(url: str) -> str:
    """Where to go after signing in: only to a page of ours."""
    good = url.startswith("/") and not url.startswith("//") and "\\" not in url and not url.startswith("/masuk")
    return url if good and url.isprintable() else "/"


@pages.get("/masuk")
@public
def show(problem: str = "", at: str = "") -> Response:
    if g.viewer is not None and not problem:
        return go("/")
    kernel = gate.the_kernel()
    offered = []
    for plugin, login in logins(kernel).items():
        accounts = None
        if login.accounts is not None:
            accounts = kernel.host.guarded(plugin, "register_login", login.accounts).value or ()
        offered.append((plugin, login, accounts))
    next = _local(request.values.get("lanjut", "/"))
    return page(
        "kinerja/masuk.html", status=422 if problem else 200, offered=offered, next=next, problem=problem, at=at
    )


@pages.post("/masuk")
@public
def enter() -> Response:
    kernel = gate.the_kernel()
    plugin = request.form.get("cara", "")
    login = logins(kernel).get(plugin)
    if login is None:
        raise NotFound
    given = {key: str(value) for key, value in forms.answers(request.form).items()}
    if "akun" in request.form:
        given["akun"] = request.form["akun"]
    answer = kernel.host.guarded(plugin, "register_login", lambda: login.identify(given))
    response = go(_local(request.form.get("lanjut", "/")))
    if answer.problem is not None:
        return show("Cara masuk ini sedang bermasalah. Coba lagi nanti, atau pilih cara lain.", plugin)
    if answer.value is None:
        return show("Tidak cocok dengan akun mana pun. Periksa lagi, lalu coba lagi.", plugin)
    if not session.sign_in(kernel, *answer.value, response):
        return show("Akun ini belum terhubung dengan data pegawai. Hubungi operator di tempat kerja Anda.", plugin)
    return response


@pages.post("/keluar")
@public
def leave() -> Response:
    """End the session. Sent twice it answers twice the same, though the second time nobody is signed in."""
    if g.context is not None:
        sessions.end(g.context)
    response = go("/masuk")
    response.delete_cookie(session.COOKIE)
    return response


@pages.post("/kapasitas")
@once.done
def switch() -> Response:
    chosen = request.form.get("penugasan", "")
    assignment = forms.whole(chosen)
    if (chosen and assignment is None) or not sessions.take_capacity(g.context, assignment):
        raise NotFound
    return go("/")


@pages.post("/tanggal-demo")
@public
@once.done
def move() -> Response:
    """Move the demo date forward. Only in demo mode; anybody who tries the demo may."""
    kernel = gate.the_kernel()
    if not kernel.config.demo:
        raise NotFound
    zone = g.viewer.zone if g.viewer else "Asia/Jakarta"
    try:
        day = date.fromisoformat(request.form.get("tanggal", ""))
    except ValueError:
        raise Refusal("bad-date", "Tanggal ini tidak ada. Pilih ulang.") from None
    demo_date.move(kernel, day, zone)
    return go("/" if g.viewer else "/masuk")
