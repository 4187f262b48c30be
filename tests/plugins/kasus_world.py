"""The world in which the personnel cases of kasus/ are played: one district a case, all of them in one time.

A case is read, checked for words nobody knows, built below a district of its own, and played day by day. What happens
goes through the kernel as pages would do it; who looks at it, and what is expected, stands in test_kasus.py.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kinerja import (
    SUBJECT,
    AssignmentRow,
    Connector,
    Correction,
    Import,
    ImportRows,
    Message,
    PersonRow,
    Receipt,
    Refusal,
    access,
    cases,
    hookimpl,
    people,
)
from kinerja.clock import real_now
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Outgoing, Period, Person, PersonId, Timer, Unit
from kinerja.testing import Player, manifest, set_date, viewer
from kinerja_office import correcting, endings, profiles, requests, staff, values
from kinerja_office.periods import plan
from kinerja_read import VALUES
from kinerja_work import imports, jobs, worker

FOLDER = Path(__file__).with_name("kasus")
DECIDES = "memutuskan"
PLAN = "perencanaan"
SINCE = date(2020, 1, 1)
START = date(2023, 11, 1)
ASN = ("pns", "cpns", "pppk", "pppk-paruh-waktu")

_CASE = {"id", "kalimat", "sumber", "keyakinan", "tahun", "satuan", "orang", "tanpa", "hari"}
_UNIT = {"bentuk", "status", "zona", "di"}
_POST = {"peran", "di", "jenis", "sejak", "sampai", "induk", "binaan"}
_PERSON = _POST | {"pegawai", "jenis_ptk", "instansi", "golongan", "nip", "juga"}
_DAY = {"pada", "pukul", "terjadi", "maka"}
MORNING = 9
"""At which hour in Jakarta a day is played that names none."""
_PART = Period.alias()
WHOLE = Period.id.in_(_PART.select(_PART.parent).where(_PART.parent.is_null(False)))
"""Whether a period is a whole year that has parts: those are meant by name alone."""
WHOSE = ("siapa", "satuan", "di", "peran", "periode")
"""The words of an expectation that say whose case it is about."""


@dataclass
class Story:
    """One case on its way: its people and units by their short names, what the connector to BKN was handed in all
    cases (by key), and what broke."""

    kernel: Kernel
    raw: Mapping[str, Any]
    posted: Mapping[str, Mapping[str, Any]]
    people: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)
    viewers: dict[tuple[int, int | None], access.Viewer] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    def unit(self, key: str) -> Unit:
        found: Unit = Unit.get_by_id(self.units[key])
        return found

    def name(self, key: str) -> str:
        """What somebody is called in this case and in no other; `short` takes that apart again."""
        return f"{key.title()} {self.id}"

    def short(self, text: str) -> str:
        return text.replace(f" {self.id}", "")

    def person(self, key: str) -> Person:
        """Somebody of this case; people whom an import brought are known from then on."""
        if key not in self.people:
            self.people[key] = Person.get(Person.name == self.name(key)).id
        found: Person = Person.get_by_id(self.people[key])
        return found

    def key_of(self, person: int) -> str:
        return next(key for key, id in self.people.items() if id == person)


Look = Callable[[Story, date, Mapping[str, Any]], None]


def read(expectations: Collection[str], folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The cases of a folder, with the common units and people put in, each with the file it stands in; ValueError names a
    word that is not known."""
    common: dict[str, Any] = {}
    raw: list[dict[str, Any]] = []
    for file in sorted(folder.glob("*.toml")):
        told = tomllib.loads(file.read_text("utf-8"))
        _known(told, {"umum", "kasus"}, file.name)
        common |= told.get("umum", {})
        raw += [{**one, "berkas": file.stem} for one in told.get("kasus", [])]
    found = [_with_common(common, one) for one in raw]
    for one in found:
        _check(one, expectations)
    ids = [one["id"] for one in found]
    if len(set(ids)) < len(ids):
        raise ValueError(f"tertulis dua kali: {sorted({id for id in ids if ids.count(id) > 1})}")
    return found


def _with_common(common: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, Any]:
    without = set(case.get("tanpa", ()))
    return {
        **case,
        **{
            part: {**{key: one for key, one in common[part].items() if key not in without}, **case.get(part, {})}
            for part in ("satuan", "orang")
        },
    }


