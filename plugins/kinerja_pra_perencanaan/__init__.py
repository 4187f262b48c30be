"""What a school does as a whole before and beside its people's plans: data, team, target behaviours, the beginning."""

from __future__ import annotations

from collections.abc import Iterable

from kinerja import Change, Stage, Step, hookimpl
from kinerja_pra_perencanaan import data_check, opening, stages, targets, team


@hookimpl
def register_stages() -> Iterable[Stage]:
    return [stages.PREPARATION, stages.TEAM, stages.TARGETS, stages.OPENING]


@hookimpl
def register_steps() -> Iterable[Step]:
    return [data_check.STEP, team.STEP, targets.STEP, opening.STEP]


@hookimpl
def before_transition(change: Change) -> str | None:
    """Target behaviours are at most three lines for each indicator, and at least one indicator has some."""
    return targets.objection(change)
