"""Every open turn is a task: one row for each stage, sort of turn and relation, on both databases."""

from __future__ import annotations

import secrets
import threading
from dataclasses import replace
from datetime import date

import pytest

import kinerja_read as read
from kinerja import (
    ANSWER,
    CHANGE,
    NEWS,
    PROOFS,
    SUBJECT,
    UNIT_PROOFS,
    EvidenceHandler,
    Form,
    Item,
    Problem,
    StageProjection,
    StepProjection,
    Task,
    YearDay,
    cases,
    database,
    hookimpl,
    notes,
)
from kinerja.models import Assignment, Case, Evidence, Read, Relation, Standing, TaskRow, Timer
from kinerja.testing import Player, case_of, person, tasks, unit, viewer
from kinerja.workflow import reproject
from kinerja.writing import close
from kinerja_office import aftermath
from kinerja_work import evidence
from tests import busy, small

DAY = date(2030, 1, 15)
SCHEME = busy.SCHEME.replace(
    '[[bukti]]\nbutir = "buku"\npenyedia = "pegawai"\ncara = "sederhana"',
    '[[bukti]]\nbutir = "buku"\npenyedia = "pegawai"\ncara = "sederhana"\n[[bukti]]\nbutir = "rak"\n'
    'penyedia = "memutuskan"\ncara = "sederhana"\nlingkup = "satuan"\n[[bukti]]\nbutir = "cap"\npenyedia = "memutuskan"\n'
    'cara = "cap"',
)


def _made(context, data):
    """One book with two places for evidence, the shelf of the house, and what the head stamps."""
    book = context.content["buku"].entry(data["buku"]) if data.get("buku") else None
    items = (
        Item(f"pilih:{book.id}", "buku", book.label, count=2), Item("rak:1", "rak", "Rak"), Item("cap:1", "cap", "Cap"),
    ) if book else ()  # fmt: skip
    return StepProjection(items)


def _looking(context):
    if context.state.kind != "selesai":
        return StageProjection(tasks=(Task("memutuskan", "Nilai", step="nilai"),))
    told = Task(SUBJECT, f"Nilai Anda: {context.facts['nilai'].label}", what=NEWS, asked=False)
    return StageProjection(tasks=(told,))


class World(busy.Busy):
    """The plugin object: grading concludes, and its result is told."""

    @hookimpl
    def register_stages(self):
        return [
            replace(one, project=_looking, concludes=True) if one.id == "lihat" else one
            for one in super().register_stages()
        ]

    @hookimpl
    def register_steps(self):
        return [replace(one, project=_made) if one.id == "pilih" else one for one in super().register_steps()]

    @hookimpl
    def register_evidence_handlers(self):
        def check(slot, answers, content):
            return () if answers.get("isi") else (Problem("isi", "Tulis."),)

        def one(id, asks=""):
            form = Form("Bukti", (small.Field("isi", "Isi", "text"),))
            return EvidenceHandler(id, id, lambda slot: form, check, lambda value: str(value["isi"]), asks)

        return [one("sederhana"), one("cap", "{n} dari {total} menunggu cap")]


@pytest.fixture
def world(kernel, monkeypatch):
    monkeypatch.setattr(busy, "SCHEME", SCHEME)
    monkeypatch.setattr(busy, "Busy", World)
    busy.build(kernel)
    return kernel


def head(world) -> Player:
    return Player(world, "Budi Contoh").through("pembina")


def agreed(world, *names: str) -> str:
    """The plans of these people in force; answers the case of the first."""
    for name in names or ("Ani Contoh",):
        Player(world, name).fill(case_of(name), "tulis")
        Player(world, name).do(case_of(name), "tulis", "ajukan")
        head(world).do(case_of(name), "tulis", "setujui")
    return case_of(names[0] if names else "Ani Contoh")


def give(world, case: str, n: int, who: Player, text: str = "ada") -> None:
    seen = cases.load(world, case)
    place = evidence.slots(seen)[n]
    evidence.fill(
        world, secrets.token_hex(8), seen, place, who.actor, {"isi": text}, None, world.clock.now(), lambda content: ""
    )


def waits(world, name: str = "Ani Contoh", role: str = "") -> read.Waits:
    today = world.clock.today("Asia/Jakarta")
    if not role:
        return read.waits(viewer(world, name), today, [case_of(name)])
    held = Assignment.get((Assignment.person == person(name)) & (Assignment.role == role))
    return read.waits(viewer(world, name, held.id), today)


def labels(lines) -> list[str]:
    return sorted(line.label for line in lines)


GIVEN = (PROOFS, UNIT_PROOFS)


