"""The planning stage and its steps. A scheme says which steps stand in its plan, in which order and by which rules."""

from __future__ import annotations

from collections.abc import Iterable

from kinerja import Stage, Step, hookimpl
from kinerja_perencanaan import (
    arahan,
    behaviour,
    check_data,
    competence,
    core_duties,
    duties,
    practice,
    recommendation,
    stage,
    summary,
)


@hookimpl
def register_stages() -> Iterable[Stage]:
    return [stage.STAGE]


@hookimpl
def register_steps() -> Iterable[Step]:
    return [
        check_data.STEP,
        practice.STEP,
        competence.STEP,
        duties.STEP,
        behaviour.STEP,
        core_duties.STEP,
        summary.STEP,
        arahan.STEP,
        recommendation.STEP,
    ]
