"""Reference lists for teachers and school staff: roles, kinds of unit and employment, ranks, behaviours."""

from __future__ import annotations

from collections.abc import Iterable

from kinerja import Content, hookimpl

_FILES = (
    "assignment_kinds.toml",
    "conditions.toml",
    "employment_kinds.toml",
    "perilaku.toml",
    "post_kinds.toml",
    "post_levels.toml",
    "ranks.toml",
    "roles.toml",
    "unit_kinds.toml",
)


@hookimpl
def register_content() -> Iterable[Content]:
    return [Content.read(__package__, name) for name in _FILES]
