"""Step isi-target: a school writes target behaviours for indicators whose official ones are not published yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from kinerja import (
    CaseView,
    Change,
    Content,
    Entry,
    Fact,
    FactSpec,
    Field,
    Form,
    Json,
    Step,
    StepContext,
    StepProjection,
)
from kinerja_pra_perencanaan.school import DECIDES, READERS, blocked, fields, submit, switches, text, title

ID = "isi-target"
LABEL = "Target perilaku dari sekolah"
FACT = "rubrik.target"
"""{indicator id: [target behaviour]}, as the school wrote them together with its teachers."""
LINES = 3
"""Target behaviours an indicator may have; official rubrics have three."""

_ROLES = ("guru",)
_LONGEST = 1000


def form(ctx: StepContext) -> Form:
    """A text for each indicator without official targets, a line for each target."""
    asked = open_indicators(ctx.contents, ctx.case, switches(ctx), ctx.today)
    if not asked:
        return blocked(ctx, LABEL, "Semua indikator sudah punya target perilaku resmi. Tidak ada yang perlu diisi.")
    advice = f"Satu baris satu target, paling banyak {LINES}."
    made = tuple(Field(entry.id, entry.label, "longtext", help=advice, most=_LONGEST) for _, entry in asked)
    intro = f"Tulis target perilaku untuk setiap {_noun(asked).lower()}. Yang belum dibahas boleh kosong dahulu."
    notices = ("Disusun bersama guru; belum resmi. Target resmi menggantikannya begitu diterbitkan.",)
    return Form(title(ctx, LABEL), made, intro=intro, notices=notices, submit=submit(ctx, "Simpan target"))


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """What was written for the indicators that still have no official target."""
    asked = open_indicators(ctx.contents, ctx.case, switches(ctx), ctx.today)
    written = {entry.id: lines for _, entry in asked if (lines := _lines(text(data, entry.id)))}
    if not written:
        return StepProjection()
    return StepProjection(facts=(Fact(FACT, written, f"{len(written)} {_noun(asked).lower()} diisi"),))


def open_indicators(
    contents: Iterable[Content], case: CaseView, rules: Mapping[str, Json], day: date
) -> tuple[tuple[Content, Entry], ...]:
    """The indicators without a target in rubrics for this school. The stage's switch `peran` says whose rubrics
    count; what `applies_to` asks of a person beyond that cannot be asked of a school and is passed over."""
    asked = fields(case, {})
    roles = rules.get("peran", _ROLES)
    found: dict[str, tuple[Content, Entry]] = {}
    for content in contents:
        if content.kind == "rubrik" and _fits(content, asked, roles):
            for entry in content.valid_on(day):
                if not entry.data.get("target"):
                    found.setdefault(entry.id, (content, entry))
    return tuple(found.values())


def objection(change: Change) -> str | None:
    """Why the texts cannot be taken: a fourth line, or not a single line at all."""
    if change.step != ID:
        return None
    texts = [_lines(text(change.data, key)) for key in change.data]
    for lines in texts:
        if len(lines) > LINES:
            return (
                f"Target perilaku paling banyak {LINES} baris. Isian yang diawali «{lines[0]}» berisi {len(lines)} baris. "
                "Gabungkan atau hapus sebagian barisnya."
            )
    if not any(texts):
        return "Belum ada target perilaku yang ditulis. Isi minimal satu kotak, lalu simpan lagi."
    return None


def _fits(content: Content, asked: Mapping[str, Json], roles: Iterable[str]) -> bool:
    for key, values in content.applies_to.items():
        if key == "peran":
            if not set(roles) & set(values):
                return False
        elif key in asked and asked[key] not in values:
            return False
    return True


def _lines(written: str) -> list[str]:
    return [line.strip() for line in written.splitlines() if line.strip()]


def _noun(asked: tuple[tuple[Content, Entry], ...]) -> str:
    """What the rubric calls its entries: «Sub-indikator», else «Indikator»."""
    return str(asked[0][0].data.get("sebutan", "Indikator"))


STEP = Step(
    id=ID,
    label=LABEL,
    author=DECIDES,
    form=form,
    project=project,
    readers=READERS,
    gives=(FactSpec(FACT, "Target perilaku dari sekolah", DECIDES),),
)
