"""Put the site together: our views, what plugins bring, headers, compression, templates."""

from __future__ import annotations

import hashlib
import secrets
from functools import partial
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]  # it carries no types
from flask import Blueprint, Flask, Response, g
from flask_compress import Compress
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
from werkzeug.exceptions import NotFound
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, ValidationError

from kinerja.clock import day_text
from kinerja.kernel import Kernel
from kinerja_web import forms, gate, hooks, htmx, session, slots, words
from kinerja_web.htmx import request
from kinerja_web.views import BLUEPRINTS

HERE = Path(__file__).parent
STATIC = ("kinerja.css", "kinerja.js", "htmx.js")
LARGEST = forms.LARGEST + 512 * 1024
LARGEST_TEXT = 4 * 1024 * 1024
"""Bytes of a form without its files: the longest draft fits in, with every letter sent as twelve (`%F0%9F%98%80`)."""


class Number(IntegerConverter):
    """A number in an address, of at most nine digits: no row of ours has a larger one, and no database looks for it."""

    def to_python(self, value: str) -> int:
        if len(value) > 9:
            raise ValidationError
        return int(super().to_python(value))


def build(kernel: Kernel) -> Flask:
    """Make the application of one kernel. Each process makes its own."""
    app = Flask("kinerja_web", static_folder=None, template_folder=None)
    app.extensions["kinerja"] = kernel
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST, MAX_FORM_MEMORY_SIZE=LARGEST_TEXT, TRAP_HTTP_EXCEPTIONS=False,
        COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=5, COMPRESS_MIN_SIZE=400, COMPRESS_STREAMS=False,
    )  # fmt: skip
    app.url_map.converters["int"] = Number
    htmx.install(app)
    _templates(app, kernel)
    _statics(app)
    gate.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _plugin_pages(app, kernel)
    Compress(app)
    _behind(app, kernel.config.proxies)
    return app


def _behind(app: Flask, proxies: int) -> None:
    """Believe the operator's own proxies, and no others, that the visitor came by https. The host is the one they pass
    on: a forwarded one is set by none of them unasked, so that a visitor could write it."""
    if proxies:
        fixed = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)
        app.wsgi_app = fixed  # type: ignore[method-assign]  # as Flask's own documentation says to


def _templates(app: Flask, kernel: Kernel) -> None:
    """Ours under `kinerja/`; each plugin's under its own id, so that none can stand before another's."""
    own: dict[str, BaseLoader] = {"kinerja": FileSystemLoader(HERE / "templates" / "kinerja")}
    for id, module in kernel.host.modules.items():
        file = getattr(module, "__file__", None)
        folder = Path(file).parent / "templates" / id if file else None
        if folder is not None and folder.is_dir() and id not in own:
            own[id] = FileSystemLoader(folder)
    app.jinja_loader = ChoiceLoader([PrefixLoader(own)])
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.autoescape = True
    env.undefined = StrictUndefined
    env.filters.update(day=day_text, plain=forms.plain)
    env.globals.update(
        fill=slots.fill, token=gate.token, name=forms.name, anchor=forms.anchor, groups=forms.groups, ASKED=forms.ASKED, bare=forms.bare,
        new_key=partial(secrets.token_hex, 12), seal=forms.seal, words=words,
    )  # fmt: skip
    app.context_processor(_around)


def _around() -> dict[str, Any]:
    """What every page's frame shows: who, in which capacity of which, the demo date, and a notice left by the page before."""
    kernel = gate.the_kernel()
    viewer, context = g.get("viewer"), g.get("context")
    clock = g.get("clock", kernel.clock)
    zone = viewer.zone if viewer else "Asia/Jakarta"
    return {
        "viewer": viewer,
        "context": context,
        "posts": [one for one in context.capacities if one.useful or one.id == viewer.assignment] if context else (),
        "demo": day_text(clock.today(zone)) if kernel.config.demo else "",
        "today": clock.today(zone),
        "now": clock.now(),
        "told": session.told(),
    }


def _statics(app: Flask) -> None:
    """Our few files under the hash of what is in them, kept for ever by the browser and compressed once."""
    contents = {name: (HERE / "static" / name).read_bytes() for name in STATIC}
    hashes = {name: hashlib.sha256(content).hexdigest()[:10] for name, content in contents.items()}
    packed: dict[str, bytes] = {}

    @hooks.public
    def static_file(hash: str, name: str) -> Response:
        if hashes.get(name) != hash:
            raise NotFound
        kind = "text/css" if name.endswith("css") else "text/javascript"
        response = Response(contents[name], mimetype=kind)
        if "br" in request.accept_encodings:
            if name not in packed:
                packed[name] = brotli.compress(contents[name], quality=11)
            response.data = packed[name]
            response.content_encoding = "br"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.vary.add("Accept-Encoding")
        return response

    app.add_url_rule("/static/<hash>/<name>", "static_file", static_file)
    app.jinja_env.globals["asset"] = lambda name: f"/static/{hashes[name]}/{name}"


def _plugin_pages(app: Flask, kernel: Kernel) -> None:
    """Register each plugin's pages under its own prefix; one that cannot be registered is named, and passed over."""
    for plugin, blueprint in sorted(kernel.host.registry.others.get("register_pages", {}).items()):
        if blueprint is not None:
            kernel.host.guarded(plugin, "register_pages", partial(_register, app, plugin, blueprint))


def _register(app: Flask, plugin: str, blueprint: Blueprint) -> None:
    if not isinstance(blueprint, Blueprint):
        raise ValueError("register_pages harus mengembalikan Blueprint.")
    app.register_blueprint(blueprint, url_prefix=f"{gate.PLUGIN_PAGES}{plugin}", name=f"plugin-{plugin}")
