"""The world of the stateful test: the small scheme with keepers, posts that end, leave, a switch for turns taken
together and one for what the system approves under an acting head."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date

from kinerja import Content, Import, hookimpl
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Person, PersonId
from kinerja.schemes import compile_scheme
from kinerja.testing import add_person, manifest, set_date
from kinerja_office.periods import plan
from tests import busy, small

FIRST, CICI_LAST = date(2030, 1, 8), date(2030, 1, 24)
SCHEME = (
    small.SCHEME.replace('isi_wajib = ["buku"]', 'isi_wajib = ["buku"]\npenutup = ["memutuskan"]')
    .replace('"ketua @ atas"]', '{ siapa = "ketua @ atas", bila = { diri = [true] } }]')
    .replace(
        'otomatis_bila = { "memutuskan.acting" = [true] } }',
        'otomatis_bila = { "memutuskan.acting" = [true] }, sekaligus = { bukan = { kedudukan = ["sakit"] } } }',
    )
)
FREE = ("Fajar", "Gita")
"""People without any post, whom the office may appoint."""


class Town(busy.Busy):
    """The plugin object."""

    @hookimpl
    def register_schemes(self):
        return [compile_scheme(tomllib.loads(SCHEME), "ramai")]

    @hookimpl
    def register_stages(self):
        return busy.Busy.register_stages(self)[:2]

    @hookimpl
    def register_content(self):
        texts = (small.BOOKS, busy.ROLES, small.KINDS, busy.CONDITIONS, busy.REASONS)
        return [Content.parse(tomllib.loads(text)) for text in texts]

    @hookimpl
    def register_steps(self):
        return [step for step in busy.Busy.register_steps(self) if step.id != "susun-regu"]

    @hookimpl
    def register_connectors(self):
        reader = Import("orang", "Orang", (("berkas", "Berkas"),), busy._read)
        return [replace(busy.Busy.register_connectors(self)[0], imports=(reader,), gives=())]


def build(kernel: Kernel) -> None:
    """Two houses under one land, each with a head, the second with one whose days end; the period open."""
    kernel.host.add(Town(), manifest("kecil"))
    small.ready(kernel)
    root, house, other = small.houses()
    since = date(2029, 7, 1)
    for name, role, at in (
        ("Ketua", "ketua", root), ("Kanda", "kepala-penjaga", root), ("Jaga", "penjaga", house), ("Budi", "pembina", house),
        ("Ani", "murid", house), ("Eka", "murid", house), ("Cici", "pembina", other), ("Dedi", "murid", other),
    ):  # fmt: skip
        made, _ = add_person(f"{name} Contoh", role, at, "tetap", since)
        if role == "murid":
            PersonId.create(person=made, kind="nomor", value=f"0{made.id}")
            PersonId.create(person=made, kind="kartu", value=f"k{made.id}")
    cici = Person.get(Person.name == "Cici Contoh")
    Assignment.update(kind="sementara", until=CICI_LAST).where(Assignment.person == cici).execute()
    for name in FREE:
        Person.create(name=f"{name} Contoh")
    set_date(kernel, FIRST)
    scheme = kernel.scheme("kecil")
    assert scheme is not None, kernel.host.faults
    plan(kernel, scheme, 2030, root)
    set_date(kernel, FIRST)
