"""The personnel cases of kasus/: who takes part, who sees what, whose turn it is, and what goes to BKN.

Each case has a district of its own, and all are played in one time, once an engine; see kasus_world.py for what may
happen. Here stands what is looked at, and each case is one test that names every expectation not met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import kinerja_cetak.paper as papers
import kinerja_read as read
from kinerja import SUBJECT, access, cases, days, testing
from kinerja.contracts import Participation
from kinerja.kernel import Config
from kinerja.models import Assignment, Case, Job, Outgoing, Period, Person, Relation, Request
from kinerja.testing import Player
from kinerja_office import profiles
from kinerja_read.participation import answer_of
from kinerja_web import hooks as web_hooks
from tests.plugins import kasus_world
from tests.plugins.kasus_world import Story, find, holder

Told = Mapping[str, Any]
PARTS = ("alasan", "menunggu")
"""Expectations that are a part of a sentence; all others are the whole value."""
STATES = {"accepted": "diterima", "waiting": "menunggu", "again": "ditahan", "stop": "terhenti", "refused": "ditolak"}


@dataclass(frozen=True)
class Check:
    """One expectation as it was met: what of whom on which day, what was expected and what was seen."""

    story: str
    day: date
    who: str
    key: str
    expected: Any
    seen: Any

    @property
    def holds(self) -> bool:
        if self.key in PARTS:
            return bool(self.expected) and str(self.expected) in str(self.seen)
        return bool(self.expected == self.seen)

    def __str__(self) -> str:
        return f"{self.day} {self.who} {self.key}: diharapkan {self.expected!r}, terlihat {self.seen!r}"


# --- what may be looked at ----------------------------------------------------------------------


def _rule(story: Story, told: Told) -> tuple[str, Participation | None]:
    """Whether somebody takes part today in the latest period that has begun, through what they do at home."""
    today = story.kernel.clock.now().date()
    held = Assignment.select().where((Assignment.person == story.person(told["siapa"])) & (Assignment.since <= today))
    if "peran" in told:
        held = held.where(Assignment.role == told["peran"])
    one = held.order_by(Assignment.home.desc(), Assignment.id.desc()).get()
    open_now = (Period.state == "open") & Period.unit.in_(one.unit.line) & (Period.starts <= today)
    found = [
        period
        for period in Period.select().where(open_now).order_by(Period.starts.desc())
        if not Period.select().where(Period.parent == period.id).exists()
        and period.label.startswith(told.get("periode", ""))
    ]
    answer = answer_of(story.kernel, one, found[0])
    return answer.answer, answer.rule


def answer(story: Story, told: Told) -> str:
    return _rule(story, told)[0]


def reason(story: Story, told: Told) -> str:
    rule = _rule(story, told)[1]
    return rule.reason if rule else ""


def elsewhere(story: Story, told: Told) -> str:
    rule = _rule(story, told)[1]
    return rule.elsewhere if rule else ""


def all_cases(story: Story, told: Told) -> list[str]:
    """All cases of a person in the period that is meant, closed or open: «guru @ sd»."""
    today = story.kernel.clock.now().date()
    meant = (
        Period.label.startswith(told["periode"]) if "periode" in told else ~kasus_world.WHOLE & (Period.starts <= today)
    )
    found = list(Case.select(Case, Period).join(Period).where((Case.person == story.person(told["siapa"])) & meant))
    latest = max((one.period.starts for one in found), default=None)
    return sorted(_place(story, one) for one in found if one.period.starts == latest)


def _place(story: Story, case: Case) -> str:
    unit = next(key for key, id in story.units.items() if id == case.unit_id)
    return f"{case.role} @ {unit}" + (" (ditutup)" if case.closed_at is not None else "")


def relation(kind: str) -> Callable[[Story, Told], str]:
    """Who stands in a relation to the case, by short name; nothing where nobody does."""

    def look(story: Story, told: Told) -> str:
        found = holder(story, find(story, told).id, kind)
        return story.key_of(found[0]) if found else ""

    return look


def recommends(story: Story, told: Told) -> list[str]:
    found = cases.load(story.kernel, find(story, told).id).relations
    return sorted(story.key_of(person) for kind, person, _ in found if kind == "menyarankan")


def _capacities(story: Story, person: int) -> Iterator[access.Viewer]:
    """What somebody may look through today: as an employee, each post that holds where it is, and each that is over in
    which something is left to them."""
    yield _viewer(story, person, None)
    for held in Assignment.select().where(Assignment.person == person):
        seen = _viewer(story, person, held.id)
        if days.holds(held.since, held.until, day(story, seen)):
            yield seen
        elif (
            Relation.select().where((Relation.assignment == held) & Relation.stays & Relation.until.is_null()).exists()
        ):
            yield replace(seen, permissions=frozenset())


def _viewer(story: Story, person: int, assignment: int | None) -> access.Viewer:
    """A viewer, made once: what a post allows does not change while a case is told."""
    if (person, assignment) not in story.viewers:
        name = Person.get_by_id(person).name
        story.viewers[person, assignment] = testing.viewer(story.kernel, name, assignment)
    return story.viewers[person, assignment]


def day(story: Story, viewer: access.Viewer) -> date:
    """The day it is where somebody works."""
    return story.kernel.clock.today(viewer.zone if viewer.assignment else "Asia/Jakarta")


def turns(story: Story, told: Told) -> dict[str, str]:
    """What each person of the case finds on their first page about it, in any capacity: {who: what}."""
    case = find(story, told).id
    lines = {
        key: [line.label for seen in _capacities(story, id) for line in read.turns(seen, day(story, seen), case=case)]
        for key, id in story.people.items()
    }
    return {key: ", ".join(labels) for key, labels in lines.items() if labels}


def reminded(story: Story, told: Told) -> bool:
    """Whether it is the person's own turn, and one they must take: only such turns are reminded of and called late."""
    case = find(story, told)
    who = testing.viewer(story.kernel, story.person(told["siapa"]).name)
    lines = read.turns(who, day(story, who), case=case.id)
    return any(line.relation == SUBJECT and line.kind != "macet" and line.answer == "wajib" for line in lines)


