"""Walks through the tables that declare a TOML, for tests that ask something of every key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kinerja.rules.reader import Key, Shape, Table


def inside(of: Shape | Table | None) -> Table | None:
    """The table that a key, a list or a table by names holds in the end."""
    while isinstance(of, Shape):
        of = of.each
    return of


def tables(table: Table) -> Iterator[Table]:
    """A table and all that are a part of it."""
    yield table
    for key in table.keys:
        below = inside(key.shape)
        if below is not None:
            yield from tables(below)


def keys(table: Table) -> Iterator[tuple[Table, Key]]:
    """Every key declared in a table or in a part of it."""
    for one in tables(table):
        yield from ((one, key) for key in one.keys)


def undeclared(of: Shape | Table | None, value: Any, at: str = "") -> Iterator[str]:
    """Where in a value a key stands that no table declares."""
    if isinstance(of, Table) and isinstance(value, Mapping):
        known = {key.name: key.shape for key in of.keys}
        for name, one in value.items():
            if name in known:
                yield from undeclared(known[name], one, f"{at}/{name}")
            elif not of.others:
                yield f"{at}/{name}"
    elif isinstance(of, Shape) and of.each is not None:
        for name, one in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from undeclared(of.each, one, f"{at}/{name}")
