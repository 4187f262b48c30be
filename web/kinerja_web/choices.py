"""What a file says of posts that the data do not say, as choices on the page of an import, and what was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import g

from kinerja import access
from kinerja.clock import day_text
from kinerja.contracts import Json, Refusal
from kinerja_office import endings, requests
from kinerja_office.settling import Answer
from kinerja_web import gate

NEW = "catat"
"""The choice of who holds no post yet: nothing of theirs ends, so no reason is asked."""
CHANGES = "ganti"
"""The key of a reason that says what changes for somebody who goes on working."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One question as the page draws it: `ways` are (value, label) of what may be chosen beside leaving it as it is;
    without any, `who` says who may settle it. `last` and `first` are the days the file would give, where it gives any."""

    told: Mapping[str, Json]
    ways: tuple[tuple[str, str], ...]
    who: str
    last: str
    first: str
    begins: str


def reasons() -> tuple[tuple[str, str], ...]:
    """Every reason why a post may end, as (id, label)."""
    return tuple((one.id, one.label) for one in endings.reasons(gate.the_kernel()))


def drawn(told: Sequence[Mapping[str, Any]]) -> list[Choice]:
    """The questions of an import for this visitor."""
    return [_choice(one) for one in told]


def _choice(told: Mapping[str, Any]) -> Choice:
    since = date.fromisoformat(told["since"]) if told["since"] else None
    posts = [*told["own"], *told["others"]]
    if since is not None and any(date.fromisoformat(one["since"]) >= since for one in posts):
        since = None  # the day of a letter from before the present post is not the day of the new one
    may = told["person"] != g.viewer.person and all(g.viewer.may(access.PEOPLE, line) for line in told["lines"])
    ways, who = (_ways(told), "") if may else ((), _keeper(told))
    if since is None:
        return Choice(told, ways, who, "", "", "")
    return Choice(told, ways, who, day_text(since - timedelta(days=1)), day_text(since), since.isoformat())


def _ways(told: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    if not told["own"]:
        return ((NEW, f"Catat sebagai {told['what']}"),)
    fitting = [
        one for one in endings.reasons(gate.the_kernel()) if set(one.data.get(CHANGES, ())) & set(told["changed"])
    ]
    return tuple((one.id, f"Catat sebagai {told['what']}: {one.label}") for one in fitting)


def _keeper(told: Mapping[str, Any]) -> str:
    """Who keeps the people at all units of a question, the nearest first."""
    common = [id for id in told["lines"][0] if all(id in line for line in told["lines"])]
    found = requests.keepers(gate.the_kernel(), common, g.clock.now())
    return next((f"{name}, {role} di {unit}" for name, role, unit in found), "Dinas Pendidikan")


def answers(told: Sequence[Mapping[str, Any]], sent: Mapping[str, str]) -> dict[int, Answer]:
    """What was chosen, by row; nothing for what is left as it is. Refused where a day, a paper or a reason is missing."""
    found = {}
    for choice in drawn(told):
        row = choice.told["row"]
        way = sent.get(f"pilih:{row}", "")
        if not way:
            continue
        if way not in {value for value, _ in choice.ways}:
            raise Refusal("choice", f"{choice.told['who']}: pilihan ini tidak ada lagi. Periksa pilihannya.")
        found[row] = _answer(choice, way, sent)
    return found


def _answer(choice: Choice, way: str, sent: Mapping[str, str]) -> Answer:
    row, who = choice.told["row"], choice.told["who"]
    since, note, other = (sent.get(f"{name}:{row}", "").strip() for name in ("tmt", "sk", "lain"))
    if not note:
        raise Refusal("paper", f"{who}: tulis nomor dan tanggal SK atau Surat Tugas, agar dasarnya jelas.")
    if choice.told["others"] and not other:
        raise Refusal("reason", f"{who}: pilih mengapa jabatan {choice.told['others'][0]['who']} berakhir.")
    try:
        return Answer(date.fromisoformat(since), note, way, other, sent.get(f"lihat:{row}", ""))
    except ValueError as problem:
        raise Refusal("day", f"{who}: isi TMT, tanggal mulai menurut SK.") from problem
