"""The one closed language of conditions, as it stands in TOML.

`{ field = [values], … }` holds when every named field has one of its values. `semua`, `salah_satu` take lists of
conditions, `bukan` one condition. There are no expressions in strings, so a condition can be checked when it is read.
"""

from __future__ import annotations

from collections.abc import Mapping

from kinerja.contracts import CaseView, Condition, Fact, Json


def check(condition: Json, where: str) -> Condition:
    """Give it back, or raise ValueError, naming the place, when this is not a condition. Called while a scheme is
    compiled."""
    if not isinstance(condition, Mapping):
        raise ValueError(f"{where}: syarat harus berupa {{ nama = [nilai] }}")
    for key, value in condition.items():
        if key in ("semua", "salah_satu"):
            if not isinstance(value, list):
                raise ValueError(f"{where}: «{key}» harus berisi daftar syarat")
            for one in value:
                check(one, where)
        elif key == "bukan":
            check(value, where)
        elif not isinstance(value, list):
            raise ValueError(f'{where}: «{key}» harus berisi daftar nilai, misalnya ["{value}"]')
    return condition


def holds(condition: Condition, fields: Mapping[str, Json]) -> bool:
    """Say whether a checked condition holds for these fields. A field that is absent has no value and matches none."""
    return all(_holds(key, value, fields) for key, value in condition.items())


def _holds(key: str, value: Json, fields: Mapping[str, Json]) -> bool:
    match key:
        case "semua":
            return all(holds(one, fields) for one in value)
        case "salah_satu":
            return any(holds(one, fields) for one in value)
        case "bukan":
            return not holds(value, fields)
        case _:
            return fields.get(key) in value


def fields_of(case: CaseView, facts: Mapping[str, Fact]) -> dict[str, Json]:
    """What conditions may ask of a case: its profile, traits of who stands in a relation to it, and these facts."""
    values: dict[str, Json] = dict(case.profile)
    for relation, holder in case.holders.items():
        told = {"acting": holder.acting, "peran": holder.role, "penugasan": holder.kind}
        values |= {f"{relation}.{trait}": value for trait, value in told.items()}
    return values | {f"fakta.{fact.name}": fact.value for fact in facts.values()}
