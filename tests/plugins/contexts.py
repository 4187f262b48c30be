"""Hand-made contexts for steps and stages, with the contents a case would really get from its scheme's snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from kinerja import (
    Actor,
    CaseView,
    Change,
    Content,
    Fact,
    Field,
    Form,
    Holder,
    Item,
    Json,
    PeriodView,
    PersonView,
    Related,
    StageContext,
    State,
    Step,
    StepContext,
    StepProjection,
    StepState,
    UnitView,
    holds,
    snapshot,
)
from kinerja.host import Host, find
from kinerja.schemes import period_days

OURS = (
    "acuan_gtk",
    "bukti_berkas",
    "bukti_konfirmasi",
    "pelaksanaan",
    "penilaian",
    "perencanaan",
    "rubrik_dasmen",
    "rubrik_kepala",
    "rubrik_paud",
    "rubrik_pengawas",
    "skema_2024",
    "skema_2025",
    "skema_2026",
)
SEMESTER, YEAR, NEXT = "semester-2024", "tahunan-2025", "tahunan-2026"
SARI = PersonView(1, "Sari Contoh", "Bu Sari")
BUDI = PersonView(2, "Budi Contoh", "Pak Budi")
HEAD = Holder(BUDI, "memutuskan", "kepala-sekolah", "Kepala Sekolah", "definitif", unit="SDN 1 Contoh")
BARE = Content("rincian-rhk", "kosong", "Kosong", ())
"""In place of the texts that every line of a plan carries, where a test is about something else."""
ACTING = replace(HEAD, role_label="Plt. Kepala Sekolah", kind="plt", acting=True)


@cache
def host() -> Host:
    """The plugins of this folder's tests alone, loaded strictly: any fault is raised."""
    loaded = Host(strict=True)
    loaded.load(path for path in find() if path.parent.name.removeprefix("kinerja_") in OURS)
    loaded.ready()
    return loaded


def step(id: str) -> Step:
    return host().registry.steps[id]


@cache
def _snapshot(scheme: str) -> snapshot.Snapshot:
    registry = host().registry
    return snapshot.load(*snapshot.make(registry.schemes[scheme], registry.contents.values()))


def case(
    scheme: str = SEMESTER,
    kind: str = "sd",
    role: str = "guru",
    employment: str = "pns",
    period: str = "",
    head: Holder = HEAD,
) -> CaseView:
    rules = _snapshot(scheme).scheme
    key = period or rules.periods[0].key
    year = rules.years[0]
    starts, ends, _ = period_days(rules.period(key), year)
    profile = {
        "peran": role,
        "bentuk": kind,
        "pegawai": employment,
        "skema": scheme,
        "periode": key,
        "satuan": "negeri",
    }
    labels = {"nama": "Sari Contoh", "nip": "199001012015012001", "peran": "Guru", "pegawai": employment.upper()}
    return CaseView(
        id="kasus",
        period=PeriodView(1, scheme, key, year, rules.period(key).label.format(tahun=year), starts, ends),
        unit=UnitView(1, "sdn-1", f"{kind.upper()} Contoh", kind, "Asia/Jakarta"),
        person=SARI,
        role=role,
        counts=True,
        version=1,
        profile=profile,
        labels={**labels, "satuan": f"{kind.upper()} Contoh"},
        holders={"memutuskan": head},
    )


def context(
    id: str,
    stage: str = "perencanaan",
    of: CaseView | None = None,
    *,
    today: date | None = None,
    facts: tuple[Fact, ...] = (),
    items: tuple[Item, ...] = (),
    parts: Mapping[str, Mapping[str, Json]] | None = None,
    previous: Related | None = None,
    children: tuple[Related, ...] = (),
    unit: Related | None = None,
    options: Mapping[str, Json] | None = None,
    contents: tuple[Content, ...] = (),
    grants: int = 0,
) -> StepContext:
    """What the kernel would hand to a step of this case; `options` adds to the scheme's own rules for it, `contents`
    take the place of those the case would have of their kinds."""
    view = of or case()
    taken = _snapshot(view.period.scheme)
    choices = snapshot.pick(taken, view.profile, {})
    assert choices.ties == {}
    rules = dict(taken.scheme.rules(stage, id))
    fitting = [one["label"] for one in rules.get("label_untuk", ()) if holds(one["bila"], view.profile)]
    return StepContext(
        case=view,
        stage=stage,
        options={**rules, **({"label": fitting[0]} if fitting else {}), **(options or {})},
        words=taken.scheme.words,
        content={**taken.chosen(choices), **{one.kind: one for one in contents}},
        facts={fact.name: fact for fact in facts},
        items=items,
        parts=parts or {},
        previous=previous,
        children=children,
        unit=unit,
        scheme=taken.scheme,
        today=today or view.period.starts,
        grants=grants,
    )


def there(now: StepContext) -> bool:
    """Whether a case has this step at all."""
    return holds(now.options.get("untuk", {}), now.case.profile)


def form(id: str, of: CaseView | None = None, **more: Any) -> Form:
    """The form of a planning step; `more` goes to `context`."""
    return step(id).form(context(id, of=of, **more))


def made(id: str, data: Mapping[str, Json], of: CaseView | None = None, **more: Any) -> StepProjection:
    """What a planning step makes of answers."""
    return step(id).project(context(id, of=of, **more), data)


def ids(field: Field) -> list[str]:
    return [option.id for option in field.options]


def good_behaviour() -> dict[str, str]:
    """One behaviour for each aspect."""
    return {field.key: field.options[0].id for field in form("perilaku").fields}


def stage_context(
    stage: str,
    state: State,
    steps: tuple[tuple[str, str, str], ...],
    *,
    of: CaseView | None = None,
    facts: tuple[Fact, ...] = (),
) -> StageContext:
    """A stage in a state; `steps` are (id, author, state of the step)."""
    view = of or case()
    rule = _snapshot(view.period.scheme).scheme.stage(stage)
    return StageContext(
        case=view,
        stage=stage,
        label=rule.label if rule else stage,
        state=state,
        switches=rule.switches if rule else {},
        steps=tuple(StepState(id, id.capitalize(), author, now, _together(id)) for id, author, now in steps),
        facts={fact.name: fact for fact in facts},
        children=(),
        unit=None,
        adjusted=False,
        due=date(2024, 3, 31),
        today=date(2024, 1, 22),
    )


def _together(id: str) -> bool:
    known = host().registry.steps.get(id)
    return bool(known and known.together)


def child(key: str, **values: str) -> Related:
    """A part of the year whose facts have these values, under the names given with underscores for dots."""
    facts = {name.replace("__", "."): value for name, value in values.items()}
    words = _snapshot(SEMESTER).scheme
    return Related(key, f"Semester {key}", {n: Fact(n, v, words.word(v)) for n, v in facts.items()})


def change(step: str, data: Mapping[str, Json], children: tuple[Related, ...] = ()) -> Change:
    state = State("belum", "Belum", "menunggu")
    at = datetime(2024, 6, 20, tzinfo=UTC)
    return Change(
        case(),
        "penilaian",
        "tetapkan",
        step,
        Actor(2),
        state,
        state,
        data,
        {},
        (),
        children,
        at,
        _snapshot(SEMESTER).scheme,
    )
