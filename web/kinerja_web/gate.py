"""Before any page: where the request comes from, who asks, and whether the plugin asked for is on. Errors in words."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import peewee
from flask import Flask, Response, current_app, g
from markupsafe import escape
from playhouse.pool import MaxConnectionsExceeded
from werkzeug.exceptions import HTTPException, NotFound

from kinerja import settings, units
from kinerja.contracts import Form, Refusal
from kinerja.kernel import Kernel
from kinerja.sentences import say
from kinerja_web import forms, session
from kinerja_web.htmx import go, page, request

CSP = (
    "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
TOKEN = "tanda"
"""The form field that carries the session's token, for browsers that say neither Origin nor Sec-Fetch-Site."""
SAVED = "tersimpan"
"""The element autosave answers into."""
UNSAVED = "error"
"""How that element looks where nothing was saved."""
PLUGIN_PAGES = "/p/"

_WORDS = {
    400: ("Permintaan tidak terbaca", "Kembali ke halaman sebelumnya, lalu coba lagi."),
    401: ("Sesi Anda berakhir", "Yang Anda kirim belum tersimpan. Salin isian Anda, masuk lagi, lalu tempelkan."),
    403: ("Permintaan ditolak", "Buka halaman dari aplikasi ini, lalu kirim lagi."),
    404: ("Halaman tidak ada", "Halaman tidak ada atau bukan untuk Anda."),
    405: ("Halaman tidak ada", "Halaman ini tidak dapat dibuka langsung. Mulai dari Beranda."),
    413: ("Berkas terlalu besar", "Berkas paling besar 10 MB. Perkecil berkasnya, lalu unggah lagi."),
    500: ("Ada gangguan di sini", "Yang sudah tersimpan tetap aman. Tunggu sebentar, lalu coba lagi."),
    503: ("Sedang sangat ramai", say("busy")),
}


class Forged(Exception):
    """A request that changes something and did not begin on a page of ours."""


def install(app: Flask) -> None:
    """Put the gate before every request, headers behind every answer, and words in place of errors."""
    app.before_request(_enter)
    app.after_request(_headers)
    app.teardown_request(_leave)
    app.register_error_handler(Forged, lambda _: _sorry(403))
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(HTTPException, _wrong)
    app.register_error_handler(peewee.OperationalError, _busy)
    app.register_error_handler(MaxConnectionsExceeded, _busy)
    app.register_error_handler(Exception, _broken)


def the_kernel() -> Kernel:
    kernel: Kernel = current_app.extensions["kinerja"]
    return kernel


