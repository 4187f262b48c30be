"""Step cek-data: the employee checks who they are before planning. Source: panduan penyusunan Perencanaan Kinerja.

What may be edited depends on the kind of employment, once a period. An edit that is in force stands as facts
`profil.*`; from then on the fields hold that one value, until somebody grants the author another edit.
"""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import SUBJECT, Correction, Fact, FactSpec, Field, Form, Json, Option, Step, StepContext, StepProjection
from kinerja_perencanaan.answers import example, one, submit, title
from kinerja_perencanaan.offers import CHECK, consequences

LABEL = "Periksa data diri"
LOCKED = (
    "Data ini sudah Anda ubah satu kali pada periode ini. Operator sekolah atau Dinas dapat membukanya sekali lagi."
)

ONCE = "Hanya satu kali, dan tidak mengubah data di Dapodik. Jenjang jabatan memengaruhi rencana Anda."
WRONG = "Data yang keliru tidak menghalangi perencanaan. Yang menunggu hanya pengiriman hasil ke BKN."

_EDITABLE = {
    "golongan": ("ranks", "Pangkat, golongan/ruang"),
    "jenjang_jabatan": ("post_levels", "Jenjang jabatan"),
}
"""Field key → the kind of content that holds its options, and its label."""


def form(ctx: StepContext) -> Form:
    """Read-only data, the question whether it is right, and the fields this kind of employment may mend itself."""
    done = _edited(ctx)
    if done and ctx.grants == 0:
        return _frozen(ctx, done)
    editable = _editable(ctx)
    now = {**ctx.case.profile, **{key: str(fact.value) for key, fact in done.items()}}
    known = {key: now[key] for key, options in editable.items() if now.get(key) in {option.id for option in options}}
    answers = [Option("sesuai", "Data sudah sesuai")]
    notices = [WRONG]
    if editable:
        what = "; ".join(_EDITABLE[key][1].lower() for key in editable)
        answers.append(Option("ubah", "Edit", f"Yang bisa diubah: {what}. {ONCE}"))
    if done and editable:
        answers.pop(0)  # «sesuai» would take back unseen what was edited before
        notices.append("Data ini dibuka sekali lagi. Setelah diajukan, data terkunci kembali.")
    fields = (
        Field("data", "Data Anda", "read", pairs=_pairs(ctx, done)),
        Field("sesuai", "Apakah data ini sudah sesuai?", "one", required=True, options=tuple(answers)),
        *(
            Field(key, _EDITABLE[key][1], "one", required=True, options=options, needs=("sesuai", ("ubah",)))
            for key, options in editable.items()
        ),
    )
    return _made(ctx, fields, (*notices, *consequences(ctx)), known)


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """What was edited, as facts; nothing where the data was right."""
    if one(data, "sesuai") != "ubah":
        return StepProjection()
    facts: list[Fact] = []
    for key, (kind, _) in _EDITABLE.items():
        content = ctx.content.get(kind)
        entry = content.entry(one(data, key)) if content and key in _allowed(ctx) else None
        if entry and _meant(ctx, entry.data):
            facts.append(Fact(f"profil.{key}", entry.id, entry.label))
    return StepProjection(facts=tuple(facts))


def upgrade(data: Mapping[str, Json], from_: int) -> Mapping[str, Json]:
    """Format 1 had a third answer for wrong data; now a request says that, and the data is otherwise taken as right."""
    return {**data, "sesuai": "sesuai"} if from_ < 2 and data.get("sesuai") == "operator" else data


def _frozen(ctx: StepContext, done: Mapping[str, Fact]) -> Form:
    """The form after the one edit: every value shown, and one answer to each question, the one that is in force.

    The fields stay, since a hand-in keeps only what a form asks and the edit has to outlive a revised plan."""
    confirm = Option("ubah", "Data sudah sesuai", "Dengan perubahan Anda.")
    fields = (
        Field("data", "Data Anda", "read", pairs=_pairs(ctx, done)),
        Field("sesuai", "Apakah data ini sudah sesuai?", "one", required=True, options=(confirm,)),
        *(
            Field(
                key,
                f"{_EDITABLE[key][1]} (terkunci)",
                "one",
                help="Hanya bisa diubah satu kali pada satu periode.",
                required=True,
                options=(Option(str(fact.value), fact.label),),
                needs=("sesuai", ("ubah",)),
            )
            for key, fact in done.items()
        ),
    )
    initial = {"sesuai": "ubah", **{key: str(fact.value) for key, fact in done.items()}}
    return _made(ctx, fields, (WRONG, *consequences(ctx)), initial, LOCKED)


