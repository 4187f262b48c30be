"""The limit ours is measured against: the same three pages written by hand in bare Flask, Jinja and sqlite3.

No kernel, no plugins, no ORM, no compression: a session looked up, one list, one form, one save. The frame around the
pages is the one ours has, so that both send about as much text. Started by granian as `tests.bench.bare:make`.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, redirect, render_template, request
from jinja2 import DictLoader

COOKIE = "polos"
FIELDS = 12

TABLES = """
CREATE TABLE session (id TEXT PRIMARY KEY, person INTEGER, name TEXT, unit TEXT, seen_at TEXT);
CREATE TABLE turn (id INTEGER PRIMARY KEY, head INTEGER, case_id TEXT, stage TEXT, name TEXT, label TEXT, since TEXT,
    due TEXT);
CREATE INDEX turn_head ON turn (head, since);
CREATE TABLE draft (person INTEGER, step TEXT, revision INTEGER, data TEXT, saved_at TEXT, PRIMARY KEY (person, step));
"""

FRAME = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{% block title %}{% endblock %} · Kinerja</title>
<link rel="stylesheet" href="/static/kinerja.css">
</head>
<body>
<a class="skip" href="#isi">Langsung ke isi</a>
<header class="bar"><div>
<a class="mark" href="/"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" aria-hidden="true"><path d="M12 21V10M12 12C7 12 4.5 9 4.5 4.5 9.5 4.5 12 7.5 12 12ZM12 15c0-4.2 2.6-7 7.5-7 0 4.4-2.8 7-7.5 7Z"/></svg><span>Kinerja</span></a>
<nav aria-label="Utama"><a href="/" aria-current="page">Beranda</a></nav>
<details class="me"><summary><b>{{ name }}</b><span>Kepala Sekolah</span></summary>
<div class="menu"><p class="soft">{{ name }}</p>
<form method="post" action="/kapasitas"><input type="hidden" name="tanda" value="{{ token }}"><button>sebagai pegawai</button></form>
<form method="post" action="/keluar"><input type="hidden" name="tanda" value="{{ token }}"><button>Keluar</button></form></div></details>
</div></header>
<main id="isi">{% block body %}{% endblock %}</main>
</body>
</html>"""  # noqa: E501  # a page, not code

LIST = """{% extends "frame" %}{% block title %}Menunggu Anda{% endblock %}{% block body %}
<div class="head"><h1>{{ unit }}</h1><p>{{ turns|length }} menunggu Anda.</p></div>
<nav class="filters" aria-label="Filter"><a href="/?tampil=giliran" aria-current="true">Menunggu Anda <b>{{ turns|length }}</b></a>
<a href="/?tampil=semua">Semua <b>{{ turns|length }}</b></a></nav>
<table class="fold"><thead><tr><th>Nama</th><th>Status</th><th>Sejak</th></tr></thead><tbody>
{% for case, stage, who, label, days, due in turns %}<tr><td><a href="/kasus/{{ case }}/{{ stage }}"><b>{{ who }}</b></a></td><td><span class="tag mine">{{ label }}</span></td><td class="soft">{{ days }} hari · sampai {{ due }}</td></tr>
{% endfor %}</tbody></table>{% endblock %}"""  # noqa: E501  # a page, not code

FORM = """{% extends "frame" %}{% block title %}Isian{% endblock %}{% block body %}
<div class="head"><h1>Pengembangan Kompetensi</h1></div>
<form method="post" action="/isian" class="sheet"><input type="hidden" name="tanda" value="{{ token }}"><input type="hidden" name="seen" value="{{ seen }}">
{% for n in fields %}<div class="pick count"><label for="f{{ n }}"><b>Kegiatan {{ n }} untuk mengembangkan kompetensi guru</b><span class="weight">8 poin</span></label>
<input type="number" inputmode="numeric" min="0" max="99" name="f{{ n }}" id="f{{ n }}" value="{{ data.get('f%d' % n, '') }}"><span class="soft">Mengikuti atau menjalankan kegiatan ini satu kali dalam satu semester.</span></div>
{% endfor %}<div class="actions"><button>Lanjut</button><button class="quiet">Simpan Draf</button><span id="tersimpan">{{ saved }}</span></div></form>{% endblock %}"""  # noqa: E501  # a page, not code