def test_missing_evidence_is_one_turn_of_each_giver_with_its_count(world):
    ani = Player(world, "Ani Contoh")
    case = agreed(world)
    assert sorted(tasks(case, *GIVEN)) == [
        ("memutuskan", "1 dari 1 bukti sekolah belum ada"), ("memutuskan", "1 dari 1 menunggu cap"),
        ("pegawai", "2 dari 2 bukti belum ada"),
    ]  # fmt: skip
    rows = {
        (row.relation, row.what): (row.count, row.total, row.due) for row in TaskRow.select().where(TaskRow.stage == "")
    }
    assert rows == {
        ("pegawai", PROOFS): (2, 2, date(2030, 12, 31)), ("memutuskan", PROOFS): (1, 1, date(2030, 12, 31)),
        ("memutuskan", UNIT_PROOFS): (1, 1, date(2030, 12, 31)),
    }  # fmt: skip
    since = TaskRow.get(TaskRow.relation == SUBJECT, TaskRow.what == PROOFS).since
    give(world, case, 0, ani)
    left = TaskRow.get(TaskRow.relation == SUBJECT, TaskRow.what == PROOFS)
    assert (left.label, left.count, left.total, left.since) == ("1 dari 2 bukti belum ada", 1, 2, since)
    give(world, case, 1, ani)
    assert "pegawai" not in dict(tasks(case, *GIVEN))
    give(world, case, 1, ani, "yang lain")
    assert "pegawai" not in dict(tasks(case, *GIVEN)), "what was replaced is still there"
    assert waits(world).asked == ()


def test_before_anything_is_in_force_nobody_is_asked_for_evidence(world):
    assert tasks(case_of("Ani Contoh"), *GIVEN) == []


def test_evidence_given_once_for_the_house_is_one_line_for_its_giver_and_ends_for_all(world):
    agreed(world, "Ani Contoh", "Eka Contoh")
    mine = [line.case for line in waits(world, "Budi Contoh", "pembina").asked if line.what == UNIT_PROOFS]
    assert len(mine) == 1, "two cases wait for it, it is given once"
    give(world, mine[0], 2, head(world))
    busy.work(world, DAY)
    told = [tasks(case_of(name), UNIT_PROOFS) for name in ("Ani Contoh", "Eka Contoh")]
    assert told == [[], []]


def test_evidence_for_the_house_is_asked_of_a_giver_though_another_gives_it_in_an_earlier_case(world):
    agreed(world, "Ani Contoh", "Eka Contoh")
    (first,) = [line.case for line in waits(world, "Budi Contoh", "pembina").asked if line.what == UNIT_PROOFS]
    (second,) = {case_of("Ani Contoh"), case_of("Eka Contoh")} - {first}
    budi, cici = person("Budi Contoh"), Assignment.get(Assignment.person == person("Cici Contoh"))
    decides = (Relation.case == first) & (Relation.kind == "memutuskan") & Relation.until.is_null()
    Relation.update(person=cici.person, assignment=cici.id).where(decides).execute()
    mine = waits(world, "Budi Contoh", "pembina")
    assert [line.case for line in mine.asked if line.what == UNIT_PROOFS] == [second]
    held = Assignment.get((Assignment.person == budi) & (Assignment.role == "pembina")).id
    elsewhere = read.waiting_elsewhere(viewer(world, "Budi Contoh"), world.clock.today("Asia/Jakarta"))
    assert elsewhere == {held: len(mine.asked) + len(mine.news)}
    of_cici = read.waits(viewer(world, "Cici Contoh", cici.id), world.clock.today("Asia/Jakarta"))
    assert [line.case for line in of_cici.asked if line.what == UNIT_PROOFS] == [first]


def test_evidence_given_twice_at_once_is_there_once_and_asked_for_no_more(world):
    case, ani = agreed(world), Player(world, "Ani Contoh")
    give(world, case, 0, ani)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            give(world, case, 1, ani, "sama")
        except BaseException as problem:  # told below
            failed.append(problem)
        finally:
            database.proxy.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert failed == []
    assert Evidence.select().where(Evidence.n == 2, Evidence.replaced_at.is_null()).count() == 1
    assert "pegawai" not in dict(tasks(case, *GIVEN))