def _made(
    ctx: StepContext, fields: tuple[Field, ...], notices: tuple[str, ...], initial: Mapping[str, Json], locked: str = ""
) -> Form:
    return Form(
        title(ctx, LABEL),
        fields,
        notices=notices,
        initial=initial,
        submit=submit(ctx),
        example=example(ctx, CHECK),
        corrections=_corrections(ctx),
        locked=locked,
    )


def _edited(ctx: StepContext) -> dict[str, Fact]:
    """What was edited before and is in force."""
    return {key: ctx.facts[f"profil.{key}"] for key in _EDITABLE if f"profil.{key}" in ctx.facts}


def _allowed(ctx: StepContext) -> tuple[str, ...]:
    """The fields the scheme lets this kind of employment edit."""
    keys = ctx.options.get("boleh_ubah", {}).get(ctx.case.profile.get("pegawai", ""), ())
    return tuple(key for key in keys if key in _EDITABLE)


def _meant(ctx: StepContext, data: Mapping[str, Json]) -> bool:
    """Whether an entry of a list is for this kind of employment."""
    employment = ctx.case.profile.get("pegawai", "")
    return employment in data.get("employment", (employment,))


def _editable(ctx: StepContext) -> dict[str, tuple[Option, ...]]:
    """The fields that may be edited, with what may be chosen; none without a list."""
    found: dict[str, tuple[Option, ...]] = {}
    for key in _allowed(ctx):
        content = ctx.content.get(_EDITABLE[key][0])
        options = tuple(
            Option(entry.id, entry.label, provisional=entry.provisional)
            for entry in (content.valid_on(ctx.today) if content else ())
            if _meant(ctx, entry.data)
        )
        if options:
            found[key] = options
    return found


def _number(ctx: StepContext) -> str:
    """What the number of this kind of employment is called; empty where it has none."""
    kinds = ctx.content.get("employment_kinds")
    kind = kinds.entry(ctx.case.profile.get("pegawai", "")) if kinds else None
    return str(kind.data.get("nomor", "NIP")) if kind else "NIP"


def _pairs(ctx: StepContext, done: Mapping[str, Fact]) -> tuple[tuple[str, str], ...]:
    labels, number = ctx.case.labels, _number(ctx) or "NIP"
    own = {key: f"{fact.label} (Anda ubah)" for key, fact in done.items()}
    shown = [
        ("Nama", labels.get("nama", "")),
        (number, labels.get("nip") or f"Tidak ada {number}"),
        ("NUPTK", labels.get("nuptk", "")),
        ("Sekolah induk (satminkal)", labels.get("satuan", ctx.case.unit.name)),
        ("Peran", labels.get("peran", "")),
        ("Status kepegawaian", labels.get("pegawai", "")),
        ("Jenis PTK di Dapodik", labels.get("jenis_ptk", "")),
        *((label, own.get(key, labels.get(key, ""))) for key, (_, label) in _EDITABLE.items()),
    ]
    return tuple((label, text) for label, text in shown if text)


def _corrections(ctx: StepContext) -> tuple[Correction, ...]:
    """What only others can mend, and whose work that is; no number is asked for where the kind of employment has none."""
    labels, number = ctx.case.labels, _number(ctx)
    dapodik = "Operator sekolah memperbaikinya di Dapodik."
    found = [Correction("nama", "Nama", labels.get("nama", ""), dapodik)]
    if number:
        verval = "Operator sekolah memperbaikinya melalui Verval PTK bersama Dinas."
        found.append(Correction("nip", number, labels.get("nip", ""), verval))
    found.append(Correction("satuan", "Sekolah induk (satminkal)", labels.get("satuan", ctx.case.unit.name), dapodik))
    return tuple(found)


STEP = Step(
    id=CHECK,
    label=LABEL,
    author=SUBJECT,
    form=form,
    project=project,
    readers=("memutuskan", "menyarankan"),
    together=True,
    format=2,
    upgrade=upgrade,
    options=("boleh_ubah",),
    gives=(
        FactSpec("profil.golongan", "Pangkat, golongan/ruang", SUBJECT, about="person"),
        FactSpec("profil.jenjang_jabatan", "Jenjang jabatan", SUBJECT, about="person"),
    ),
)
