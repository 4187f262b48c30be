"""Match Dapodik's words and numbers with the reference lists of a region.

Dapodik's texts are steadier than its numbers, which are only partly known; so a text is tried first.
Source: the project's integration notes 3.5 and 3.7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kinerja import Content, Entry, Json

BLANK = {"", "-", "null", "none"}


def text(row: Mapping[str, Json], key: str) -> str:
    """A cell as text with single blanks and nothing unprintable; empty where Dapodik writes null or a dash."""
    value = row.get(key)
    if value is None or isinstance(value, dict | list):
        return ""
    found = " ".join("".join(sign for sign in str(value) if sign.isprintable() or sign.isspace()).split())
    return "" if found.casefold() in BLANK else found


def plain(words: str) -> str:
    """A text as aliases are compared, without case and signs: «Play-Group  Teacher» → play group teacher."""
    return " ".join(re.findall(r"[^\W_]+", words.casefold()))


def name(words: str) -> str:
    """A person's name; one that Dapodik wrote all in capitals gets ordinary ones («SARI CONTOH» → Sari Contoh)."""
    return re.sub(r"[^\W\d_]+(?:['’`][^\W\d_]+)?", lambda one: one[0].capitalize(), words) if words.isupper() else words


class Lookup:
    """One reference list, indexed once for an import. What two entries claim belongs to the first in the list."""

    def __init__(self, content: Content) -> None:
        self.aliases: dict[str, Entry] = {}
        self.numbers: dict[str, Entry] = {}
        for entry in content.entries:
            for alias in (entry.id, entry.label, entry.data.get("golongan", ""), *entry.data.get("alias", ())):
                self.aliases.setdefault(plain(str(alias)), entry)
            for number in entry.data.get("dapodik", ()):
                self.numbers.setdefault(str(number), entry)

    def find(self, row: Mapping[str, Json], key: str) -> Entry | None:
        """The entry for a cell that Dapodik gives as `key` and `key_str`; None where the list knows neither.

        Some builds put the text into the number's cell, so that cell is tried as a text too.
        """
        words, number = text(row, f"{key}_str"), text(row, key)
        return self.word(words) or self.word(number) or self.numbers.get(number)

    def word(self, words: str) -> Entry | None:
        """The entry that has these words as id, label, rank or alias; None where there is none."""
        return self.aliases.get(plain(words)) if plain(words) else None
