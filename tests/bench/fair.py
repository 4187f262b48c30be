"""The limit ours is measured against: a list, a form and its autosave written by hand in Flask, Jinja and sqlite3.

They stand on Kinerja's own database and show what its pages show, word for word (`differences` looks). What a visitor is
owed stays: the session and its end, posts that hold today, masked tokens, the origin of what is sent, the headers, and at
a save the relation, the period and the revision. What is left out is what makes Kinerja general: contents and rules are
written down here, no plugin is asked, and no page but these three can be drawn.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import secrets
import sqlite3
import threading
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, g, redirect, render_template, request
from jinja2 import FileSystemLoader

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[1] / "plugins" / "kinerja_skema_2024" / "katalog_kompetensi.toml"
LEAST, MOST = 32, 128
EXAMPLE = (
    ("Peserta pelatihan mandiri", "2 × 8 = 16 poin"),
    ("Partisipan observasi praktik pembelajaran bersama rekan sejawat", "1 × 8 = 8 poin"),
    ("Peserta berbagi praktik baik komunitas belajar", "2 × 4 = 8 poin"),
    ("Jumlah", "32 poin, minimal 32"),
)
STEP = "kompetensi-katalog"
STEPS = (
    ("cek-data", "Periksa data diri"),
    ("praktik", "Praktik Kinerja"),
    (STEP, "Pengembangan Kompetensi"),
    ("tugas-tambahan", "Tugas Tambahan"),
    ("perilaku", "Perilaku Kerja"),
    ("rangkuman", "Rangkuman"),
)
ROLES = {"kepala-sekolah": "Kepala Sekolah", "guru": "Guru"}
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli",
    "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Accept-Encoding, HX-Request",
}

VISITOR = """
SELECT s.person_id, s.assignment_id, s.csrf, s.seen_at, n.name, n.title_front, n.title_back, n.sex,
    (SELECT value FROM setting WHERE name = 'demo_offset'), a.id, a.role, a.since, a.until, u.name, u.zone,
    EXISTS (SELECT 1 FROM relation r WHERE r.assignment_id = a.id)
FROM session s JOIN person n ON n.id = s.person_id
LEFT JOIN assignment a ON a.person_id = n.id LEFT JOIN unit u ON u.id = a.unit_id
WHERE s.id = ? ORDER BY a.home DESC, a.since, a.id
"""
MINE = """
relation r WHERE r.person_id = :person AND r.assignment_id = :assignment
    AND :today BETWEEN r.since AND coalesce(r.until, '9999-12-31')
"""
TURNS = f"""
SELECT t.case_id, t.stage, t.label, t.several, t.since, t.due, t.sentence, p.label, u.name,
    n.name, n.title_front, n.title_back
FROM (SELECT r.case_id, r.kind FROM {MINE}) m
JOIN task t ON t.case_id = m.case_id AND t.relation = m.kind JOIN cases c ON c.id = t.case_id
JOIN period p ON p.id = c.period_id JOIN unit u ON u.id = c.unit_id LEFT JOIN person n ON n.id = c.person_id
WHERE t.asked AND t.kind <> 'macet' AND (t.opens IS NULL OR t.opens <= :today) ORDER BY t.since, t.id LIMIT 100
"""
COUNTS = f"""
SELECT c.at_label, count(*) FROM cases c WHERE c.id IN (SELECT r.case_id FROM {MINE}) AND c.closed_at IS NULL
    AND (c.begun OR EXISTS (SELECT 1 FROM task t JOIN relation r ON r.case_id = t.case_id AND r.kind = t.relation
        WHERE t.case_id = c.id AND t.asked AND r.assignment_id = :assignment))
GROUP BY c.at_label ORDER BY 2 DESC, 1
"""
PARTS = """
SELECT p.step, p.revision, p.draft, p.draft_at, d.label
FROM cases c JOIN period d ON d.id = c.period_id
JOIN part p ON p.case_id = c.id AND p.stage = 'perencanaan' AND p.author = :person
WHERE c.id = :case AND EXISTS (SELECT 1 FROM relation r WHERE r.case_id = c.id AND r.person_id = :person
    AND r.kind = 'pegawai' AND :today BETWEEN r.since AND coalesce(r.until, '9999-12-31'))
