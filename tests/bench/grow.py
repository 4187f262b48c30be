"""A small world made large by statements: all that lies at and below one unit, copied many times beside it.

What is copied is as the kernel wrote it, with other ids and numbers; so pages and workers meet what they would meet in a
nation, without weeks of planning. Nothing is copied of the log, of messages, timers and sessions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import peewee

from kinerja import database
from kinerja.models import (
    LEVELS,
    Assignment,
    Case,
    Edition,
    FactRow,
    Identity,
    ItemRow,
    Part,
    Person,
    PersonId,
    PersonValue,
    Progress,
    Relation,
    Revision,
    Signature,
    TaskRow,
    Unit,
)
from kinerja.models.tables import TABLES

CASES = "case_id IN (SELECT id FROM grow_cases)"
PEOPLE = "person_id IN (SELECT id FROM grow_person)"
COPIED: dict[type[peewee.Model], str] = {
    Unit: "",
    Assignment: "unit_id IN (SELECT id FROM grow_unit)",
    Person: "id IN (SELECT person_id FROM grow_assignment)",
    Case: "unit_id IN (SELECT id FROM grow_unit)",
    PersonId: PEOPLE,
    PersonValue: PEOPLE,
    Identity: PEOPLE,
    Relation: CASES,
    Progress: CASES,
    Signature: CASES,
    Edition: CASES,
    Part: CASES,
    Revision: "part_id IN (SELECT id FROM grow_part)",
    ItemRow: CASES,
    FactRow: CASES,
    TaskRow: CASES,
}
"""What is copied, and which rows of it, in the order in which they are looked for."""
OTHERWISE = {
    "unit": ("code", "npsn"), "person_id": ("value",), "identity": ("subject",), "cases": ("id", "previous"),
}  # fmt: skip
"""Texts that stand once: each copy has its number behind it."""
POINTS = {**{f"a{n}": "unit" for n in range(LEVELS)}, "author": "person", "by": "person"}
"""Columns that hold an id without being a foreign key, and of what it is."""


def grow(root: Unit, times: int, sign: str = "-", told: Callable[[str], object] = lambda what: None) -> None:
    """Copy what is at and below a unit so many times, each copy beside it; *sign* stands before the number of the copy
    in all that has to differ, another one each time something is grown."""
    tables: list[Any] = [model._meta for model in COPIED]  # type: ignore[attr-defined]  # peewee makes it
    with database.proxy.atomic():
        for model, meta in zip(COPIED, tables, strict=True):
            where = COPIED[model] or f"a{root.depth} = {root.id}"
            database.run(f"DROP TABLE IF EXISTS grow_{meta.table_name}")
            database.run(f"CREATE TEMP TABLE grow_{meta.table_name} AS SELECT * FROM {meta.table_name} WHERE {where}")
        steps = {
            meta.table_name: database.rows(
                f"SELECT coalesce(max({meta.primary_key.column_name}), 0) FROM {meta.table_name}"
            )[0][0]
            for meta in tables
            if isinstance(meta.primary_key, peewee.AutoField)
        }
        for model in [one for one in TABLES if one in COPIED]:  # what is referred to comes first there
            told(model._meta.table_name)
            _copy(model._meta, steps, times, sign)
    _settle(list(steps))


def _copy(meta: Any, steps: dict[str, int], times: int, sign: str) -> None:
    name = meta.table_name
    columns = [one.column_name for one in meta.sorted_fields]
    values = ", ".join(_value(meta, one, steps, sign) for one in meta.sorted_fields)
    copies = (
        f"(WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {times}) SELECT k FROM n)"
        if database.is_sqlite()
        else f"(SELECT k FROM generate_series(1, {times}) AS k)"
    )
    quoted = ", ".join(f'"{one}"' for one in columns)
    database.run(f"INSERT INTO {name} ({quoted}) SELECT {values} FROM grow_{name} g, {copies} n ORDER BY n.k")


def _value(meta: Any, field: Any, steps: dict[str, int], sign: str) -> str:
    """A column of a copy: ids move by as much as there were ids, and with them what refers to something that is copied."""
    name, column = meta.table_name, field.column_name
    mine = f'g."{column}"'
    if field is meta.primary_key and name in steps:
        return f"{mine} + n.k * {steps[name]}"
    if (name, column) == ("cases", "chain"):  # as `periods.chain_of` makes it, so that what opens later finds its year
        who, where = (_value(meta, meta.fields[one], steps, sign) for one in ("person", "unit"))
        year = "(SELECT p.scheme || '/' || p.year || '/' FROM period p WHERE p.id = g.period_id)"
        return f"{year} || ({who}) || CASE WHEN g.counts THEN '' ELSE '/' || ({where}) || '/' || g.role END"
    if column in OTHERWISE.get(name, ()):
        return f"{mine} || '{sign}' || n.k"
    to = field.rel_model._meta.table_name if isinstance(field, peewee.ForeignKeyField) else POINTS.get(column)
    if to == "cases":
        return f"{mine} || '{sign}' || n.k"
    if to in steps:
        return f"CASE WHEN {mine} IN (SELECT id FROM grow_{to}) THEN {mine} + n.k * {steps[to]} ELSE {mine} END"
    return mine


def _settle(names: list[str]) -> None:
    """Let ids go on after the copies, and the engine know how much there is."""
    if not database.is_sqlite():
        for name in names:
            database.rows(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
    database.run("ANALYZE")
