"""The page `/p/siasn/`: what was sent to BKN for the viewer's unit and all below it, and what became of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, g, render_template

import kinerja_read as read
from kinerja import day_text

pages = Blueprint("siasn", __name__)
HELD = 500
"""How many of those that wait for something are listed at most."""

WORDS = {
    "waiting": ("Menunggu dikirim", "wait"),
    "again": ("Menunggu dikirim", "wait"),
    "accepted": ("Diterima BKN", "good"),
    "refused": ("Ditolak BKN", "bad"),
    "stop": ("Tertahan", "bad"),
    "replaced": ("Diganti kiriman baru", ""),
}
"""What the page says for each state of a message, with its tone (glossary row 79)."""


@pages.get("/")
def show() -> str:
    """What waits for something first, the longest on top, then the newest messages; only for those who may read the cases
    there, others see empty lists."""
    held = read.messages_below(g.viewer, "siasn", g.viewer.line, HELD, held=True)
    lines = read.messages_below(g.viewer, "siasn", g.viewer.line)
    return render_template(
        "siasn/daftar.html",
        held=[(line, day_text(line.created_at.astimezone(ZoneInfo(line.zone)).date())) for line in held],
        full=len(held) == HELD,
        lines=[(line, *WORDS.get(line.state, WORDS["waiting"])) for line in lines],
    )
