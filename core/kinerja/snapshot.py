"""Compile a scheme and the contents it uses into canonical JSON, stored once under its SHA-256.

Periods, parts and revisions name snapshots, so what is finished stays as it was, whatever plugins do later.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from kinerja.contracts import Content, Json, Scheme
from kinerja.schemes import compile_scheme

ADDS = "menambah"
"""The key of a content file that makes its entries an addition to the content chosen, not a rival of it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rules and contents as they were when this was made."""

    hash: str
    scheme: Scheme
    contents: tuple[Content, ...]

    def chosen(self, of: Choices) -> dict[str, Content]:
        """The contents a case has by kind, each with the entries that others add to it."""
        found = {one.kind: one for one in self.contents if of.chosen.get(one.kind) == one.id}
        for one in self.contents:
            base = found.get(one.kind)
            if base is not None and one.id in of.added.get(one.kind, ()):
                more = tuple(entry for entry in one.entries if base.entry(entry.id) is None)
                found[one.kind] = replace(base, entries=base.entries + more)
        return found


@dataclass(frozen=True, slots=True)
class Choices:
    """Which contents a case has, by kind: the id of one, the ids of those that add to it, and where several fit equally
    well the labels of these, between which the region has to choose."""

    chosen: Mapping[str, str]
    added: Mapping[str, tuple[str, ...]]
    ties: Mapping[str, tuple[str, ...]]

    @classmethod
    def parse(cls, raw: Mapping[str, Json]) -> Choices:
        """What a case keeps, as values."""
        added, ties = ({kind: tuple(ids) for kind, ids in raw[key].items()} for key in ("added", "ties"))
        return cls(dict(raw["chosen"]), added, ties)

    def raw(self) -> dict[str, Json]:
        """What a case keeps of this."""
        added, ties = ({kind: list(ids) for kind, ids in of.items()} for of in (self.added, self.ties))
        return {"chosen": dict(self.chosen), "added": added, "ties": ties}


def canonical(value: Json) -> str:
    """One text for equal values, on every machine: sorted keys, no spaces, dates as ISO."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def make(scheme: Scheme, contents: Iterable[Content]) -> tuple[str, str]:
    """The hash and the text of a snapshot of these rules; contents of kinds or schemes not asked for are left out."""
    used = [
        content.raw()
        for content in sorted(contents, key=lambda content: (content.kind, content.id))
        if content.kind in scheme.contents and scheme.id in content.applies_to.get("skema", (scheme.id,))
    ]
    text = canonical({"skema": scheme.raw, "isi": used})
    return hashlib.sha256(text.encode()).hexdigest(), text


def load(hash: str, text: str) -> Snapshot:
    """Read a stored snapshot back into values, perhaps one of an earlier release: finished years stay readable. Costly
    once, so callers keep what it returns by hash."""
    raw = json.loads(text)
    return Snapshot(
        hash, compile_scheme(raw["skema"], hash[:8], older=True), tuple(Content.parse(one) for one in raw["isi"])
    )


def pick(
    snapshot: Snapshot,
    profile: Mapping[str, str],
    preferred: Mapping[str, str],
    there: Callable[[Content], bool] = lambda content: True,
) -> Choices:
    """Choose one content of each kind for a case; a kind of which none fits stands nowhere.

    Every key of `applies_to` must match; most keys matched wins. `preferred` is the region's own answer to a tie,
    `there` says whether a content is meant for the unit at all.
    """
    chosen: dict[str, str] = {}
    added: dict[str, tuple[str, ...]] = {}
    ties: dict[str, tuple[str, ...]] = {}
    for kind in snapshot.scheme.contents:
        fitting = [
            content
            for content in snapshot.contents
            if content.kind == kind
            and all(profile.get(key) in values for key, values in content.applies_to.items())
            and there(content)
        ]
        adding = tuple(content.id for content in fitting if content.data.get(ADDS))
        if adding:
            added[kind] = adding
        fitting = [content for content in fitting if not content.data.get(ADDS)]
        most = max((len(content.applies_to) for content in fitting), default=0)
        best = [content for content in fitting if len(content.applies_to) == most]
        if len(best) == 1:
            chosen[kind] = best[0].id
        elif preferred.get(kind) in {content.id for content in best}:
            chosen[kind] = preferred[kind]
        elif best:
            ties[kind] = tuple(one.label for one in best)
    return Choices(chosen, added, ties)
