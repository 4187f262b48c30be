"""Read TOML by declared tables: one `Key` says what may stand under a key, one `Table` which keys stand together.

A mistake is one ValueError that names its place. What is not declared is a mistake too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Any

from kinerja.contracts.basics import Json


def load(path: Traversable, name: str) -> dict[str, Json]:
    """What stands in a TOML file; ValueError, beginning with its name, when it cannot be read."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ValueError(f"{name} tidak dapat dibaca ({problem}). Perbaiki berkas itu.") from problem


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand under a key: its name for authors, its types in TOML, and the value of a key that is left out.

    `words` are the only ones allowed, each with what it becomes; `limits` the least and the most of a number; `each`
    is what a list or a table by names holds. `read` makes the value; its ValueError begins with `at`, the place."""

    title: str
    types: type[Any]
    empty: Json = None
    read: Callable[[Any, str], Any] = lambda value, at: value
    words: Mapping[str, str] | None = None
    limits: tuple[int, int] | None = None
    each: Shape | Table | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a TOML: what it is for, what may stand there, and the field of the value that it fills.

    Without `fills` that is the key's own name; without `default` what is left out is empty as its shape says."""

    name: str
    doc: str
    shape: Shape | Table
    fills: str = ""
    must: bool = False
    default: Json = None


@dataclass(frozen=True, slots=True)
class Table:
    """The keys that stand together, and what is made of them.

    `title` is its name for authors, `place` what a sentence adds to the place above, with the names or numbers of the
    tables and lists around it. `make` gets the values by field, and its ValueError the place; without it the table
    stays as it stands. `others` says what further keys are, for whom they are checked elsewhere; without it there are
    none. `named` is the key by which one of several is told, `short` the key that a plain value stands for, `lacks` and
    `unknown` the sentences for a key that has to be there and for one that there is not; of the days in `ordered` none
    comes before the one it follows."""

    title: str
    place: str
    keys: tuple[Key, ...]
    make: Callable[..., Any] | None = None
    others: str = ""
    named: str = ""
    short: str = ""
    lacks: str = "{where}: «{key}» belum ada"
    unknown: str = "{where}: tidak mengenal «{keys}»"
    ordered: tuple[str, ...] = ()
    empty: Json = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads by tables. `older`: what is read was stored by an earlier release, and keys it knew that we do not are
    left out, not refused."""

    older: bool = False

    def read(self, table: Table, raw: Json, where: str, within: str = "") -> Any:
        """The value of a table; ValueError, beginning with *where*, for the first thing that is not as declared.

        `within` is the place of the table that this one is a part of: tables below it are told as that one's own."""
        if table.short and not isinstance(raw, Mapping):
            raw = {table.short: raw}
        if not isinstance(raw, Mapping):
            raise ValueError(f"{where}: harus berupa tabel")
        if isinstance(raw.get(table.named), str):
            where = f"{where} {raw[table.named]}"
        found = self._keys(table, raw, where, within)
        if table.make is None:
            return dict(raw)
        try:
            return table.make(**{key.fills or key.name: found[key.name] for key in table.keys})
        except ValueError as wrong:
            raise ValueError(f"{where}: {wrong}") from None

    def _keys(self, table: Table, raw: Mapping[str, Json], where: str, within: str) -> dict[str, Any]:
        found = {}
        for key in table.keys:
            value, given = raw.get(key.name, key.default), key.name in raw
            if key.must and not given:
                raise ValueError(table.lacks.format(where=where, within=within, key=key.name))
            if given or value is not None:
                value = self._value(key.shape, value, f"{where}: «{key.name}»", within or where)
            found[key.name] = key.shape.empty if value is None else value
        unknown = set(raw) - set(found)
        if unknown and not table.others and not self.older:
            raise ValueError(table.unknown.format(where=where, keys="», «".join(sorted(unknown))))
        for first, then in pairwise(name for name in table.ordered if found[name]):
            if found[then] < found[first]:
                raise ValueError(f"{where}: «{then}» mendahului «{first}»")
        return found

    def _value(self, of: Shape | Table, value: Any, at: str, beside: str, *names: str | int) -> Any:
        """`names` are those of the lists and tables by name around a value, the outermost first."""
        if isinstance(of, Table):
            return self.read(of, value, beside + of.place.format(*names), "" if names else beside)
        if not isinstance(value, of.types) or (isinstance(value, bool) and of.types is int):
            raise ValueError(f"{at} bentuknya salah, harus {of.title}")
        if of.words and value not in of.words:
            raise ValueError(f"{at} harus salah satu dari {', '.join(of.words)}")
        if of.limits and not of.limits[0] <= value <= of.limits[1]:
            raise ValueError(f"{at} harus {of.limits[0]} sampai {of.limits[1]}: {of.title}")
        each = of.each
        if each and isinstance(value, list):
            return tuple(self._value(each, one, f"{at} ke-{n}", beside, *names, n) for n, one in enumerate(value, 1))
        if each:
            return {name: self._value(each, one, f"{at}.{name}", beside, *names, name) for name, one in value.items()}
        return of.words[value] if of.words else of.read(value, at)