def waiting(story: Story, told: Told) -> str:
    """The sentences of what is stuck."""
    return " ".join(line.sentence for line in testing.open_tasks(find(story, told).id) if line.kind == "macet")


def readers(story: Story, told: Told) -> list[str]:
    """Who of the case's people may read what is written in it today, beside the person themselves."""
    return _those(story, told, lambda one, seen: bool(access.sight(story.kernel, one, seen).level.content))


def overseers(story: Story, told: Told) -> list[str]:
    """Who of the case's people sees at least where it stands today, beside the person themselves."""
    return _those(story, told, access.may_read)


def _those(story: Story, told: Told, may: Callable[[access.Viewer, Any], bool]) -> list[str]:
    case = find(story, told)
    seen = cases.load(story.kernel, case.id)
    others = {key: id for key, id in story.people.items() if id != case.person_id}
    return sorted(key for key, id in others.items() if any(may(one, seen) for one in _capacities(story, id)))


def _editions(story: Story, told: Told) -> tuple[Any, tuple[read.Edition, ...]]:
    """A case as it is and what was agreed of its plan, edition by edition, for the person themselves."""
    seen = cases.load(story.kernel, find(story, told).id)
    who = testing.viewer(story.kernel, story.person(told["siapa"]).name)
    return seen.view, tuple(one for one in read.editions(who, story.kernel, seen) if one.stage == kasus_world.PLAN)


def editions(story: Story, told: Told) -> list[str]:
    """All editions of the plan: «1. Disepakati 20 Januari 2025, Kepala», who agreed them as assessor."""
    view, made = _editions(story, told)
    drawn = [(one.number, papers.of_edition(view, made, one.number)) for one in made]
    return [story.short(f"{n}. {one.standing[0].split('. ')[1].strip('.')}, {one.signers[1].name}") for n, one in drawn]


def printed(story: Story, told: Told) -> dict[str, Any]:
    """What stands on the newest edition of the plan, in the words that are asked for; of its notes those on what was
    there before. Nothing where nothing was agreed."""
    view, made = _editions(story, told)
    if not made:
        return {}
    drawn = papers.of_edition(view, made, made[-1].number)
    rows = dict(zip(("nama", "nip", "golongan", "jabatan", "satuan"), drawn.people, strict=True))
    on_it: dict[str, Any] = {key: story.short(left) for key, (_, left, _) in rows.items()}
    on_it |= {f"{key}_penilai": story.short(right) for key, (_, _, right) in rows.items()}
    on_it["semula"] = [story.short(one) for one in drawn.notes if "semula" in one or "sebelumnya" in one]
    return {key: on_it[key] for key in told["kertas"]}


