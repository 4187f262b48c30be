"""The practice rubric for teachers from SD to SMA, SMK and SLB."""

from __future__ import annotations

from collections.abc import Iterable

from kinerja import Content, hookimpl


@hookimpl
def register_content() -> Iterable[Content]:
    return [Content.read(__package__, "rubrik.toml")]