def test_what_is_said_waits_for_the_other_side_until_it_answers(world):
    case, ani, now = agreed(world), Player(world, "Ani Contoh"), world.clock.now()
    notes.note(world, "a", ani.actor, case, "tulis", "pilih:laut", "Mengapa laut?", now)
    assert tasks(case, ANSWER) == [("memutuskan", "Bu Ani menulis 1 tanggapan")]
    assert labels(waits(world, "Budi Contoh", "pembina").news) == ["Bu Ani menulis 1 tanggapan"]
    assert waits(world).news == (), "who wrote it has nothing to read"
    notes.note(world, "b", ani.actor, case, "tulis", "rak:1", "Rak mana?", now)
    assert tasks(case, ANSWER) == [("memutuskan", "Bu Ani menulis 2 tanggapan")]
    notes.note(world, "c", head(world).actor, case, "tulis", "pilih:laut", "Karena dekat.", now)
    assert sorted(tasks(case, ANSWER)) == [
        ("memutuskan", "Bu Ani menulis 1 tanggapan"), ("pegawai", "Pak Budi menulis 1 tanggapan"),
    ]  # fmt: skip
    notes.note(world, "d", head(world).actor, case, "tulis", "rak:1", "Yang kiri.", now)
    assert tasks(case, ANSWER) == [("pegawai", "Pak Budi menulis 2 tanggapan")]


def test_what_is_read_is_read_for_that_person_and_up_to_that_moment(world):
    case, ani = agreed(world), Player(world, "Ani Contoh")
    budi, now = head(world), world.clock.now()
    notes.note(world, "a", budi.actor, case, "tulis", "rak:1", "Rak kiri.", now)
    line = waits(world).news[0]
    notes.read_up_to(budi.actor, case, "tulis", line.since)
    assert labels(waits(world).news) == ["Pak Budi menulis 1 tanggapan"], "somebody else reading it changes nothing"
    notes.read_up_to(ani.actor, case, "tulis", line.since)
    notes.read_up_to(ani.actor, case, "tulis", line.since.replace(year=2029))
    assert waits(world).news == () and Read.select().count() == 2, "an older reading takes nothing back"
    busy.work(world, date(2030, 1, 16))
    notes.note(world, "b", budi.actor, case, "tulis", "rak:1", "Atau kanan.", world.clock.now())
    assert labels(waits(world).news) == ["Pak Budi menulis 1 tanggapan"], "what came since then is new"


def test_what_the_head_changed_and_said_is_news_until_it_is_read(world):
    ani, budi, case = Player(world, "Ani Contoh"), head(world), case_of("Ani Contoh")
    ani.fill(case, "tulis")
    ani.do(case, "tulis", "ajukan")
    budi.do(case, "tulis", "sesuaikan", step="pilih", data={"buku": "gunung"})
    assert tasks(case, CHANGE) == [("pegawai", "Pak Budi menyesuaikan 1 bagian")]
    line = next(one for one in waits(world).news if one.what == CHANGE)
    assert (line.sentence, line.asked, line.due) == ("Pilih buku", False, None)
    budi.do(case, "tulis", "setujui")
    budi.hand_in(case, "lihat", "nilai", "tetapkan", nilai="baik")
    assert tasks(case, CHANGE, NEWS) == [
        ("pegawai", "Pak Budi menyesuaikan 1 bagian"), ("pegawai", "Nilai Anda: Baik"),
    ], "a result is told as such, not as one more part that was filled in"  # fmt: skip


def test_a_plan_given_back_says_so_once_and_a_note_at_another_decision_is_news(world):
    ani, budi, case = Player(world, "Ani Contoh"), head(world), case_of("Ani Contoh")
    ani.fill(case, "tulis")
    ani.do(case, "tulis", "ajukan")
    budi.do(case, "tulis", "kembalikan", note="Tambah satu")
    assert (tasks(case), tasks(case, ANSWER, CHANGE)) == ([("pegawai", "Perbaiki")], [])
    ani.do(case, "tulis", "ajukan")
    budi.do(case, "tulis", "setujui", note="Bagus")
    assert tasks(case, ANSWER) == [("pegawai", "Pak Budi menulis 1 tanggapan")]


def test_two_authors_are_both_named(world):
    from kinerja.models import Relation

    case = agreed(world)
    cici = person("Cici Contoh")
    Relation.create(case=case, kind="memutuskan", person=cici, since=date(2030, 1, 1), assignment=None)
    notes.note(world, "a", head(world).actor, case, "tulis", "rak:1", "Satu.", world.clock.now())
    notes.note(world, "b", Player(world, "Cici Contoh").actor, case, "tulis", "cap:1", "Dua.", world.clock.now())
    told = dict(tasks(case, ANSWER))["pegawai"]
    assert told in ("Pak Budi dan Bu Cici menulis 2 tanggapan", "Bu Cici dan Pak Budi menulis 2 tanggapan")