def _known(line: Mapping[str, Any], words: Iterable[str], where: str) -> None:
    unknown = sorted(set(line) - set(words))
    if unknown:
        raise ValueError(f"{where}: kata yang tidak dikenal: {', '.join(unknown)}")


def _check(case: Mapping[str, Any], expectations: Collection[str]) -> None:
    """Refuse what nobody would read: a word misspelt here is an expectation that could never fail."""
    where = str(case.get("id"))
    _known(case, _CASE | {"berkas"}, where)
    missing = {"id", "kalimat", "sumber", "keyakinan", "tahun", "hari"} - set(case)
    if missing:
        raise ValueError(f"{where}: belum ada {', '.join(sorted(missing))}")
    for key, one in case["satuan"].items():
        _known(one, _UNIT, f"{where}, satuan {key}")
    for key, one in case["orang"].items():
        _known(one, _PERSON, f"{where}, orang {key}")
        for post in one.get("juga", ()):
            _known(post, _POST, f"{where}, orang {key}")
    for day in case["hari"]:
        at = f"{where}, {day.get('pada')}"
        _known(day, _DAY, at)
        for event in day.get("terjadi", ()):
            _verb(event, at)
        for expected in day.get("maka", ()):
            _known(expected, {*WHOSE, *expectations}, at)
            if not set(WHOSE[:2]) & set(expected) or set(expected) <= set(WHOSE):
                raise ValueError(f"{at}: siapa atau satuan, dan apa yang diharapkan")
    if not any(day.get("maka") for day in case["hari"]):
        raise ValueError(f"{where}: tidak ada yang diharapkan")


def play(kernel: Kernel, told: Iterable[Mapping[str, Any]], look: Look) -> dict[str, Story]:
    """Build all cases side by side and let time run through them once; *look* is called for each expectation."""
    kernel.host.add(Lists(), manifest("daftar"))
    siasn = kernel.host.registry.connectors["siasn"]
    posted: dict[str, Mapping[str, Any]] = {}

    def send(message: Message, settings: Any, secrets: Any) -> Receipt:
        posted[message.key] = message.payload
        return Receipt("accepted", "Diterima.")

    kernel.host.registry.connectors["siasn"] = replace(siasn, send=send)
    set_date(kernel, START)
    root = people.add_unit("nasional", "Nasional", "nasional", None)
    province = people.add_unit("provinsi", "Provinsi Uji", "provinsi", root)
    stories = {case["id"]: _build(Story(kernel, case, posted), n, root, province) for n, case in enumerate(told)}
    for moment in sorted({_moment(day) for story in stories.values() for day in story.raw["hari"]}):
        set_date(kernel, *moment)
        for story in stories.values():
            for line in story.raw["hari"]:
                if _moment(line) == moment:
                    _live(story, line, look)
            if moment == max(_moment(line) for line in story.raw["hari"]):
                _rest(story)
    return stories


def _moment(line: Mapping[str, Any]) -> tuple[date, int]:
    return line["pada"], line.get("pukul", MORNING)


def _build(story: Story, n: int, root: Unit, province: Unit) -> Story:
    kernel, case = story.kernel, story.raw
    district = people.add_unit(f"k{n}", f"Kabupaten {case['id']}", "kabupaten", province)
    story.units |= {"dinas": district.id, "provinsi": province.id, "nasional": root.id}
    for m, (key, one) in enumerate(case["satuan"].items()):
        more: dict[str, Any] = {"zone": one["zona"]} if "zona" in one else {}
        made = people.add_unit(
            f"k{n}-{key}", f"{one['bentuk'].upper()} {key} {case['id']}", one["bentuk"],
            story.unit(one.get("di", "dinas")), npsn=f"{70000000 + n * 100 + m}",
            attributes={"satuan": one.get("status", "negeri")}, **more,
        )  # fmt: skip
        story.units[key] = made.id
    for m, (key, one) in enumerate(case["orang"].items()):
        story.people[key] = _person(story, f"{n:03d}{m:02d}", key, one)
    apart = [story.unit(key) for key, one in case["satuan"].items() if one.get("di") in ("nasional", "provinsi")]
    for year in case["tahun"]:
        for unit in (district, *apart):
            plan(kernel, _scheme(kernel, year), year, unit)
    return story


def _scheme(kernel: Kernel, year: int) -> Any:
    return next(
        one
        for one in kernel.host.registry.schemes.values()
        if one.years[0] <= year and (one.years[1] is None or year <= one.years[1])
    )