"""
SAVE = """
UPDATE part SET draft = :draft, draft_at = :now, revision = revision + 1
WHERE case_id = :case AND stage = 'perencanaan' AND step = :step AND author = :person AND revision = :seen
    AND draft IS NOT NULL AND EXISTS (
        SELECT 1 FROM relation r JOIN cases c ON c.id = r.case_id JOIN period p ON p.id = c.period_id
        WHERE r.case_id = part.case_id AND c.closed_at IS NULL AND p.closes >= :today AND r.person_id = :person
            AND r.assignment_id IS NULL AND r.kind = 'pegawai'
            AND :today BETWEEN r.since AND coalesce(r.until, '9999-12-31'))
"""


@dataclass(slots=True)
class Me:
    """The visitor, from one statement."""

    person: int
    assignment: int | None
    csrf: str
    name: str
    address: str
    role: str
    unit: str
    zone: ZoneInfo
    now: datetime
    posts: list[tuple[int, str, str]]

    @property
    def bound(self) -> dict[str, Any]:
        """What every statement asks by."""
        return {"person": self.person, "assignment": self.assignment, "today": self.now.date().isoformat()}


def make() -> Flask:
    """The application over the database that FAIR_DATABASE names."""
    app = Flask("fair", static_folder=None, template_folder=None)
    app.jinja_loader = FileSystemLoader(HERE / "templates")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(token=token, key=lambda: secrets.token_hex(12))
    path, kept, options = os.environ["FAIR_DATABASE"], threading.local(), catalogue()

    def ask(statement: str, values: Any) -> sqlite3.Cursor:
        if not hasattr(kept, "db"):
            kept.db = sqlite3.connect(path, isolation_level=None, timeout=10)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=1", "cache_size=-8000"):
                kept.db.execute(f"PRAGMA {pragma}")
        found: sqlite3.Cursor = kept.db.execute(statement, values)
        return found

    @app.before_request
    def enter() -> Any:
        token = hashlib.sha256(request.cookies.get("kinerja", "").encode()).hexdigest()
        g.me = visitor(ask(VISITOR, (token,)).fetchall())
        if g.me is None:
            return ("", 200) if request.path == "/masuk" else redirect("/masuk")
        return Response("", 403) if request.method == "POST" and forged() else None

    @app.after_request
    def leave(response: Response) -> Response:
        if request.method == "GET":
            response.headers.update(HEADERS)
        return response

    @app.get("/")
    def show() -> str:
        me, turns, several = g.me, [], dict[tuple[str, str, str], int]()
        rows = ask(TURNS, me.bound).fetchall()
        for case, stage, label, row, since, due, sentence, _, unit, name, front, back in rows:
            who = full_name(name, front, back) if name else unit
            turns.append((case, stage, who, label, ago(since, me), day(due, me), sentence))
            if row:
                several[stage, row, label] = several.get((stage, row, label), 0) + 1
        counts = ask(COUNTS, me.bound).fetchall()
        return render_template(
            "list.html", me=me, home=True, demo=demo(me), turns=turns, counts=counts,
            oldest=turns[0][4] if turns else "", periods=dict.fromkeys(row[7] for row in rows),
            several=[(*key, n) for key, n in several.items() if n > 1], total=sum(n for _, n in counts),
        )  # fmt: skip

    @app.get(f"/kasus/<case>/perencanaan/{STEP}")
    def form(case: str) -> Any:
        me = g.me
        rows = {row[0]: row for row in ask(PARTS, {**me.bound, "case": case})}
        if STEP not in rows:
            return Response("", 404)
        _, seen, draft, at, period = rows[STEP]
        told = json.loads(draft)["rhk"]
        saved = datetime.fromisoformat(at).replace(tzinfo=UTC).astimezone(me.zone)
        return render_template(
            "form.html", me=me, home=False, demo=demo(me), case=case, period=period,
            url=f"/kasus/{case}/perencanaan/{STEP}", options=options, told=told, seen=seen, example=EXAMPLE,
            steps=[(id, label, id == STEP, id != STEP and id in rows) for id, label in STEPS],
            sum=sum(option[2] * told.get(option[0], 0) for option in options), least=LEAST, most=MOST,
            saved=f"{saved:%H.%M} WIB",
        )  # fmt: skip

    @app.post(f"/kasus/<case>/perencanaan/{STEP}/draft")
    def save(case: str) -> Response:
        me, sent = g.me, request.form
        told = {key[8:]: int(value) for key, value in sent.items() if key.startswith("qty:rhk:") and value.strip()}
        values = {
            **me.bound, "case": case, "step": STEP, "seen": int(sent["seen"]), "draft": json.dumps({"rhk": told}),
            "now": me.now.astimezone(UTC).replace(tzinfo=None).isoformat(" "),
        }  # fmt: skip
        if not ask(SAVE, values).rowcount:
            return Response("", 409)
        seen = f'<input type="hidden" form="isian" name="seen" value="{values["seen"] + 1}">'
        return Response(f'<span id="tersimpan">Tersimpan {me.now:%H.%M} WIB{seen}</span>')

    return app


def catalogue() -> list[tuple[str, str, int, str, bool]]:
    """The options of the form: id, label, points, what is said of it, whether it is provisional."""
    made = []
    for one in tomllib.loads(CATALOGUE.read_text("utf-8"))["butir"]:
        unit, proof = one.get("satuan", ""), one.get("bukti", "")
        about = f"{unit}. Bukti Dukung: {proof}" if unit and proof else unit
        made.append((one["id"], one["label"], one["poin"], about, one.get("provisional", False)))
    return made


def visitor(rows: list[Any]) -> Me | None:
    """Who holds the session of these rows, one a post; None where nobody may use it any more."""
    if not rows:
        return None
    person, chosen, csrf, seen, name, front, back, sex, offset = rows[0][:9]
    real = datetime.now(UTC)
    if real - datetime.fromisoformat(seen).replace(tzinfo=UTC) > timedelta(hours=12):
        return None
    zone = ZoneInfo(rows[0][14] or "Asia/Jakarta")
    now = (real + timedelta(seconds=offset)).astimezone(zone)
    today = now.date().isoformat()
    held = [row for row in rows if row[9] and row[11] <= today <= (row[12] or "9999-12-31")]
    at = next((row for row in held if row[9] == chosen), held[0])
    posts = [(row[9], ROLES[row[10]], row[13]) for row in held if row[15]]
    address = f"{'Bu' if sex == 'P' else 'Pak'} {name.split()[0]}"
    return Me(person, chosen, csrf, full_name(name, front, back), address, ROLES[at[10]], at[13], zone, now, posts)


def forged() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    return not secrets.compare_digest(unmasked(request.form.get("tanda", "")), g.me.csrf)


def token() -> str:
    if "token" not in g:
        g.token = masked(g.me.csrf)
    return str(g.token)


def masked(token: str) -> str:
    pad = secrets.token_bytes(len(token) // 2)
    return pad.hex() + bytes(a ^ b for a, b in zip(pad, bytes.fromhex(token), strict=True)).hex()


def unmasked(text: str) -> str:
    raw = bytes.fromhex(text)
    half = len(raw) // 2
    return bytes(a ^ b for a, b in zip(raw[:half], raw[half:], strict=True)).hex()


def full_name(name: str, front: str, back: str) -> str:
    whole = f"{front} {name}" if front else name
    return f"{whole}, {back}" if back else whole


def demo(me: Me) -> str:
    return f"{me.now.day} {MONTHS[me.now.month - 1]} {me.now.year}"


def day(text: str | None, me: Me) -> str:
    if not text:
        return ""
    found = date.fromisoformat(text)
    year = f" {found.year}" if found.year != me.now.year else ""
    return f"{found.day} {MONTHS[found.month - 1]}{year}"


def ago(text: str, me: Me) -> str:
    days = (me.now.date() - datetime.fromisoformat(text).replace(tzinfo=UTC).astimezone(me.zone).date()).days
    return "hari ini" if days <= 0 else "kemarin" if days == 1 else f"{days} hari"


class Shown(HTMLParser):
    """What a page shows, in order: its words, and what stands in its inputs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "input" and told.get("type") != "hidden":
            self.words.append(f"[{told.get('name')}={told.get('value')}]")

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def differences(ours: str, fair: str) -> list[str]:
    """The words that only one of two pages shows, with + for those of the fair one alone."""
    compared = difflib.ndiff(Shown(ours).words, Shown(fair).words)
    return [line for line in compared if line[0] in "+-"]
