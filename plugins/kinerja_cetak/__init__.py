"""The agreed plan of a case as a paper to print and sign: the page `/p/cetak/<case>`, and the way to it on the case."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint

from kinerja import Json, hookimpl
from kinerja_cetak import page
from kinerja_web import CASE_FOOT, Fragment


@hookimpl
def register_pages() -> Blueprint:
    return page.pages


@hookimpl
def fill_slot(slot: str, viewer: object, facts: Mapping[str, Json]) -> Fragment | None:
    """A link at the foot of a person's case that has something to print, for those who see its items and who its person
    is in full: both stand on the paper."""
    if slot != CASE_FOOT or not facts.get("items") or "pegawai" not in facts["case"].labels:
        return None
    case = facts["case"]
    return Fragment("cetak/tautan.html", {"case": case.id}) if case.person is not None else None