def masked(token: str) -> str:
    """A token in another dress for each page, so that compression gives nothing away."""
    pad = secrets.token_bytes(len(token) // 2)
    return pad.hex() + bytes(a ^ b for a, b in zip(pad, bytes.fromhex(token), strict=True)).hex()


def token() -> str:
    """The token the forms of a page carry: the session's, or before sign-in the one of the browser's first cookie."""
    if "token" not in g:
        g.token = masked(g.context.csrf if g.context is not None else _first())
    return str(g.token)


def _first() -> str:
    first = request.cookies.get(session.FIRST, "")
    if not _is_token(first):
        first = g.setdefault("first", secrets.token_hex(16))
    return str(first)


def _enter() -> Response | None:
    g.context, g.viewer = None, None
    kernel = the_kernel()
    g.clock = kernel.clock
    if request.endpoint == "static_file":
        return None
    kernel.connect()
    g.context = session.read(kernel)
    g.clock = kernel.clock
    g.viewer = g.context.viewer if g.context else None
    if _forged():
        raise Forged
    if "\0" in request.path:
        raise NotFound
    if g.context is None:
        return _stranger(kernel)
    _plugin_is_on(kernel, g.viewer.line)
    return None


def _stranger(kernel: Kernel) -> Response | None:
    """Nobody is signed in: a public page, else the way to the sign-in page and back."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.endpoint is None:
        return None
    if view is not None and getattr(view, "kinerja_public", False):
        kernel.sync()
        g.clock = kernel.clock
        _plugin_is_on(kernel, top(kernel))
        return None
    if request.wants_block and request.headers.get("HX-Target") == SAVED:
        return saved("Sesi Anda berakhir. Masuk lagi di tab lain.")
    way = f"/masuk?lanjut={quote(_back())}"
    left = _left() if request.method == "POST" else []
    return _sorry(401, typed=left, way=way) if left else go(way)


def saved(problem: str = "", seen: int | None = None, told: str = "") -> Response:
    """What autosave answers into its element: what was told or went wrong, and the revision the next one begins from.
    Drawn without a template, since it is asked for each time somebody stops typing."""
    words, marked = (f"Belum tersimpan. {problem}", f' class="{UNSAVED}"') if problem else (told, "")
    again = f'<input type="hidden" form="isian" name="seen" value="{seen}">' if seen is not None else ""
    return Response(f'<span id="{SAVED}"{marked}>{escape(words)}{again}</span>', mimetype="text/html")


def _back() -> str:
    """The page to come back to: this one, or for what was sent the page on which it was typed."""
    if request.method == "GET":
        return str(request.full_path).rstrip("?")
    before = urlsplit(request.referrer or "")
    ours = before.path and before.netloc == request.host
    return f"{before.path}?{before.query}".rstrip("?") if ours else str(request.path)


def _left(form: Form | None = None) -> list[tuple[str, str]]:
    """What was typed into the request that failed, to be copied: nothing that another site sent, and nothing of a
    public page, where it may be a password."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method != "POST" or view is None or getattr(view, "kinerja_public", False):
        return []
    try:
        return [] if _forged() else forms.copies(request.form, form)
    except HTTPException:
        return []  # it is too large to be read at all


def top(kernel: Kernel) -> tuple[int, ...]:
    """The line of the root unit, whose choices hold where no unit is known yet."""
    if "top" not in kernel.kept:
        root = units.root()
        kernel.kept["top"] = root.line if root else ()
    found: tuple[int, ...] = kernel.kept["top"]
    return found


def _plugin_is_on(kernel: Kernel, line: tuple[int, ...]) -> None:
    if request.path.startswith(PLUGIN_PAGES):
        plugin = request.path.removeprefix(PLUGIN_PAGES).partition("/")[0]
        if plugin not in settings.enabled(kernel, line):
            raise NotFound


def _forged() -> bool:
    """Whether this would change something and comes from another site."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return False
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site not in ("same-origin", "none")
    if origin is not None:
        return bool(urlsplit(origin).netloc != request.host)
    wanted = g.context.csrf if g.context else request.cookies.get(session.FIRST, "")
    return not (_is_token(wanted) and secrets.compare_digest(_unmasked(request.form.get(TOKEN, "")), wanted))


def _is_token(text: str) -> bool:
    return len(text) == 32 and all(letter in "0123456789abcdef" for letter in text)


def _unmasked(text: str) -> str:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return ""
    half = len(raw) // 2
    return bytes(a ^ b for a, b in zip(raw[:half], raw[half:], strict=False)).hex()


def _headers(response: Response) -> Response:
    if not request.sends_piece:
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers.setdefault("Cache-Control", "no-store")
    if "told" in g:
        response.delete_cookie(session.TOLD)
    if "first" in g:
        session.keep(response, session.FIRST, g.first)
    return response


def _leave(_: BaseException | None) -> None:
    the_kernel().release()


def _wrong(error: HTTPException) -> Response | HTTPException:
    return error if error.code is not None and error.code < 400 else _sorry(error.code or 500, typed=_left())


def _sorry(status: int, typed: Sequence[tuple[str, str]] = (), way: str = "") -> Response:
    title, sentence = _WORDS.get(status, _WORDS[400 if status < 500 else 500])
    return page(
        "kinerja/galat.html", status=status, title=title, sentence=sentence, code=status, typed=typed, way=way,
        problems=(),
    )  # fmt: skip


def refused(refusal: Refusal, form: Form | None = None) -> Response:
    """A page of its own for a refusal, with all that was typed, for where the form cannot be shown (any more). *form*
    gives the labels."""
    if refusal.code == "missing":
        return _sorry(404, typed=_left(form))
    return page(
        "kinerja/galat.html", status=409, title="Belum dapat dilakukan", sentence=refusal.sentence, code=0, way="",
        problems=[one.message for one in refusal.problems if one.message not in refusal.sentence], typed=_left(form),
    )  # fmt: skip


def _busy(error: Exception) -> Response:
    current_app.logger.error("database", exc_info=error)
    return _sorry(503 if isinstance(error, MaxConnectionsExceeded) or "lock" in str(error) else 500, typed=_left())


def _broken(error: Exception) -> Any:
    """A page that failed: the whole story to the log, one sentence to the person, a plugin's failure to its name."""
    current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    if request.path.startswith(PLUGIN_PAGES):
        plugin = request.path.removeprefix(PLUGIN_PAGES).partition("/")[0]
        the_kernel().host.blame(plugin, "register_pages", error)
    return _sorry(500, typed=_left())
