"""Why somebody cannot sign in, for everybody: the causes with who mends them, and whom to ask at one's own school."""

from __future__ import annotations

from flask import Blueprint, Response, g

from kinerja import units
from kinerja_office import requests
from kinerja_web import gate
from kinerja_web.hooks import public
from kinerja_web.htmx import page, request

pages = Blueprint("help", __name__)

CAUSES = "bantuan-masuk"
"""The kind of content that lists why somebody cannot sign in: each entry with `siapa` and `lakukan`."""
DIGITS = 8


@pages.get("/bantuan")
@public
def show() -> Response:
    """Answers the same way, by the same statements, whether or not a number is known."""
    kernel = gate.the_kernel()
    typed = "".join(request.args.get("npsn", "")[:100].split())
    problem, unit = "", None
    if typed:
        right = len(typed) == DIGITS and typed.isascii() and typed.isdigit()
        unit = units.by_npsn(typed if right else "-")
        if not right:
            problem = f"NPSN terdiri dari {DIGITS} angka. Periksa lagi, misalnya di papan nama atau kop surat sekolah."
        elif unit is None:
            problem = (
                "Sekolah dengan NPSN itu belum terdaftar di sini. Periksa angkanya, atau hubungi Dinas Pendidikan Anda."
            )
    keepers = requests.keepers(kernel, unit.line if unit else (), g.clock.now()) if typed else []
    causes = kernel.references.get(CAUSES)
    return page(
        "kinerja/bantuan.html", status=422 if problem else 200, typed=typed[:20], problem=problem, unit=unit,
        keepers=keepers, causes=causes.entries if causes else (),
    )  # fmt: skip
