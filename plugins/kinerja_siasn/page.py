"""The page `/p/siasn/`: what was sent to BKN for the viewer's unit and all below it, and what became of it."""

from __future__ import annotations

from flask import Blueprint, g, render_template

import kinerja_read as read

pages = Blueprint("siasn", __name__)

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
    """The newest messages first; only for those who may read the cases there, others see an empty list."""
    lines = read.messages_below(g.viewer, "siasn", g.viewer.line)
    return render_template(
        "siasn/daftar.html", lines=[(line, *WORDS.get(line.state, WORDS["waiting"])) for line in lines]
    )
