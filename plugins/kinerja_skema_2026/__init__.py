"""The rules since 2026: five stages from pre-planning on, more people take part."""

from __future__ import annotations

from collections.abc import Iterable

from kinerja import Content, Scheme, hookimpl

_FILES = (
    "tugas_pokok.toml",
    "tugas_tambahan.toml",
)


@hookimpl
def register_schemes() -> Iterable[Scheme]:
    return [Scheme.read(__package__)]


@hookimpl
def register_content() -> Iterable[Content]:
    return [Content.read(__package__, name) for name in _FILES]