def on_record(story: Story, told: Told) -> dict[str, str]:
    """What the case holds of its person today, of the values that are named."""
    labels = cases.load(story.kernel, find(story, told).id).view.labels
    return {key: story.short(labels.get(key, "")) for key in told["tercatat"]}


def unconfirmed(story: Story, told: Told) -> list[str]:
    """What of a person waits to be confirmed by the Dinas: «Status kepegawaian: Non-ASN menjadi PPPK»."""
    waits = profiles.waiting(story.kernel, kasus_world.as_keeper(story), story.person(told["siapa"]).id)
    return [f"{one.label}: {one.old} menjadi {one.new}" for one in waits]


def asked(story: Story, told: Told) -> dict[str, str]:
    """What somebody asked to be mended, and what became of it."""
    return {one.field: one.state for one in Request.select().where(Request.person == story.person(told["siapa"]))}


def parts(story: Story, told: Told) -> list[str]:
    """What a year reads of its parts: «Januari–Juni 2024, SD sd: Baik»."""
    case = find(story, told).id
    rule = next(one for one in cases.load(story.kernel, case).rules() if one.flow == "penilai")
    form = Player(story.kernel, story.person(told["siapa"]).name).form(case, rule.id, rule.steps[0])
    told_of = [pair for one in form.fields if one.key == "anak" for pair in one.pairs]
    return [story.short(f"{label}: {text}") for label, text in told_of]


def stages(story: Story, told: Told) -> dict[str, str]:
    """Where the stages that are named stand."""
    progress = cases.load(story.kernel, find(story, told).id).progress
    return {stage: progress[stage].state.label if stage in progress else "" for stage in told["tahap"]}


def due(story: Story, told: Told) -> dict[str, date | None]:
    """The last day of the stages that are named."""
    progress = cases.load(story.kernel, find(story, told).id).progress
    return {stage: progress[stage].due if stage in progress else None for stage in told["tenggat"]}


def ending(story: Story, told: Told) -> dict[str, Any] | bool:
    """Why and when a case was closed early, in the words that are asked for; False while it is open."""
    case = find(story, told)
    if case.closed_at is None:
        return False
    wanted = told["ditutup"]
    return {key: case.ending.get(key) for key in wanted} if isinstance(wanted, dict) else True


def started_from(story: Story, told: Told) -> str:
    """The case whose answers this one begins with."""
    before = find(story, told).previous
    return _place(story, Case.get_by_id(before)).removesuffix(" (ditutup)") if before else ""


def counts(story: Story, told: Told) -> bool:
    return bool(find(story, told).counts)


def predicate(story: Story, told: Told) -> str:
    facts = cases.load(story.kernel, find(story, told).id).facts
    return next((fact.label for name, fact in facts.items() if name.startswith("predikat.")), "")


def approved_by(story: Story, told: Told) -> str:
    """Whose name stands beside the last approval in the history of a case."""
    lines = [
        line.text for line in testing.history(story.kernel, find(story, told).id) if "menyetujui rencana" in line.text
    ]
    names = {person.name: key for key, person in ((key, story.person(key)) for key in story.people)}
    who = lines[-1].split(" menyetujui ")[0] if lines else ""
    return names.get(who, who)


def sent(story: Story, told: Told) -> list[str]:
    """All messages about a person for BKN, over all their cases: «2024 baik: diterima»."""
    return [
        f"{one.payload['tahun']} {one.payload['predikat']}: {STATES.get(one.state, one.state)}"
        for one in _messages(story, told)
    ]


def sent_numbers(story: Story, told: Told) -> list[str]:
    """The NIP that the connector is handed beside each message, as it is known on the day of sending."""
    return [story.posted[one.key]["ids"]["nip"] for one in _messages(story, told) if one.key in story.posted]


def _messages(story: Story, told: Told) -> Iterator[Outgoing]:
    mine = Case.select(Case.id).where(Case.person == story.person(told["siapa"]))
    made = Outgoing.state.not_in(["held", "unsent", "replaced"])
    yield from Outgoing.select().where(Outgoing.case.in_(mine) & made).order_by(Outgoing.id)


