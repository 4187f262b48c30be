"""The rules of 2024: two semesters under a year, points, uploads; with its catalogues."""

from __future__ import annotations

from collections.abc import Iterable

from kinerja import Content, Scheme, hookimpl

_FILES = (
    "katalog_kompetensi.toml",
    "tugas_tambahan.toml",
)


@hookimpl
def register_schemes() -> Iterable[Scheme]:
    return [Scheme.read(__package__)]


@hookimpl
def register_content() -> Iterable[Content]:
    return [Content.read(__package__, name) for name in _FILES]