def _person(story: Story, number: str, key: str, one: Mapping[str, Any]) -> int:
    employment = one.get("pegawai", "pns")
    about = {"jenis_ptk": one.get("jenis_ptk"), "induk": one.get("instansi")}
    made: Person = Person.create(
        name=story.name(key), employment=employment, born=date(1985, 3, 12), rank=one.get("golongan", ""),
        attributes={word: value for word, value in about.items() if value},
    )  # fmt: skip
    nip = one.get("nip", f"1985031220100{number}" if employment in ASN else "")
    if nip:
        PersonId.create(person=made, kind="nip", value=nip)
    for post in (one, *one.get("juga", ())):
        _post(story, made, post)
    return int(made.id)


def _post(story: Story, person: Person, post: Mapping[str, Any]) -> Assignment:
    return people.assign(
        person, post["peran"], story.unit(post["di"]), post.get("jenis", "definitif"), post.get("sejak", SINCE),
        until=post.get("sampai"), home=post.get("induk", True), note="SK 800/1/2023",
        charge=[story.unit(key) for key in post.get("binaan", ())],
    )  # fmt: skip


def _rest(story: Story) -> None:
    """Take a district whose case is told out of time, so that the others need not wait for it."""
    periods = Period.select(Period.id).where(Period.unit.in_(list(story.units.values())))
    Timer.delete().where(Timer.period.in_(periods) & Timer.done_at.is_null()).execute()


def _live(story: Story, line: Mapping[str, Any], look: Look) -> None:
    """Let one day of a case happen and look. What breaks is kept with its case and breaks no other."""
    for event in line.get("terjadi", ()):
        told = f"{line['pada']} {event}"
        wanted = event.get("ditolak", "")
        try:
            EVENTS[_verb(event, told)][0](story, event)
            worker.run_once(story.kernel)
            if wanted:
                story.broken.append(f"{told}: tidak ditolak")
        except Refusal as refusal:
            if refusal.code != wanted:
                about = "; ".join(f"{one.field}: {one.message}" for one in refusal.problems)
                story.broken.append(f"{told}: {refusal.code}: {refusal.sentence} {about}".strip())
        except Exception as problem:  # any mistake of the kernel or of the case belongs to this case alone
            story.broken.append(f"{told}: {type(problem).__name__}: {problem}")
    for expected in line.get("maka", ()):
        look(story, line["pada"], expected)


# --- finding cases and people -------------------------------------------------------------------


def find(story: Story, told: Mapping[str, Any], key: str = "siapa") -> Case:
    """The case that a line means: of a person (or of a school's, by `satuan`), by default in the latest period that has
    begun, the one that is open. LookupError where that leaves none or several."""
    query = Case.select(Case, Period).join(Period).where(Period.state != "planned")
    if key not in told:
        query = query.where((Case.subject == "unit") & (Case.unit == story.units[told["satuan"]]))
    else:
        query = query.where(Case.person == story.person(told[key]))
        if "di" in told:
            query = query.where(Case.unit == story.units[told["di"]])
        if "peran" in told:
            query = query.where(Case.role == told["peran"])
    if "periode" in told:
        found = [one for one in query if one.period.label.startswith(told["periode"])]
    else:
        today = story.kernel.clock.now().date()
        begun = list(query.where(~WHOLE & (Period.starts <= today)))
        latest = max((one.period.starts for one in begun), default=None)
        found = [one for one in begun if one.period.starts == latest]
    opened = [one for one in found if one.closed_at is None] or found
    if len(opened) != 1:
        raise LookupError(f"{len(opened)} kasus untuk {dict(told)}")
    return opened[0]


def holder(story: Story, case: str, relation: str) -> tuple[int, int | None] | None:
    """Who stands in a relation to a case today, and through which assignment."""
    found = cases.load(story.kernel, case).relations
    return next(((person, via) for kind, person, via in found if kind == relation), None)


def _by(story: Story, case: str, relation: str) -> Player:
    found = holder(story, case, relation)
    if found is None:
        raise LookupError(f"tidak ada {relation}")
    return Player(story.kernel, Person.get_by_id(found[0]).name, found[1])


def as_keeper(story: Story, key: str = "admin") -> access.Viewer:
    """Somebody of a case through the first thing they hold: by default the staff of the Dinas."""
    held = Assignment.select().where(Assignment.person == story.person(key)).order_by(Assignment.id).first()
    return viewer(story.kernel, story.person(key).name, held.id)


