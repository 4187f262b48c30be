"""Cells of a spreadsheet as text, as words to compare, and as a score.

Source: the project's integration notes 5.1 (decimal comma, scores as text or number).
"""

from __future__ import annotations

import re
from typing import Any

LONGEST = 200
"""Characters kept of one cell; a definition pasted into the wrong cell must not fill a page."""


def text(cell: Any) -> str:
    """A cell as one line of text; a whole number without its .0, as an NPSN is stored («99990101.0»)."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    found = "".join(sign if sign.isprintable() else " " for sign in str(cell))
    return " ".join(found.split())[:LONGEST]


def plain(words: str) -> str:
    """A text as it is compared, without case and signs: «Nilai  Capaian:» → nilai capaian."""
    return " ".join(re.findall(r"[^\W_]+", words.casefold()))


def within(part: str, whole: str) -> bool:
    """Whether the words of `part` stand together in `whole`; both as `plain` gives them."""
    return f" {part} " in f" {whole} "


def number(cell: Any) -> float | None:
    """A score from a number or from text with a decimal comma or point and perhaps a percent sign; None if it is none."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    found = re.fullmatch(r"(-?\d{1,6})(?:[.,](\d{1,12}))?\s*%?", text(cell))
    return float(f"{found[1]}.{found[2] or 0}") if found else None


def shown(score: float) -> str:
    """A score as people write it, with a comma and two digits: 54.2 → 54,20."""
    return f"{score:.2f}".replace(".", ",")


def thousands(count: int) -> str:
    """A count with dots: 50000 → 50.000."""
    return f"{count:,}".replace(",", ".")