def held(story: Story, told: Told) -> list[str]:
    """What results of a person wait for before there is a message at all."""
    return _without(story, told, "held")


def unsent(story: Story, told: Told) -> list[str]:
    """Why results of a person are not to be sent."""
    return _without(story, told, "unsent")


def _without(story: Story, told: Told, state: str) -> list[str]:
    mine = Case.select(Case.id).where(Case.person == story.person(told["siapa"]))
    found = Outgoing.select().where(Outgoing.case.in_(mine) & (Outgoing.state == state)).order_by(Outgoing.id)
    return [story.short(one.sentence) for one in found]


def imported(story: Story, told: Told) -> dict[str, int]:
    """What came of a school's last import: new people, known people, conflicts."""
    result = Job.get_by_id(story.jobs[told["satuan"]]).result
    return {"baru": len(result["new"]), "sama": result["same"], "konflik": result["conflict"]}


SEEN: Mapping[str, Callable[[Story, Told], Any]] = {
    "jawab": answer,
    "alasan": reason,
    "ke": elsewhere,
    "kasus": all_cases,
    "memutuskan": relation("memutuskan"),
    "menata": relation("menata"),
    "menyarankan": recommends,
    "giliran": turns,
    "diingatkan": reminded,
    "menunggu": waiting,
    "pembaca": readers,
    "pelihat": overseers,
    "tahap": stages,
    "tenggat": due,
    "ditutup": ending,
    "diisi_dari": started_from,
    "dihitung": counts,
    "predikat": predicate,
    "disetujui_oleh": approved_by,
    "edisi": editions,
    "kertas": printed,
    "tercatat": on_record,
    "dipastikan": unconfirmed,
    "permintaan": asked,
    "bagian": parts,
    "ke_bkn": sent,
    "nip_ke_bkn": sent_numbers,
    "tertahan": held,
    "tidak_dikirim": unsent,
    "impor": imported,
}
"""What a case may expect, each by how it is looked at."""

CASES = kasus_world.read(SEEN)
STILL = ("atasan", "ikut", "rangkap")
"""The files whose cases are played on SQLite alone: nothing in them depends on the order of rows."""
PLAYED = {"sqlite": CASES, "postgresql": [case for case in CASES if case["berkas"] not in STILL]}


# --- the tests ----------------------------------------------------------------------------------


Played = tuple[dict[str, Story], list[Check]]


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Played]:
    """Plays the cases of an engine once. The database is given back at once: what was seen is kept."""
    made: dict[str, Played] = {}

    def once(engine: str) -> Played:
        if engine not in made:
            folder = tmp_path_factory.mktemp(f"kasus-{engine}")
            fresh = request.getfixturevalue("postgres_cluster") if engine == "postgresql" else None
            made[engine] = _play(folder, fresh() if fresh else f"sqlite:///{folder / 'kinerja.db'}", PLAYED[engine])
        return made[engine]

    return once


def _play(folder: Path, url: str, told: list[dict[str, Any]]) -> Played:
    kernel = testing.start(Config(folder, url, demo=True), web_hooks)
    checks: list[Check] = []
    try:
        assert kernel.host.faults == {}
        return kasus_world.play(kernel, told, lambda *what: checks.extend(_looked(*what))), checks
    finally:
        testing.stop()


def _looked(story: Story, day: date, told: Told) -> Iterator[Check]:
    who = " ".join(str(told[key]) for key in kasus_world.WHOSE if key in told)
    for key in told:
        if key in kasus_world.WHOSE:
            continue
        try:
            seen = SEEN[key](story, told)
        except Exception as problem:  # what cannot be looked at is not as expected
            seen = f"{type(problem).__name__}: {problem}"
        yield Check(story.id, day, who, key, told[key], seen)


@pytest.mark.parametrize(
    ("database", "case"),
    [pytest.param(engine, case, id=f"{engine}-{case['id']}") for engine, cases in PLAYED.items() for case in cases],
)
def test_a_personnel_case_goes_as_it_is_written(
    played: Callable[[str], Played], database: str, case: dict[str, Any]
) -> None:
    stories, checks = played(database)
    wrong = [str(check) for check in checks if check.story == case["id"] and not check.holds]
    broken = stories[case["id"]].broken
    assert not broken and not wrong, "\n".join([case["kalimat"], *broken, *wrong])