def _held(story: Story, told: Mapping[str, Any], key: str) -> Assignment:
    query = Assignment.select().where(Assignment.person == story.person(told[key]))
    if "di" in told:
        query = query.where(Assignment.unit == story.units[told["di"]])
    if "peran" in told and key != "pindah":
        query = query.where(Assignment.role == told["peran"])
    found: Assignment = query.order_by(Assignment.home.desc(), Assignment.id.desc()).get()
    return found


# --- what may happen ----------------------------------------------------------------------------


def _hand_in(story: Story, told: Mapping[str, Any]) -> None:
    """Every part of the plan is filled in and the plan handed in."""
    case = find(story, told, "ajukan").id
    who = _by(story, case, SUBJECT)
    who.fill(case, PLAN)
    who.do(case, PLAN, "ajukan")


def _agree(story: Story, told: Mapping[str, Any]) -> None:
    """A plan from nothing to agreement, by whoever decides today."""
    case = find(story, told, "sepakat")
    _hand_in(story, {**told, "ajukan": told["sepakat"]})
    for who, row in ((DECIDES, "setujui"), (SUBJECT, "sepakati")):
        if cases.load(story.kernel, case.id).progress[PLAN].state.kind != "selesai":
            _by(story, case.id, who).do(case.id, PLAN, row)


def _row(story: Story, told: Mapping[str, Any]) -> None:
    """One row of a stage's table, by the relation or the person named."""
    case = find(story, told, "tentang").id
    if "oleh" in told:
        who = Player(story.kernel, story.person(told["oleh"]).name, as_keeper(story, told["oleh"]).assignment)
    else:
        who = _by(story, case, told.get("sebagai", DECIDES))
    who.do(case, told.get("tahap", PLAN), told["baris"], note=told.get("catatan", ""))


def _step(story: Story, told: Mapping[str, Any]) -> None:
    """One step that goes alone, of a person's or a school's case, by its author."""
    case = find(story, told).id
    rule = next(one for one in cases.load(story.kernel, case).rules() if told["langkah"] in one.steps)
    author = story.kernel.host.registry.steps[told["langkah"]].author
    stage = story.kernel.host.registry.stages[rule.id]
    days = {"mulai": SINCE.isoformat(), "selesai": told["sampai"].isoformat()} if "sampai" in told else {}
    _by(story, case, author).hand_in(case, rule.id, told["langkah"], stage.flows[rule.flow].lone, **days)


def _rate(story: Story, told: Mapping[str, Any]) -> None:
    """The judging stage of a case, by whoever decides; both ratings the same unless told otherwise."""
    case = find(story, told, "nilai").id
    rule = next(one for one in cases.load(story.kernel, case).rules() if one.flow == "penilai")
    rating = told.get("rating", "sesuai")
    who = _by(story, case, DECIDES)
    who.hand_in(case, rule.id, rule.steps[0], "tetapkan", hasil=rating, perilaku=rating, alasan="Menurut hasil kerja.")


def _appoint(story: Story, told: Mapping[str, Any]) -> None:
    staff.appoint(
        story.kernel, as_keeper(story, told.get("oleh", "admin")), story.person(told["tunjuk"]), told["peran"],
        told.get("jenis", "definitif"), story.unit(told["di"]), told["tmt"], told.get("sampai"), "SK 800/2",
        home=told.get("induk", False),
    )  # fmt: skip


def _end(story: Story, told: Mapping[str, Any]) -> None:
    held = _held(story, told, "akhiri")
    staff.end(story.kernel, as_keeper(story), held, told["terakhir"], told["alasan"], "SK 800/3")


def _resume(story: Story, told: Mapping[str, Any]) -> None:
    staff.resume(story.kernel, as_keeper(story), _held(story, told, "batalkan"), "SK-nya keliru.")


def _move(story: Story, told: Mapping[str, Any]) -> None:
    held = _held(story, told, "pindah")
    staff.transfer(
        story.kernel, as_keeper(story), held, story.unit(told["ke"]), told.get("peran", held.role), told["tmt"],
        told["alasan"], "SK 800/4",
    )  # fmt: skip


