"""Compile one year's rules from TOML to a `Scheme` value. Every mistake is one ValueError that names its place.

Which keys there are stands in `rules/scheme.py`; here is what one part of a file must know of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.resources import files

from kinerja.contracts import Json, PeriodRule, Scheme, Window
from kinerja.rules.reader import Reader, load
from kinerja.rules.scheme import SCHEME
from kinerja.rules.scheme import UNIT as UNIT
from kinerja.rules.scheme import WARNINGS as WARNINGS
from kinerja.rules.shapes import LAST_YEAR as LAST_YEAR


def compile_scheme(raw: Mapping[str, Json], where: str, older: bool = False) -> Scheme:
    """Make the value, checking shape and every name the file itself must know. Names of plugins' stages and steps
    are checked where a snapshot is made, since a scheme may name what is not installed. Keys that are not declared
    are refused, unless the rules come from an `older` release."""
    scheme = Scheme(**Reader(older).read(SCHEME, raw, where), raw=raw)
    _check_relations(scheme, where)
    _check_names(scheme, where)
    return scheme


def read_scheme(package: str, name: str = "skema.toml") -> Scheme:
    """Compile the scheme file of a plugin's own package, for plugins with code; a mistake raises ValueError naming file
    and place. A folder without code needs not even this."""
    where = f"{package}/{name}"
    return compile_scheme(load(files(package) / name, where), where)


def _check_relations(scheme: Scheme, where: str) -> None:
    for role, relations in scheme.relations.items():
        order = list(relations)
        for n, (relation, rules) in enumerate(relations.items()):
            strange = [rule.role for rule in rules if rule.place == "ikut" and rule.role not in order[:n]]
            if strange:
                at = f"{where} [hubungan].{role}.{relation}"
                raise ValueError(f"{at}: «{strange[0]} @ ikut» harus hubungan yang ditulis di atasnya")


def _check_names(scheme: Scheme, where: str) -> None:
    keys, ids = [period.key for period in scheme.periods], [stage.id for stage in scheme.stages]
    for what, names in (("periode", keys), ("tahap", ids)):
        if len(set(names)) != len(names):
            raise ValueError(f"{where}: dua {what} bernama sama")
    for period in scheme.periods:
        named = [("periode", name, keys) for name in (period.parent, period.follows) if name]
        for what, name, known in named + [("tahap", name, ids) for name in period.stages]:
            if name not in known:
                raise ValueError(f"{where}: periode {period.key} menyebut {what} «{name}» yang tidak ada")


def window_days(window: Window, year: int) -> tuple[date, date]:
    """The first and last day of a window in a period's year."""
    return window.opens.within(year), window.closes.within(year)


def period_days(rule: PeriodRule, year: int) -> tuple[date, date, date]:
    """First day, last day and the day after which nothing more is written."""
    return rule.starts.within(year), rule.ends.within(year), rule.closes.within(year)
