"""Step susun-tim-kinerja: the head chooses who reads and recommends beside them, or works without a team."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import Fact, FactSpec, Field, Form, Json, Member, Option, Step, StepContext, StepProjection
from kinerja_pra_perencanaan.school import DECIDES, READERS, submit, title

ID = "susun-tim-kinerja"
LABEL = "Penyusunan Tim Kinerja"
FACT = "tim-kinerja.anggota"
"""The names of the chosen people by their ids; empty where the head works without a team."""
WITHOUT = "Tanpa tim"

_NOTHING = "-"


def form(ctx: StepContext) -> Form:
    """Everybody at the school but the head, or only the roles that the scheme's `peran` names."""
    people = candidates(ctx)
    options = tuple(Option(str(one.id), one.name, detail=one.role_label) for one in people)
    fields = (
        Field("anggota", "Anggota tim", "many", required=True, options=options, none=WITHOUT),
        Field("sk", "Nomor SK atau Surat Tugas", "text", help="Boleh menyusul.", most=200),
    )
    intro = "Tim membantu mengamati dan memberi rekomendasi. Anda tetap yang memutuskan."
    notices = [*_gone(ctx)]
    if not people:
        notices.append("Belum ada pegawai lain yang tercatat di sekolah ini. Pilih «Tanpa tim», tim dapat menyusul.")
    return Form(title(ctx, LABEL), fields, intro=intro, notices=tuple(notices), submit=submit(ctx, "Simpan tim"))


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """The team as a fact: the chosen people who are still at the school, since the fact lets them read plans."""
    chosen = data.get("anggota")
    if not isinstance(chosen, list) or not chosen:
        return StepProjection()
    team = [one for one in candidates(ctx) if str(one.id) in chosen]
    names = {str(one.id): one.name for one in team}
    return StepProjection(facts=(Fact(FACT, names, "; ".join(names.values()) or WITHOUT),))


def candidates(ctx: StepContext) -> tuple[Member, ...]:
    """Who may be chosen, each once though they hold several roles."""
    head = ctx.case.holders.get(DECIDES)
    roles = ctx.options.get("peran")
    found: dict[int, Member] = {}
    for one in ctx.members:
        if (not roles or one.role in roles) and not (head and head.person.id == one.id):
            found.setdefault(one.id, one)
    return tuple(found.values())


def _gone(ctx: StepContext) -> tuple[str, ...]:
    """A sentence where somebody of the team on record can no longer be chosen, by name where the fact still has it."""
    here = {str(one.id) for one in candidates(ctx)}
    chosen = ctx.parts.get(ID, {}).get("anggota")
    ids = [id for id in chosen if isinstance(id, str)] if isinstance(chosen, list) else []
    gone = [id for id in ids if id != _NOTHING and id not in here]
    if not gone:
        return ()
    names = _names(ctx)
    known = [names[id] for id in gone if id in names]
    who = "; ".join(known) if len(known) == len(gone) else f"{len(gone)} anggota tim"
    return (f"{who} tidak lagi bertugas di sekolah ini. Pilih anggota tim sekali lagi, lalu simpan.",)


def _names(ctx: StepContext) -> dict[str, str]:
    """The names the fact was last written with, by id."""
    fact = ctx.facts.get(FACT)
    return fact.value if fact is not None and isinstance(fact.value, dict) else {}


STEP = Step(
    id=ID,
    label=LABEL,
    author=DECIDES,
    form=form,
    project=project,
    readers=READERS,
    options=("peran",),
    gives=(FactSpec(FACT, "Anggota tim", DECIDES),),
)