def _merge(story: Story, told: Mapping[str, Any]) -> None:
    staff.merge(
        story.kernel, as_keeper(story), story.unit(told["gabung"]), story.unit(told["ke"]), told["tmt"],
        "penggabungan-sekolah", "SK 421/5",
    )  # fmt: skip


def _stand(story: Story, told: Mapping[str, Any]) -> None:
    who = story.person(told["kedudukan"])
    staff.set_standing(
        story.kernel, as_keeper(story), who, told["jenis"], told["sejak"], told.get("sampai"), "Surat 800/6"
    )


def _close(story: Story, told: Mapping[str, Any]) -> None:
    """A case ended with a reason by whoever decides, or by the person named."""
    case = find(story, told, "tutup").id
    who = _decider(story, case) if "oleh" not in told else as_keeper(story, told["oleh"])
    endings.end(
        story.kernel, who, cases.load(story.kernel, case), told["alasan"], told["tanggal"], told["bulan"],
        told["catatan"], story.kernel.clock.now(),
    )  # fmt: skip


def _write_note(story: Story, told: Mapping[str, Any]) -> None:
    case = find(story, told, "catat").id
    seen = cases.load(story.kernel, case)
    who = as_keeper(story, told.get("oleh", "kepala"))
    endings.add_note(story.kernel, who, seen, told["catatan"], story.kernel.clock.now())


def _decider(story: Story, case: str) -> access.Viewer:
    found = holder(story, case, DECIDES)
    assert found is not None
    return viewer(story.kernel, Person.get_by_id(found[0]).name, found[1])


def _ask(story: Story, told: Mapping[str, Any]) -> None:
    """A person asks for a value of their data to be mended."""
    seen = cases.load(story.kernel, find(story, told, "minta").id)
    label = story.kernel.label(VALUES, told["data"])
    one = Correction(told["data"], label, seen.view.labels.get(told["data"], ""), "")
    who = viewer(story.kernel, story.person(told["minta"]).name)
    requests.ask_value(story.kernel, who, seen, one, told["benar"], story.kernel.clock.now())


def _correct(story: Story, told: Mapping[str, Any]) -> None:
    """The Dinas puts an assessor right by hand."""
    case, held = find(story, told, "betulkan").id, as_keeper(story, told["menjadi"]).assignment
    assert held is not None
    now = story.kernel.clock.now()
    correcting.correct(story.kernel, as_keeper(story), [case], DECIDES, held, "Menurut SK.", now)


def _confirm(story: Story, told: Mapping[str, Any]) -> None:
    """Somebody who keeps the people confirms a value that waits."""
    who, now = as_keeper(story, told.get("oleh", "admin")), story.kernel.clock.now()
    profiles.confirm(story.kernel, who, story.person(told["pastikan"]).id, told["data"], "SK 800/7", now)


def _enter(story: Story, told: Mapping[str, Any]) -> None:
    """Somebody who keeps the people enters a value with its paper: written wrongly, or changed since a day."""
    who, now = as_keeper(story, told.get("oleh", "admin")), story.kernel.clock.now()
    values.enter(
        story.kernel, who, story.person(told["ubah"]), told["data"], told["menjadi"], told["cara"], told.get("sejak"), "SK 823/8", now
    )  # fmt: skip


def _form(story: Story, told: Mapping[str, Any]) -> None:
    """The data say that a school is of another kind; no import and no page writes that, so the case does."""
    unit = story.unit(told["bentuk"])
    Unit.update(kind=told["menjadi"]).where(Unit.id == unit.id).execute()
    Timer.create(name="people-changed", data={"unit": unit.id}, due_at=story.kernel.clock.now())


def _import(story: Story, told: Mapping[str, Any]) -> None:
    """A school's list is imported and taken over. A line names somebody of the case, or somebody new."""
    lines = [_import_line(story, told, one) for one in told["baris"]]
    unit = story.unit(told["impor"])
    content = {"daftar": json.dumps([unit.npsn, lines]).encode()}
    id = imports.start_import(story.kernel, "daftar", "daftar", unit, content, None)
    jobs.run_due(story.kernel)
    imports.confirm(story.kernel, id)
    story.jobs[told["impor"]] = id