def test_there_are_at_least_a_hundred_cases_and_each_names_its_source() -> None:
    assert len(CASES) >= 100
    assert [case["id"] for case in CASES if not case["sumber"] or case["keyakinan"] not in ("H", "M", "F")] == []
    assert [case["id"] for case in CASES if any("ke_bkn" in told for told in _expected(case))] != []


FIRST = (*STILL, "pindah", "cuti", "data")
"""The files of the first forty-five cases; every further one says all three things that matter."""


def test_every_further_case_says_who_sees_what_what_prints_and_what_goes_to_bkn() -> None:
    wanted = [{"ke_bkn"}, {"pembaca"}, {"kasus", "giliran"}]
    poor = []
    for case in CASES:
        said = {key for told in _expected(case) for key in told}
        agreed = any({"sepakat"} & set(event) for day in case["hari"] for event in day.get("terjadi", ()))
        printed = [{"edisi", "kertas"}] if agreed else []
        if case["berkas"] not in FIRST and not all(one & said for one in (*wanted, *printed)):
            poor.append(case["id"])
    assert (poor, len([case for case in CASES if case["berkas"] not in FIRST]) >= 40) == ([], True)


def _expected(case: Told) -> Iterator[Told]:
    return (told for day in case["hari"] for told in day.get("maka", ()))


def test_every_expectation_and_every_happening_is_used_by_a_case() -> None:
    days = [day for case in CASES for day in case["hari"]]
    used = {key for day in days for told in day.get("maka", ()) for key in told} - set(kasus_world.WHOSE)
    happened = {next(iter(event)) for day in days for event in day.get("terjadi", ())}
    assert (used, happened) == (set(SEEN), set(kasus_world.EVENTS))


GOOD = """
[umum.satuan.sd]
bentuk = "sd"
[umum.orang.guru]
peran = "guru"
di = "sd"
[[kasus]]
id = "contoh"
kalimat = "Contoh"
sumber = "Contoh"
keyakinan = "F"
tahun = [2024]
[[kasus.hari]]
pada = 2024-01-22
terjadi = [{ ajukan = "guru" }]
maka = [{ siapa = "guru", jawab = "wajib" }]
"""


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ('jawab = "wajib"', 'jawaban = "wajib"', "jawaban"),
        ('{ ajukan = "guru" }', '{ ajukn = "guru" }', "ajukn"),
        ('{ ajukan = "guru" }', '{ ajukan = "guru", tanggal = 1 }', "tanggal"),
        ('siapa = "guru", jawab', "jawab", "siapa"),
        (', jawab = "wajib"', "", "diharapkan"),
        ('peran = "guru"', 'peran = "guru"\nnik = "1"', "nik"),
        ('bentuk = "sd"', 'bentuk = "sd"\nwarna = "biru"', "warna"),
        ('kalimat = "Contoh"', 'kalimat = "Contoh"\nkata = "x"', "kata"),
        ('sumber = "Contoh"', "", "sumber"),
        ('maka = [{ siapa = "guru", jawab = "wajib" }]', "", "tidak ada yang diharapkan"),
        (GOOD[GOOD.index("[[kasus]]") :], 2 * GOOD[GOOD.index("[[kasus]]") :], "dua kali"),
    ],
)
def test_a_word_that_nobody_reads_is_refused(tmp_path: Path, good: str, bad: str, says: str) -> None:
    file = tmp_path / "kasus.toml"
    file.write_text(GOOD, "utf-8")
    assert [case["id"] for case in kasus_world.read(SEEN, tmp_path)] == ["contoh"]
    file.write_text(GOOD.replace(good, bad), "utf-8")
    with pytest.raises(ValueError, match=says):
        kasus_world.read(SEEN, tmp_path)


def test_an_expectation_that_is_not_met_is_seen() -> None:
    met = Check("x", date(2024, 1, 1), "guru", "jawab", "wajib", "wajib")
    assert met.holds
    assert not Check("x", date(2024, 1, 1), "guru", "jawab", "wajib", "boleh").holds
    assert not Check("x", date(2024, 1, 1), "guru", "alasan", "", "Apa saja").holds
    assert not Check("x", date(2024, 1, 1), "guru", "alasan", "e-Kinerja", "").holds
