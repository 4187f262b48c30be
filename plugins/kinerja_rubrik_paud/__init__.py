"""The practice rubric for teachers at TK, KB, TPA and SPS."""

from __future__ import annotations

from collections.abc import Iterable

from kinerja import Content, hookimpl


@hookimpl
def register_content() -> Iterable[Content]:
    return [Content.read(__package__, "rubrik.toml")]