def _import_line(story: Story, told: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    _known(one, {"orang", "nip", "nuptk", "lahir", "peran", *_SAYS, *_ABOUT}, str(told))
    line: dict[str, Any] = {"name": story.name(one["orang"]), "ids": {}, "role": one.get("peran", "guru"), "work": ""}
    if one["orang"] in story.people:
        person = story.person(one["orang"])
        line |= {"name": person.name, "work": person.employment}
        line["ids"] = people.known(story.kernel, [person.id])[person.id][0]
    line |= {_SAYS[word]: one[word] for word in _SAYS if word in one}
    if "nama" in one:
        line["name"] = f"{one['nama']} {story.id}"
    born = one.get("lahir", date(1985, 3, 12))
    ids = {**line["ids"], **{kind: one[kind] for kind in ("nip", "nuptk") if kind in one}}
    about = {_ABOUT[word]: one[word] for word in _ABOUT if word in one}
    return {**line, "born": born.isoformat(), "ids": ids, "about": about}


def _later(story: Story, told: Mapping[str, Any]) -> None:
    """An hour goes by for the messages that wait: those that are put aside are looked at again."""
    Outgoing.update(due_at=real_now()).where(Outgoing.state.in_(["waiting", "again"])).execute()


_SAYS = {"nama": "name", "gelar": "title", "pegawai": "work", "golongan": "rank"}
_ABOUT = {"jenis_ptk": "jenis_ptk", "instansi": "induk"}
"""What a line of an import may say of somebody, in the words of the cases, and what it is called where it is read."""

Event = Callable[[Story, Mapping[str, Any]], None]
_CASE_OF = {"di", "peran", "periode"}
EVENTS: Mapping[str, tuple[Event, set[str]]] = {
    "sepakat": (_agree, _CASE_OF),
    "ajukan": (_hand_in, _CASE_OF),
    "tentang": (_row, {*_CASE_OF, "tahap", "baris", "oleh", "sebagai", "catatan"}),
    "langkah": (_step, {*_CASE_OF, "siapa", "satuan", "sampai"}),
    "nilai": (_rate, {*_CASE_OF, "rating"}),
    "tunjuk": (_appoint, {"peran", "di", "jenis", "tmt", "sampai", "induk", "oleh"}),
    "akhiri": (_end, {"di", "peran", "terakhir", "alasan"}),
    "pindah": (_move, {"di", "ke", "peran", "tmt", "alasan"}),
    "batalkan": (_resume, {"di", "peran"}),
    "gabung": (_merge, {"ke", "tmt"}),
    "kedudukan": (_stand, {"jenis", "sejak", "sampai"}),
    "tutup": (_close, {*_CASE_OF, "alasan", "tanggal", "bulan", "catatan", "oleh"}),
    "catat": (_write_note, {*_CASE_OF, "catatan", "oleh"}),
    "minta": (_ask, {*_CASE_OF, "data", "benar"}),
    "pastikan": (_confirm, {"data", "oleh"}),
    "ubah": (_enter, {"data", "menjadi", "cara", "sejak", "oleh"}),
    "bentuk": (_form, {"menjadi"}),
    "betulkan": (_correct, {*_CASE_OF, "menjadi"}),
    "impor": (_import, {"baris"}),
    "kirim": (_later, set()),
}
"""What may happen, by the first word of its line, with the further words it knows."""


def _verb(event: Mapping[str, Any], where: str) -> str:
    """The word that says what happens: the line's first; ValueError where it or another word is not known."""
    verb = next(iter(event), "")
    if verb not in EVENTS:
        raise ValueError(f"{where}: kejadian yang tidak dikenal: {verb}")
    _known(event, {verb, "ditolak", *EVENTS[verb][1]}, where)
    return verb


class Lists:
    """A plugin that brings one way to import: a list as plain as the cases write it."""

    @hookimpl
    def register_connectors(self) -> list[Connector]:
        return [Connector("daftar", "Daftar", imports=(Import("daftar", "Daftar", (("daftar", "Daftar"),), _rows),))]


def _rows(files: Mapping[str, bytes], unit: Any, contents: Any) -> ImportRows:
    npsn, lines = json.loads(files["daftar"])
    return ImportRows(
        None,
        tuple(
            PersonRow(
                n, one["name"], one["ids"], born=datetime.fromisoformat(one["born"]).date(), employment=one["work"],
                title_back=one.get("title", ""), rank=one.get("rank", ""), attributes=one["about"],
                assignments=(AssignmentRow(one["role"], npsn, "definitif", SINCE),),
            )
            for n, one in enumerate(lines, 1)
        ),
    )  # fmt: skip
