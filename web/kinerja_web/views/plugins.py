"""The plugins of a unit: on or off and by whose decision, their settings, their faults, and ties between contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, g
from werkzeug.exceptions import NotFound

import kinerja_read as read
from kinerja import access, forms, settings
from kinerja.clock import real_now
from kinerja.contracts import Form, Json, Problem, Refusal
from kinerja.host import Fault, Manifest
from kinerja.settings import Origin
from kinerja.units import UnitLine
from kinerja_office import choosing, ties
from kinerja_web import forms as inputs
from kinerja_web import gate, once, session
from kinerja_web.htmx import go, page, request
from kinerja_web.views.unit import the_unit

pages = Blueprint("plugins", __name__)


@dataclass(frozen=True, slots=True)
class Card:
    """One plugin as the page shows it."""

    manifest: Manifest
    origin: Origin
    where: str
    faults: tuple[Fault, ...]
    form: Form | None


@pages.get("/satuan/<int:id>/plugin")
def show(id: int) -> Response:
    return _draw(the_unit(id, access.PLUGINS))


def _draw(
    unit: UnitLine, plugin: str = "", refusal: Refusal | None = None, data: Mapping[str, Json] | None = None
) -> Response:
    kernel = gate.the_kernel()
    names = read.unit_names(unit.line)
    cards = []
    for one, manifest in sorted(kernel.host.manifests.items(), key=lambda pair: pair[1].name):
        origin = settings.state(kernel, unit.line, one)
        where = names.get(origin.unit, "") if origin.unit else ""
        faults = tuple(fault for (owner, _), fault in kernel.host.faults.items() if owner == one)
        spec = kernel.host.registry.settings.get(one)
        cards.append(Card(manifest, origin, where, faults, spec.form if spec else None))
    lost = [fault for (owner, _), fault in kernel.host.faults.items() if owner not in kernel.host.manifests]
    return page(
        "kinerja/plugin.html",
        status=422 if refusal else 200,
        unit=unit, cards=cards, lost=lost, ties=_ties(unit), names=names, at=plugin, refusal=refusal, data=data,
        stopped=_stopped(unit), wrong=inputs.by_field(refusal.problems) if refusal else {}, top=unit.parent_id is None,
    )  # fmt: skip


WORK = {
    "open-period": "Membuka periode", "open-units": "Membuka periode", "close-period": "Menutup periode",
    "close-units": "Menutup periode", "reproject": "Memperbarui giliran", "reproject-period": "Memperbarui giliran",
    "reproject-units": "Memperbarui giliran", "renew-units": "Memperbarui isi periode", "tally": "Menghitung kinerja",
    "tally-units": "Menghitung kinerja", "switched-on": "Menanyakan kiriman", "settle-ties": "Memilih isi",
}  # fmt: skip
"""How a page calls what the worker does; all else is about people."""


def _stopped(unit: UnitLine) -> list[tuple[str, str, str, datetime]]:
    """What the worker could not do: what, where, why and since when; for the whole tree alone."""
    found = read.put_aside(g.viewer, unit)
    names = read.unit_names({id for one in found for id in one.units}) if found else {}
    return [
        (
            WORK.get(one.what, "Mengikuti perubahan orang"),
            ", ".join(names[id] for id in one.units if id in names),
            one.why,
            one.due_at,
        )
        for one in found
    ]


def _ties(unit: UnitLine) -> list[tuple[str, str, tuple[tuple[str, str], ...], str]]:
    """The kinds of content between which open cases here wait: (kind, label, choices, chosen)."""
    kernel = gate.the_kernel()
    schemes = kernel.host.registry.schemes.values()
    found = read.ties(kernel, g.viewer, unit)
    words = {one.kind: scheme.word(one.kind) for scheme in schemes for one in found}
    return [(one.kind, words.get(one.kind, one.kind), one.options, one.chosen) for one in found]


@pages.post("/satuan/<int:id>/plugin")
@once.done
def choose(id: int) -> Response:
    """Switch a plugin, lock a choice for all below, set it aside for a day, or set its settings."""
    unit = the_unit(id, access.PLUGINS)
    plugin, act = request.form.get("plugin", ""), request.form.get("act", "")
    by, reason = g.viewer.person, request.form.get("alasan", "").strip()
    kernel = gate.the_kernel()
    data: dict[str, Json] = {}
    try:
        if act in ("on", "off"):
            choosing.set_choice(kernel, unit, plugin, by, on=act == "on", reason=reason)
        elif act in ("lock", "unlock"):
            choosing.set_choice(kernel, unit, plugin, by, locked=act == "lock", reason=reason)
        elif act == "suspend":
            if not reason:
                raise Refusal(
                    "reason",
                    "Tulis alasannya, agar yang membaca riwayat tahu.",
                    [Problem("alasan", "Tulis alasannya.")],
                )
            choosing.set_choice(kernel, unit, plugin, by, suspended_until=real_now() + timedelta(days=1), reason=reason)
        elif act == "settings":
            data = inputs.answers(request.form)
            _settings(unit, plugin, data)
        elif act == "isi":
            _settle(unit)
        else:
            raise NotFound
    except Refusal as refusal:
        return _draw(unit, plugin, refusal, data)
    return session.tell(go(f"/satuan/{id}/plugin#{inputs.anchor(plugin)}"), "Tersimpan.")


def _settings(unit: UnitLine, plugin: str, data: dict[str, Json]) -> None:
    kernel = gate.the_kernel()
    spec = kernel.host.registry.settings.get(plugin)
    if spec is None:
        raise NotFound
    clean, wrong = forms.check(spec.form, data)
    if wrong:
        raise Refusal("incomplete", "Ada isian yang belum benar.", wrong)
    choosing.set_choice(kernel, unit, plugin, g.viewer.person, settings=clean)


def _settle(unit: UnitLine) -> None:
    """Answer a tie between contents for this unit, and let the cases that waited for it go on."""
    kernel = gate.the_kernel()
    kind, chosen = request.form.get("jenis", ""), request.form.get("pilihan", "")
    if (kind, chosen) not in kernel.host.registry.contents:
        raise NotFound
    ties.answer(kernel, unit, kind, chosen, g.viewer.person, g.clock.now())