def connect(path: Path) -> sqlite3.Connection:
    """With the settings ours has."""
    made = sqlite3.connect(path, isolation_level=None, timeout=10)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=1", "cache_size=-8000"):
        made.execute(f"PRAGMA {pragma}")
    return made


def fill(path: Path, rows: int, people: int) -> list[str]:
    """A database with one head's list of so many rows and drafts of so many people; answers a cookie for each."""
    db = connect(path)
    db.executescript(TABLES)
    now = datetime.now(UTC).isoformat(" ")
    tokens = [secrets.token_urlsafe(32) for _ in range(people + 1)]
    for person, token in enumerate(tokens):
        who = "Pak Kepala" if not person else f"Bu Guru {person}"
        db.execute(
            "INSERT INTO session VALUES (?, ?, ?, ?, ?)", (_hash(token), person, who, "SD Negeri Tolok Ukur", now)
        )
        data = json.dumps({f"f{n}": n for n in range(1, FIELDS + 1)})
        db.execute("INSERT INTO draft VALUES (?, 'isian', 1, ?, ?)", (person, data, now))
    for n in range(rows):
        line = (
            0,
            secrets.token_hex(6),
            "perencanaan",
            f"Guru Contoh {n:02d}, S.Pd.",
            "Periksa rencana",
            now,
            "31 Maret",
        )
        db.execute(
            "INSERT INTO turn (head, case_id, stage, name, label, since, due) VALUES (?, ?, ?, ?, ?, ?, ?)", line
        )
    db.close()
    return tokens


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make() -> Flask:
    """The application of the database that BARE_DATABASE names."""
    app = Flask("bare", static_folder=None, template_folder=None)
    app.jinja_loader = DictLoader({"frame": FRAME, "list": LIST, "form": FORM})  # type: ignore[assignment]  # Flask's stub is narrower
    app.jinja_env.autoescape = True
    path, kept = Path(os.environ["BARE_DATABASE"]), threading.local()

    def db() -> sqlite3.Connection:
        if not hasattr(kept, "db"):
            kept.db = connect(path)
        found: sqlite3.Connection = kept.db
        return found

    @app.before_request
    def enter() -> Any:
        token = request.cookies.get(COOKIE, "")
        found = db().execute("SELECT person, name, unit FROM session WHERE id = ?", (_hash(token),)).fetchone()
        if found is None:
            return ("", 200) if request.path == "/masuk" else redirect("/masuk")
        g.person, g.name, g.unit = found
        return None

    @app.get("/")
    def show() -> str:
        now = datetime.now(UTC)
        turns = [
            (case, stage, who, label, (now - datetime.fromisoformat(since)).days, due)
            for case, stage, who, label, since, due in db().execute(
                "SELECT case_id, stage, name, label, since, due FROM turn WHERE head = ? ORDER BY since, id LIMIT 100",
                (g.person,),
            )
        ]
        return render_template("list", turns=turns, unit=g.unit, name=g.name, token=secrets.token_hex(16))

    @app.get("/isian")
    def form() -> str:
        revision, data, saved = db().execute(
            "SELECT revision, data, saved_at FROM draft WHERE person = ? AND step = 'isian'", (g.person,)
        ).fetchone()  # fmt: skip
        return render_template(
            "form", fields=range(1, FIELDS + 1), data=json.loads(data), seen=revision, saved=saved, name=g.name,
            token=secrets.token_hex(16),
        )  # fmt: skip

    @app.post("/isian")
    def save() -> Response:
        seen = int(request.form["seen"])
        data = json.dumps({key: value for key, value in request.form.items() if key.startswith("f")})
        touched = db().execute(
            "UPDATE draft SET data = ?, saved_at = ?, revision = revision + 1 "
            "WHERE person = ? AND step = 'isian' AND revision = ?",
            (data, datetime.now(UTC).isoformat(" "), g.person, seen),
        ).rowcount  # fmt: skip
        if not touched:
            return Response("", 409)
        return Response(f'<span id="tersimpan">Tersimpan<input type="hidden" name="seen" value="{seen + 1}"></span>')

    return app
