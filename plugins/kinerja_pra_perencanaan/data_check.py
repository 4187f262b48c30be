"""Step mutakhirkan-data: the head reads who is on record at the school and says whether the data are up to date.

Source: Kepmendikdasmen 271/O/2025 (one source, provisional): posts and data are in order by 31 December.
"""

from __future__ import annotations

from kinerja import Field, Form, Option, Step, StepContext
from kinerja_pra_perencanaan.school import DECIDES, READERS, submit, title

ID = "mutakhirkan-data"
LABEL = "Pemutakhiran data pegawai dan sekolah"

_YES = Option("sudah", "Sudah")
_NOT_YET = Option("belum", "Belum, sedang diperbaiki")
_NOBODY = Option("tidak-ada", "Tidak ada ASN (PNS dan PPPK) di sekolah ini")

QUESTIONS = (
    ("guru", "Semua guru sudah tercatat di sekolah ini?", "", (_YES, _NOT_YET)),
    ("unor", "Kedudukan di Unor BKN sudah sesuai?", "Unor adalah unit kerja di BKN.", (_YES, _NOT_YET, _NOBODY)),
    ("dapodik", "Data pegawai sudah dimutakhirkan di Dapodik?", "", (_YES, _NOT_YET)),
)


def form(ctx: StepContext) -> Form:
    """The members by role to read, three questions, and for each «not yet» one line on what is being mended."""
    notices = []
    if not ctx.members:
        notices.append("Belum ada pegawai yang tercatat di sekolah ini. Minta operator sekolah mengimpor datanya.")
    if source := ctx.options.get("sumber"):
        notices.append(f"Pemeriksaan ini mengikuti {source}. Rincian resminya belum ditemukan.")
    fields = [Field("anggota", "Pegawai di sekolah ini", "read", pairs=_people(ctx))] if ctx.members else []
    for key, question, about, options in QUESTIONS:
        fields.append(Field(key, question, "one", help=about, required=True, options=options))
        fields.append(_mending(key))
    intro = "Periksa daftar pegawai, lalu jawab tiga pertanyaan. Jawaban «belum» tidak menghalangi langkah berikutnya."
    button = submit(ctx, "Selesaikan pemeriksaan")
    return Form(title(ctx, LABEL), tuple(fields), intro=intro, notices=tuple(notices), submit=button)


def _mending(key: str) -> Field:
    asked = (key, (_NOT_YET.id,))
    return Field(f"{key}-catatan", "Apa yang sedang diperbaiki?", "text", required=True, most=500, needs=asked)


def _people(ctx: StepContext) -> tuple[tuple[str, str], ...]:
    """A line for each role with how many hold it, and their names below each other."""
    roles: dict[str, list[str]] = {}
    for member in ctx.members:
        roles.setdefault(member.role_label or member.role, []).append(member.name)
    return tuple((f"{role}: {len(names)} orang", "\n".join(names)) for role, names in roles.items())


STEP = Step(id=ID, label=LABEL, author=DECIDES, form=form, readers=READERS, options=("sumber",))
