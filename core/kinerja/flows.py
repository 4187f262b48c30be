"""The table of a stage as its scheme uses it: which flow, and which rows of it stand."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import conditions
from kinerja.contracts import SYSTEM, Flow, Json, Stage, StageRule, State, Transition
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded


def several_row(
    flow: Flow, rule: StageRule, fields: Mapping[str, Json], state: State, adjusted: bool
) -> Transition | None:
    """The row of a stage that the scheme lets be taken for many cases at once."""
    here = (row for row in flow.transitions if row.source == state.id and stands(rule, row, adjusted, fields))
    return next((row for row in here if _switched(rule, row.several, fields)), None)


def _switched(rule: StageRule, name: str, fields: Mapping[str, Json]) -> bool:
    """Whether the scheme has a condition under this switch, and the condition holds."""
    condition = rule.switches.get(name) if name else None
    return isinstance(condition, Mapping) and conditions.holds(condition, fields)


def stands(rule: StageRule, row: Transition, adjusted: bool, fields: Mapping[str, Json]) -> bool:
    """Whether the scheme's switches, what was adjusted and the case itself let a row stand in the table at all."""
    if row.switch is not None and rule.switches.get(row.switch[0]) not in row.switch[1]:
        return False
    return (row.adjusted is None or row.adjusted == adjusted) and conditions.holds(row.when, fields)


def flow_of(kernel: Kernel, rule: StageRule) -> tuple[Stage, Flow] | None:
    """The installed stage and the flow a scheme's rule uses, or None when the plugin is not here."""
    stage = kernel.host.registry.stages.get(rule.id)
    return (stage, stage.flows[rule.flow]) if stage and rule.flow in stage.flows else None


def system_row(
    flow: Flow, rule: StageRule, source: str, adjusted: bool, fields: Mapping[str, Json]
) -> Transition | None:
    """The row the system itself takes from a state of a stage, where the scheme's condition for it holds."""
    here = (row for row in flow.transitions if row.source == source and stands(rule, row, adjusted, fields))
    return next((row for row in here if row.by == SYSTEM and _switched(rule, row.auto, fields)), None)


def step_label(kernel: Kernel, seen: Loaded, stage: str, step: str) -> str:
    """What a step is called in a case: by the scheme, else by its plugin, else by its id."""
    known = kernel.host.registry.steps.get(step)
    return seen.step_label(stage, step) or (known.label if known else step)
