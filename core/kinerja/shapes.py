"""Whether what a plugin's function answered is what its contract says, before anything is made of it.

Only the types are looked at, one level into each list: a wrong answer is the plugin's fault, named as such, and never
a broken page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from kinerja.contracts import Fact, Field, FieldKind, Form, Item, Option, StageProjection, State, StepProjection, Task

KINDS = frozenset(get_args(FieldKind))


def sound(value: Any, kind: type) -> bool:
    """Say whether a value is of a contract's kind and its lists hold what they should."""
    if not isinstance(value, kind):
        return False
    if isinstance(value, Form):
        return _form(value)
    if isinstance(value, StepProjection):
        return _all(value.items, Item) and _all(value.facts, Fact)
    if isinstance(value, StageProjection):
        state = value.state is None or isinstance(value.state, State)
        return state and _all(value.tasks, Task) and _all(value.facts, Fact)
    return True


def _form(form: Any) -> bool:
    return _all(form.fields, Field) and all(map(_field, form.fields)) and isinstance(form.initial, Mapping)


def _all(values: Any, kind: type) -> bool:
    return isinstance(values, tuple) and all(isinstance(one, kind) for one in values)


def _field(field: Any) -> bool:
    pairs = isinstance(field.pairs, tuple) and all(isinstance(one, tuple) and len(one) == 2 for one in field.pairs)
    return field.kind in KINDS and pairs and _all(field.options, Option) and _all(field.rows, Option)