def test_nobody_is_called_for_evidence_or_work_once_the_case_is_judged(world):
    case = agreed(world)
    Player(world, "Ani Contoh").do(case, "tulis", "revisi", note="Ada yang kurang")
    assert dict(tasks(case))["pegawai"] == "Lengkapi" and tasks(case, PROOFS) != []
    Player(world, "Ani Contoh").do(case, "tulis", "ajukan")
    head(world).do(case, "tulis", "setujui")
    head(world).hand_in(case, "lihat", "nilai", "tetapkan", nilai="baik")
    assert (tasks(case), tasks(case, *GIVEN), tasks(case, NEWS)) == ([], [], [("pegawai", "Nilai Anda: Baik")])
    assert (waits(world).nothing, labels(waits(world).news)) == (False, ["Nilai Anda: Baik"])


@pytest.mark.parametrize("how", ["leave", "gone", "closed"])
def test_who_is_spared_gets_no_work_but_the_result(world, how):
    case = agreed(world)
    head(world).hand_in(case, "lihat", "nilai", "tetapkan", nilai="cukup")
    if how == "leave":
        Standing.create(person=person("Ani Contoh"), kind="sakit", since=DAY)
        aftermath.after_people(world, unit("rumah-a"))
    elif how == "gone":
        Assignment.update(until=date(2030, 1, 14)).where(Assignment.person == person("Ani Contoh")).execute()
        aftermath.after_people(world, unit("rumah-a"))
    else:
        close(world, case, world.clock.now())
    mine = waits(world)
    assert (mine.asked, labels(mine.news)) == ((), ["Nilai Anda: Cukup"])


def test_on_leave_nobody_is_asked_and_after_it_again(world):
    case = agreed(world)
    Standing.create(person=person("Ani Contoh"), kind="sakit", since=DAY, until=date(2030, 1, 20))
    aftermath.after_people(world, unit("rumah-a"))
    assert [one for one in tasks(case, *GIVEN) if one[0] == SUBJECT] == []
    assert [one for one in tasks(case, PROOFS) if one[0] == "memutuskan"] != [], "the head may still do their part"
    busy.work(world, date(2030, 1, 21))
    assert ("pegawai", "2 dari 2 bukti belum ada") in tasks(case, PROOFS)


def test_a_stage_before_its_day_is_no_turn_yet_but_says_from_when(world):
    scheme = world.snapshot(Case.get_by_id(case_of("Ani Contoh")).snapshot).scheme
    rule = next(one for one in scheme.stages if one.id == "lihat")
    window = replace(
        next(one for one in scheme.stages if one.id == "tulis").windows[0],
        opens=YearDay(0, 2, 1),
        closes=YearDay(0, 3, 1),
    )
    object.__setattr__(rule, "windows", (window,))
    case = agreed(world)
    assert tasks(case) == []
    mine = waits(world, "Budi Contoh", "pembina")
    assert [(one.label, one.opens) for one in mine.later] == [("Nilai", date(2030, 2, 1))]
    assert [(one.label, one.opens) for one in waits(world).others if one.what == "kerja"] == [
        ("Nilai", date(2030, 2, 1))
    ]
    busy.work(world, date(2030, 2, 1))
    Timer.create(name="reproject", case=case, due_at=world.clock.now())
    busy.work(world, date(2030, 2, 1))
    assert tasks(case) == [("memutuskan", "Nilai")]
    told = next(one for one in waits(world, "Budi Contoh", "pembina").asked if one.label == "Nilai")
    assert told.since.date() >= date(2030, 1, 31), "it waits since its day, not since it was known"


def test_several_turns_of_one_sort_are_one_row_with_a_count(world, monkeypatch):
    def twice(context):
        return StageProjection(tasks=(Task(SUBJECT, "Satu", step="pilih"), Task(SUBJECT, "Dua", step="cerita")))

    case, stages = case_of("Ani Contoh"), world.host.registry.stages
    monkeypatch.setitem(stages, "tulis", replace(stages["tulis"], project=twice))
    reproject(world, case, world.clock.now())
    rows = [
        (row.label, row.count) for row in TaskRow.select().where((TaskRow.case == case) & (TaskRow.stage == "tulis"))
    ]
    assert rows == [("Satu", 2)]


def test_counting_what_waits_in_each_capacity_takes_read_and_coming_turns_away(world):
    agreed(world, "Ani Contoh", "Eka Contoh")
    budi = person("Budi Contoh").id
    held = Assignment.get((Assignment.person == budi) & (Assignment.role == "pembina")).id
    today = world.clock.today("Asia/Jakarta")
    mine = waits(world, "Budi Contoh", "pembina")
    assert read.waiting_elsewhere(viewer(world, "Budi Contoh"), today) == {held: len(mine.asked) + len(mine.news)}
