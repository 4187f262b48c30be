"""The execution stage, from the preparation of an observation to reflection, and a school's readiness under a Plt."""

from __future__ import annotations

from collections.abc import Iterable

from kinerja import Change, Stage, Step, hookimpl
from kinerja_pelaksanaan import follow_up, observation, preparation, readiness, reflection, stage


@hookimpl
def register_stages() -> Iterable[Stage]:
    return [stage.STAGE, readiness.STAGE]


@hookimpl
def register_steps() -> Iterable[Step]:
    return [
        preparation.STEP,
        observation.STEP,
        follow_up.DISCUSSION,
        follow_up.EFFORT,
        reflection.PRACTICE,
        reflection.COMPETENCE,
        readiness.STEP,
    ]


@hookimpl
def before_transition(change: Change) -> str | None:
    """A confirmation as Plt. must end on or after the day it begins, and not before today."""
    return readiness.objection(change)
