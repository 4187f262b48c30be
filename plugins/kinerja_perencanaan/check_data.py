"""Step cek-data: the employee checks who they are before planning. Source: panduan penyusunan Perencanaan Kinerja."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import SUBJECT, Fact, FactSpec, Field, Form, Json, Option, Step, StepContext, StepProjection
from kinerja_perencanaan.answers import one, submit, title

LABEL = "Periksa data diri"

_EDITABLE = {
    "golongan": ("ranks", "Pangkat, golongan/ruang"),
    "jenjang_jabatan": ("post_levels", "Jenjang jabatan"),
}
"""Field key → the kind of content that holds its options, and its label."""


def form(ctx: StepContext) -> Form:
    """Read-only data, the question whether it is right, and the fields this kind of employment may mend itself."""
    editable = _editable(ctx)
    answers = [Option("sesuai", "Data sudah sesuai")]
    notices = ["Nama, NIP, atau sekolah keliru? Hubungi operator sekolah agar diperbaiki melalui Dapodik."]
    if editable:
        answers.append(Option("ubah", "Edit", f"Yang bisa diubah: {', '.join(_EDITABLE[key][1] for key in editable)}."))
        notices.append("Perubahan di sini tidak mengubah data di Dapodik.")
        notices.append("Perubahan hanya bisa dilakukan satu kali. Jenjang jabatan memengaruhi rencana Anda.")
    answers.append(
        Option("operator", "Ada yang keliru", "Rencana tetap bisa diajukan. Minta operator sekolah memperbaiki data.")
    )
    fields = (
        Field("data", "Data Anda", "read", pairs=_pairs(ctx)),
        Field("sesuai", "Apakah data ini sudah sesuai?", "one", required=True, options=tuple(answers)),
        *(
            Field(key, _EDITABLE[key][1], "one", required=True, options=options, needs=("sesuai", ("ubah",)))
            for key, options in editable.items()
        ),
    )
    now = {
        key: ctx.case.profile[key]
        for key, options in editable.items()
        if ctx.case.profile.get(key) in {option.id for option in options}
    }
    return Form(title(ctx, LABEL), fields, notices=tuple(notices), initial=now, submit=submit(ctx))


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """What was edited, as facts; nothing where the data was right."""
    if one(data, "sesuai") != "ubah":
        return StepProjection()
    facts: list[Fact] = []
    for key, options in _editable(ctx).items():
        chosen = next((option for option in options if option.id == one(data, key)), None)
        if chosen:
            facts.append(Fact(f"profil.{key}", chosen.id, chosen.label))
    return StepProjection(facts=tuple(facts))


def _editable(ctx: StepContext) -> dict[str, tuple[Option, ...]]:
    """The fields the scheme lets this kind of employment edit, with what may be chosen; none without a list."""
    employment = ctx.case.profile.get("pegawai", "")
    found: dict[str, tuple[Option, ...]] = {}
    for key in ctx.options.get("boleh_ubah", {}).get(employment, ()):
        content = ctx.content.get(_EDITABLE[key][0]) if key in _EDITABLE else None
        options = tuple(
            Option(entry.id, entry.label, provisional=entry.provisional)
            for entry in (content.valid_on(ctx.today) if content else ())
            if employment in entry.data.get("employment", (employment,))
        )
        if options:
            found[key] = options
    return found


def _pairs(ctx: StepContext) -> tuple[tuple[str, str], ...]:
    labels = ctx.case.labels
    kinds = ctx.content.get("employment_kinds")
    kind = kinds.entry(ctx.case.profile.get("pegawai", "")) if kinds else None
    number = str(kind.data.get("nomor") or "NIP") if kind else "NIP"
    shown = [
        ("Nama", labels.get("nama", "")),
        (number, labels.get("nip") or f"Tidak ada {number}"),
        ("NUPTK", labels.get("nuptk", "")),
        ("Sekolah induk (satminkal)", labels.get("satuan", ctx.case.unit.name)),
        ("Peran", labels.get("peran", "")),
        ("Status kepegawaian", labels.get("pegawai", "")),
        ("Jenis PTK di Dapodik", labels.get("jenis_ptk", "")),
        ("Pangkat, golongan/ruang", labels.get("golongan", "")),
        ("Jenjang jabatan", labels.get("jenjang_jabatan", "")),
    ]
    return tuple((label, text) for label, text in shown if text)


STEP = Step(
    id="cek-data",
    label=LABEL,
    author=SUBJECT,
    form=form,
    project=project,
    readers=("memutuskan", "menyarankan"),
    together=True,
    options=("boleh_ubah",),
    gives=(
        FactSpec("profil.golongan", "Pangkat, golongan/ruang", SUBJECT),
        FactSpec("profil.jenjang_jabatan", "Jenjang jabatan", SUBJECT),
    ),
)
