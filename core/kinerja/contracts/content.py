"""Rubrics, catalogues and reference lists: versioned, dated, with their sources."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Self

from kinerja.contracts.basics import Json


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a rubric or catalogue; `data` holds what only its readers understand."""

    id: str
    label: str
    source: str = ""
    provisional: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    data: Mapping[str, Json] = field(default_factory=dict)

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Content:
    """A versioned list brought by a plugin: a rubric, a catalogue, a list of roles or kinds.

    `kind` says what it is for; of several of one kind the case takes the one whose `applies_to`
    matches most keys of its profile. A tie is never settled by load order: the region is asked.
    """

    kind: str
    id: str
    label: str
    entries: tuple[Entry, ...]
    source: str = ""
    applies_to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    data: Mapping[str, Json] = field(default_factory=dict)
    _by_id: Mapping[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {entry.id: entry for entry in self.entries})

    @classmethod
    def read(cls, package: str, name: str) -> Self:
        """Read one content file of a plugin's own package; a wrong file raises ValueError with its name."""
        try:
            return cls.parse(tomllib.loads((files(package) / name).read_text("utf-8")))
        except (KeyError, TypeError, tomllib.TOMLDecodeError) as problem:
            raise ValueError(f"{name}: {problem}") from problem

    @classmethod
    def parse(cls, raw: Mapping[str, Json]) -> Self:
        """Build the value from the mapping of a TOML file or of a stored snapshot."""
        own = {"jenis", "id", "label", "sumber", "applies_to", "butir"}
        entries = tuple(_entry(line) for line in raw.get("butir", ()))
        twice = [id for id, times in Counter(entry.id for entry in entries).items() if times > 1]
        if twice:
            raise ValueError(f"{raw['id']}: butir «{twice[0]}» tertulis dua kali")
        return cls(
            kind=raw["jenis"],
            id=raw["id"],
            label=raw["label"],
            entries=entries,
            source=raw.get("sumber", ""),
            applies_to={key: tuple(values) for key, values in raw.get("applies_to", {}).items()},
            data={key: value for key, value in raw.items() if key not in own},
        )

    def raw(self) -> dict[str, Json]:
        """The mapping that `parse` takes, for a snapshot."""
        return {
            "jenis": self.kind,
            "id": self.id,
            "label": self.label,
            "sumber": self.source,
            "applies_to": {key: list(values) for key, values in self.applies_to.items()},
            "butir": [_raw_entry(entry) for entry in self.entries],
            **self.data,
        }

    def entry(self, id: str) -> Entry | None:
        return self._by_id.get(id)

    def valid_on(self, day: date) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.valid_on(day))


def _day(value: Json) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _entry(raw: Mapping[str, Json]) -> Entry:
    own = {"id", "label", "sumber", "provisional", "valid_from", "valid_to"}
    return Entry(
        id=raw["id"],
        label=raw["label"],
        source=raw.get("sumber", ""),
        provisional=raw.get("provisional", False),
        valid_from=_day(raw.get("valid_from")),
        valid_to=_day(raw.get("valid_to")),
        data={key: value for key, value in raw.items() if key not in own},
    )


def _raw_entry(entry: Entry) -> dict[str, Json]:
    told = {"provisional": entry.provisional, "valid_from": entry.valid_from, "valid_to": entry.valid_to}
    given = {key: value for key, value in told.items() if value}
    return {"id": entry.id, "label": entry.label, "sumber": entry.source, **given, **entry.data}
