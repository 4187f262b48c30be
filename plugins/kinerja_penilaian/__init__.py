"""Judging: two ratings become a predicate by the scheme's own matrix, for a part of the year and for the year."""

from __future__ import annotations

from collections.abc import Iterable

from kinerja import Change, Stage, Step, hookimpl
from kinerja_penilaian import guard, rating, stage, yearly


@hookimpl
def register_stages() -> Iterable[Stage]:
    return stage.STAGES


@hookimpl
def register_steps() -> Iterable[Step]:
    return [rating.STEP, yearly.STEP]


@hookimpl
def before_transition(change: Change) -> str | None:
    """A low rating, or a yearly one that departs from what its parts agree on, needs a reason."""
    return guard.objection(change)
