"""Who may see and do what, asked of the kernel directly: no page stands before the law here."""

from __future__ import annotations

import ast
import secrets
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import kinerja_read as read
from kinerja import Refusal, access, cases, changes, database, drafts, notes, settings, workflow
from kinerja.access import (
    ARRANGES,
    DECIDES,
    OBSERVES,
    OWN,
    PEOPLE,
    PROVIDES,
    READ_CONTENTS,
    READ_RESULTS,
    READ_STATES,
    RECOMMENDS,
    TABLE,
    Level,
)
from kinerja.contracts import Actor, Correction
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Reading, Relation, Request
from kinerja.testing import open_tasks, person, set_date, unit
from kinerja_office import choosing, correcting, endings, requests, staff
from kinerja_work import evidence
from tests import access_world
from tests.access_world import DAY, ELSEWHERE, ENDED, KEEPER_ELSEWHERE, ROLES, WHO, World

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = (ELSEWHERE, ENDED, KEEPER_ELSEWHERE)
"""Those who stand in no row of the table for these cases."""


@pytest.fixture
def world(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> World:
    return access_world.build(kernel, monkeypatch)


class _Undone(Exception):
    pass


@contextmanager
def undone():
    """Let what is tried be tried, and nothing of it stay."""
    try:
        with database.proxy.atomic():
            yield
            raise _Undone
    except _Undone:
        pass


# --- reading ------------------------------------------------------------------------------------


def row_of(who: str) -> access.Row:
    return TABLE[access.NONE_AT_ALL if who in OUTSIDE else who]


@pytest.mark.parametrize("state", access_world.STATES)
def test_a_case_is_there_for_exactly_those_whose_row_shows_where_it_stands(world: World, state: str) -> None:
    seen = cases.load(world.kernel, world.cases[state])
    found = {who for who in WHO if access.may_read(world.viewer(who, state), seen)}
    assert found == {who for who in WHO if row_of(who).state}


def test_the_row_of_everybody_is_the_one_they_stand_in(world: World) -> None:
    seen = cases.load(world.kernel, world.cases["dinilai"])
    for who in WHO:
        look = access.sight(world.kernel, world.viewer(who, "dinilai"), seen)
        assert look.level == row_of(who), who
        none = who in OUTSIDE or who in (access.SAME_UNIT, access.NONE_AT_ALL)
        assert look.rows == (frozenset() if none else {who})


def test_parts_are_read_by_those_of_the_step_and_by_whom_a_permission_lets(world: World) -> None:
    seen = cases.load(world.kernel, world.cases["dinilai"])
    found = {
        part.step: {who for who in WHO if access.may_read_part(world.kernel, world.viewer(who, "dinilai"), seen, part)}
        for part in seen.parts
    }
    assert found == {
        "pilih": {OWN, DECIDES, RECOMMENDS, READ_CONTENTS},
        "cerita": {OWN, DECIDES, OBSERVES, READ_CONTENTS},
        "data": {OWN, DECIDES, READ_CONTENTS},
        "nilai": {OWN, DECIDES},  # a judgement: who reads contents alone does not read it
    }


def test_a_judgement_is_read_by_whom_permissions_let_read_contents_and_results(world: World) -> None:
    seen = cases.load(world.kernel, world.cases["dinilai"])
    both = access.Viewer(
        0, "", "", 0, unit=seen.line[-1], line=seen.line, permissions=frozenset({READ_CONTENTS, READ_RESULTS})
    )
    assert all(access.may_read_part(world.kernel, both, seen, part) for part in seen.parts)


def test_without_its_plugin_a_part_is_read_by_all_whose_relation_reads_contents(world: World) -> None:
    world.kernel.host.registry.steps.clear()
    world.kernel.host.registry.stages.clear()
    seen = cases.load(world.kernel, world.cases["jadi"])
    found = {who for who in WHO if access.may_read_part(world.kernel, world.viewer(who, "jadi"), seen, seen.parts[0])}
    assert found == {OWN, DECIDES, RECOMMENDS, OBSERVES}


def test_the_entry_gives_each_viewer_only_what_their_row_lets_them_see(world: World) -> None:
    kernel, id = world.kernel, world.cases["dinilai"]
    seen: dict[str, tuple[Any, ...]] = {}
    for who in WHO:
        viewer = world.viewer(who, "dinilai")
        if not row_of(who).state:
            with pytest.raises(Refusal) as info:
                read.case(viewer, kernel, id)
            assert info.value.code == "missing", who
            continue
        case = read.case(viewer, kernel, id)
        texts = str([(part.handed, part.effective, part.handed_view, part.effective_view) for part in case.parts])
        beside = read.beside(viewer, kernel, case, date(2030, 1, 15), "tulis")
        seen[who] = (
            case.progress["lihat"].state.label,
            sorted(read.facts(viewer, kernel, case)),
            [item.label for item in case.items],
            access_world.STORY in texts,
            [text for *_, text, _, _ in beside.notes] + [text for *_, text, _ in read.notes(viewer, kernel, case)],
            beside.numbers,
            len({one.part for one in beside.revisions}),
            sorted({line.code for line in read.history(viewer, kernel, case)}),
        )
    told, plain, nip = f"Nilai: {access_world.RESULT}", "Sudah dinilai", {"nip": access_world.NUMBER}
    rows = ["ajukan", "note", "setujui", "tetapkan"]
    more = sorted([*rows, "evidence"])
    note = [access_world.NOTE] * 2
    full, state = ["nilai", "tulis.jadi"], ["tulis.jadi"]
    assert seen == {
        OWN: (told, full, ["Gunung"], True, note, nip, 3, more),
        DECIDES: (told, full, ["Gunung"], True, note, nip, 3, more),
        RECOMMENDS: (plain, state, ["Gunung"], True, note, nip, 1, more),
        OBSERVES: (plain, state, [], True, note, {}, 1, more),
        PROVIDES: (plain, state, ["Gunung"], True, note, {}, 0, more),
        ARRANGES: (plain, state, [], False, [], {}, 0, rows),
        READ_STATES: (plain, state, [], False, [], {}, 0, rows),
        READ_RESULTS: (told, full, [], False, [], {}, 0, rows),
        READ_CONTENTS: (plain, state, ["Gunung"], True, note, nip, 3, more),
    }


def test_lists_say_a_result_only_to_those_who_may_read_it(world: World) -> None:
    house, other = unit("rumah-a"), unit("rumah-b")
    found = {}
    for who in WHO:
        viewer = world.viewer(who, "dinilai")
        below = read.standings_below(viewer, house.depth, house.line)
        assert read.standings_below(viewer, other.depth, other.line) == [] or who == KEEPER_ELSEWHERE
        own = read.standings(viewer, DAY)
        found[who] = [{one.label for one in lines if one.case == world.cases["dinilai"]} for lines in (below, own)]
    told, plain, none = {f"Nilai: {access_world.RESULT}"}, {"Sudah dinilai"}, set()
    expected = {who: [none, none] for who in WHO} | {
        DECIDES: [none, told], RECOMMENDS: [none, plain], OBSERVES: [none, plain], PROVIDES: [none, plain],
        ARRANGES: [none, plain], READ_STATES: [plain, none], READ_RESULTS: [told, none], READ_CONTENTS: [plain, none],
    }  # fmt: skip
    assert found == expected, "the list of a post that ended is over with it"


def test_open_turns_are_listed_for_those_who_see_the_case(world: World) -> None:
    case = world.cases["draf"]
    assert len(open_tasks(case)) > 0
    found = {who for who in WHO if read.open_tasks(world.viewer(who, "draf"), [case], DAY)}
    assert found == {who for who in WHO if row_of(who).state}


def test_messages_and_settings_are_for_those_who_may_see_them(world: World) -> None:
    house = unit("rumah-a")
    choosing.set_choice(world.kernel, unit("negeri"), "kecil", None, settings={"kunci": 1})
    for who in WHO:
        viewer = world.viewer(who, "draf")
        assert read.messages_below(viewer, "kantor", house.line) == []
        assert read.root_settings(viewer, "kecil") == {}, "nobody here keeps plugins at the root"
    assert read.root_settings(None, "kecil") == {"kunci": 1}


def test_every_line_the_kernel_writes_into_a_history_has_a_column(world: World) -> None:
    codes = set()
    for path in (ROOT / "core").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            written = isinstance(node, ast.Call) and ast.unparse(node.func) == "log.write"
            if written and ast.unparse(node.args[4]) != "''":
                codes.add(ast.unparse(node.args[2]))
    plain = {code.strip("'") for code in codes if code.startswith("'")}
    assert codes - {f"'{code}'" for code in plain} == {"plan.row.id", "f'request-{state}'"}
    assert plain | {f"request-{state}" for state in ("granted", "done", "denied")} | {read.LOOKED} == set(read.LINES)


# --- who looked ---------------------------------------------------------------------------------


def looks(kernel: Kernel, viewer: access.Viewer, id: str) -> list[read.HistoryLine]:
    return [one for one in read.history(viewer, kernel, cases.load(kernel, id)) if one.code == read.LOOKED]


def test_reading_anothers_contents_without_a_turn_is_kept_once_a_day_and_shown_to_them_alone(world: World) -> None:
    kernel, id = world.kernel, world.cases["jadi"]
    for who in WHO:
        for _ in range(2):
            try:
                read.case(world.viewer(who, "jadi"), kernel, id)
            except Refusal:
                pass
    own = world.viewer(OWN, "jadi")
    lines = looks(kernel, own, id)
    called = (DECIDES, PROVIDES)  # they have a turn: a judgement to set, evidence to give
    reads = [who for who in WHO if row_of(who).content and who != OWN and who not in called]
    names = [(access_world.NAMES[who], ROLES[who]) for who in reads]
    assert sorted(line.text for line in lines) == sorted(
        f"{name} membaca isi kinerja ini sebagai {role}, Rumah A" for name, role in names
    )
    seeing = [who for who in WHO if row_of(who).state and who != OWN]
    assert all(looks(kernel, world.viewer(who, "jadi"), id) == [] for who in seeing)
    kernel.kept.clear()
    read.case(world.viewer(OBSERVES, "jadi"), kernel, id)
    assert Reading.select().where(Reading.case == id).count() == len(reads), "another process keeps it no second time"
    set_date(kernel, DAY + timedelta(days=1))
    read.case(world.viewer(OBSERVES, "jadi"), kernel, id)
    assert Reading.select().where(Reading.case == id).count() == len(reads) + 1


def test_whoever_has_a_turn_reads_without_a_line_and_so_does_who_sees_states_alone(world: World) -> None:
    for who in (DECIDES, OWN, ARRANGES, READ_STATES, READ_RESULTS):
        read.case(world.viewer(who, "diajukan"), world.kernel, world.cases["diajukan"])
    assert list(Reading.select()) == []


def test_a_turn_that_is_stuck_or_anothers_is_no_turn_to_read_by(world: World) -> None:
    database.run("UPDATE task SET kind = 'macet' WHERE case_id = ?", world.cases["diajukan"])
    read.case(world.viewer(DECIDES, "diajukan"), world.kernel, world.cases["diajukan"])
    read.case(world.viewer(DECIDES, "draf"), world.kernel, world.cases["draf"])
    assert sorted(one.case_id for one in Reading.select()) == sorted([world.cases["diajukan"], world.cases["draf"]])


@pytest.mark.parametrize("change", ["asked = FALSE", "opens = '2999-01-01'"])
def test_news_and_a_turn_of_a_day_to_come_are_no_turn_to_read_by(world: World, change: str) -> None:
    database.run(f"UPDATE task SET {change} WHERE case_id = ?", world.cases["diajukan"])
    read.case(world.viewer(DECIDES, "diajukan"), world.kernel, world.cases["diajukan"])
    assert [one.case_id for one in Reading.select()] == [world.cases["diajukan"]]


def test_a_turn_whose_day_has_come_is_one_to_read_by(world: World) -> None:
    database.run("UPDATE task SET opens = ? WHERE case_id = ?", database.stored_day(DAY), world.cases["diajukan"])
    read.case(world.viewer(DECIDES, "diajukan"), world.kernel, world.cases["diajukan"])
    assert list(Reading.select()) == []


# --- doing --------------------------------------------------------------------------------------

Act = Callable[[World, access.Viewer, str], object]


def take(row: str, **more: Any) -> Act:
    def act(world: World, viewer: access.Viewer, id: str) -> object:
        parts = {one.step: one.handed_number for one in cases.load(world.kernel, id).parts if one.handed_number}
        ask = changes.Ask("k", id, "tulis", row, viewer.actor, world.kernel.clock.now(), parts, **more)
        return workflow.apply(world.kernel, ask)

    return act


def save(world: World, viewer: access.Viewer, id: str) -> object:
    part = cases.load(world.kernel, id).part("tulis", "cerita")
    now = world.kernel.clock.now()
    return drafts.save_draft(world.kernel, viewer.actor, id, "tulis", "cerita", part.revision, {"isi": "Lain"}, now)


def begin(world: World, viewer: access.Viewer, id: str) -> object:
    return drafts.begin(world.kernel, viewer.actor, id, "tulis", "cerita", world.kernel.clock.now())


def say_so(world: World, viewer: access.Viewer, id: str) -> object:
    notes.note(world.kernel, "k", viewer.actor, id, "tulis", "pilih:gunung", "Kata", world.kernel.clock.now())
    return True


def give(world: World, viewer: access.Viewer, id: str) -> object:
    seen = cases.load(world.kernel, id)
    slot = evidence.slots(seen)[0]
    now, data = world.kernel.clock.now(), {"isi": "Foto"}
    evidence.fill(world.kernel, secrets.token_hex(8), seen, slot, viewer.actor, data, None, now, lambda content: "")
    return True


def close(world: World, viewer: access.Viewer, id: str) -> object:
    seen = cases.load(world.kernel, id)
    endings.end(world.kernel, viewer, seen, "purna", DAY, 1, "Catatan", world.kernel.clock.now())
    return True


def close_note(world: World, viewer: access.Viewer, id: str) -> object:
    endings.add_note(world.kernel, viewer, cases.load(world.kernel, id), "Catatan", world.kernel.clock.now())
    return True


def ask_value(world: World, viewer: access.Viewer, id: str) -> object:
    one = Correction("nomor", "Nomor", "1", "Penjaga")
    requests.ask_value(world.kernel, viewer, cases.load(world.kernel, id), one, "2", world.kernel.clock.now())
    return True


def ask_unlock(world: World, viewer: access.Viewer, id: str) -> object:
    seen = cases.load(world.kernel, id)
    requests.ask_unlock(world.kernel, viewer, seen, "cerita", "Cerita", "Sebab", world.kernel.clock.now())
    return True


def contest(world: World, viewer: access.Viewer, id: str) -> object:
    requests.ask_relation(
        world.kernel, viewer, cases.load(world.kernel, id), "memutuskan", "S", world.kernel.clock.now()
    )
    return True


def answer(world: World, viewer: access.Viewer, id: str) -> object:
    case = Case.get_by_id(id)
    asked = Request.create(
        case=id, kind="value", person=case.person, unit=case.unit, label="Nomor", at=world.kernel.clock.now()
    )
    return requests.answer(world.kernel, viewer, asked.id, True, "Sudah", world.kernel.clock.now())


def correct(world: World, viewer: access.Viewer, id: str) -> object:
    cici = Assignment.get(Assignment.person == person("Cici Contoh"))
    now = world.kernel.clock.now()
    return correcting.correct(world.kernel, viewer, [id], "memutuskan", cici.id, "Sebab", now)


def appoint(world: World, viewer: access.Viewer, id: str) -> object:
    joni, house = person("Joni Contoh"), unit("rumah-a")
    return staff.appoint(world.kernel, viewer, joni, "murid", "tetap", house, DAY, None, "SK 1")


def dismiss(world: World, viewer: access.Viewer, id: str) -> object:
    held = Assignment.get(Assignment.person == person("Joni Contoh"))
    staff.end(world.kernel, viewer, held, DAY, "purna", "SK 1")
    return True


def take_back(world: World, viewer: access.Viewer, id: str) -> object:
    held = Assignment.get(Assignment.person == person("Joni Contoh"))
    Assignment.update(until=DAY, ended_as="purna").where(Assignment.id == held.id).execute()
    staff.resume(world.kernel, viewer, Assignment.get_by_id(held.id), "Keliru")
    return True


def leave(world: World, viewer: access.Viewer, id: str) -> object:
    staff.set_standing(world.kernel, viewer, person("Joni Contoh"), "sakit", DAY, None, "SK 1")
    return True


ACTS: dict[str, tuple[str, Act, set[str]]] = {
    "begin": ("belum", begin, {OWN}),
    "save a draft": ("draf", save, {OWN}),
    "hand in": ("draf", take("ajukan"), {OWN}),
    "take back": ("diajukan", take("tarik"), {OWN}),
    "approve": ("diajukan", take("setujui"), {DECIDES}),
    "give back": ("diajukan", take("kembalikan", note="Ubah."), {DECIDES}),
    "adjust": ("diajukan", take("sesuaikan", step="pilih", data={"buku": "laut"}), {DECIDES}),
    "adjust what has no editors": ("diajukan", take("sesuaikan", step="data", data={"data": "a"}), set()),
    "say something": ("diajukan", say_so, {OWN, DECIDES, RECOMMENDS, OBSERVES, PROVIDES}),
    "give evidence": ("jadi", give, {PROVIDES}),
    "end early": ("jadi", close, {DECIDES, PEOPLE}),
    "write a closing note": ("ditutup", close_note, {DECIDES, PEOPLE}),
    "ask for a value": ("draf", ask_value, {OWN}),
    "ask for an unlocking": ("draf", ask_unlock, {OWN}),
    "contest an assessor": ("draf", contest, {OWN}),
    "answer a request": ("draf", answer, {PEOPLE}),
    "correct a relation": ("draf", correct, {PEOPLE}),
    "appoint": ("draf", appoint, {PEOPLE}),
    "end a post": ("draf", dismiss, {PEOPLE}),
    "take back an end": ("draf", take_back, {PEOPLE}),
    "enter a leave": ("draf", leave, {PEOPLE}),
}
"""Each act with the state of the case it is tried on, and all who may do it."""


def who_may(world: World, state: str, act: Act) -> set[str]:
    found = set()
    for who in WHO:
        viewer = world.viewer(who, state)
        with undone():
            try:
                if act(world, viewer, world.cases[state]):
                    found.add(who)
            except Refusal:
                pass
    return found


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_done_by_exactly_those_who_may(world: World, name: str) -> None:
    state, act, allowed = ACTS[name]
    assert who_may(world, state, act) == allowed


def test_nobody_at_all_does_nothing(world: World) -> None:
    nobody = access.Viewer(0, "", "")
    for name, (state, act, _) in ACTS.items():
        with undone(), pytest.raises(Refusal):
            if not act(world, nobody, world.cases[state]):
                raise Refusal("missing", name)


AFTER = {"answer a request", "appoint", "end a post", "take back an end", "enter a leave"}
"""What is about people and not about a case: a period that is over does not end it."""


def test_when_the_period_is_over_nothing_of_a_case_is_done_any_more(world: World) -> None:
    set_date(world.kernel, date(2031, 2, 10))
    for name, (state, act, allowed) in ACTS.items():
        assert who_may(world, state, act) == (allowed if name in AFTER else set()), name


def test_a_draft_with_the_right_revision_is_kept_only_while_all_that_lets_one_write_holds(world: World) -> None:
    """Condition by condition of the one statement: handed in, period over, relation over, post over, another capacity."""
    kernel, now, before = world.kernel, world.kernel.clock.now(), DAY - timedelta(days=1)
    own, head = world.viewer(OWN, "draf").actor, world.viewer(DECIDES, "jadi").actor
    drafts.begin(kernel, head, world.cases["jadi"], "lihat", "nilai", now)
    theirs = (world.cases["draf"], "tulis", "cerita", own)
    judged = (world.cases["jadi"], "lihat", "nilai", head)
    relation = (Relation.case == theirs[0]) & (Relation.person == own.person)
    tries: dict[str, tuple[tuple[str, str, str, Actor], datetime, Callable[[], object]]] = {
        "handed in": ((world.cases["diajukan"], "tulis", "cerita", world.viewer(OWN, "diajukan").actor), now, bool),
        "period over": (theirs, datetime(2031, 2, 5, 12, tzinfo=now.tzinfo), bool),
        "relation over": (theirs, now, lambda: Relation.update(until=before).where(relation).execute()),
        "post over": (
            judged,
            now,
            lambda: Assignment.update(until=before).where(Assignment.id == head.assignment).execute(),
        ),
        "closed": (theirs, now, lambda: Case.update(closed_at=now).where(Case.id == theirs[0]).execute()),
        "another capacity": ((*judged[:3], Actor(head.person, None)), now, bool),
    }
    for name, ((case, stage, step, actor), at, change) in tries.items():
        part = cases.load(kernel, case).part(stage, step)
        with undone():
            change()
            with pytest.raises(Refusal):
                drafts.save_draft(kernel, actor, case, stage, step, part.revision, {"isi": "Lain"}, at)
            assert "Lain" not in str(database.rows("SELECT draft FROM part WHERE id = ?", part.id)), name
    for case, stage, step, actor in (theirs, judged):
        part = cases.load(kernel, case).part(stage, step)
        assert drafts.save_draft(kernel, actor, case, stage, step, part.revision, {}, now) == part.revision + 1


def test_nobody_does_anything_about_themselves(world: World) -> None:
    """Whoever keeps people is a person there too: their own post, leave, request, case and assessor are another's."""
    kernel, house, now = world.kernel, unit("rumah-a"), world.kernel.clock.now()
    held = Assignment.get(Assignment.person == person(access_world.NAMES[PEOPLE]))
    keeper = world.viewer(PEOPLE, "draf")
    mine = world.cases["draf"]
    Case.update(person=keeper.person).where(Case.id == mine).execute()
    asked = Request.create(case=mine, kind="value", person=keeper.person, unit=house, label="Nomor", at=now)
    seen = cases.load(kernel, mine)
    cici = Assignment.get(Assignment.person == person("Cici Contoh"))
    me = person(access_world.NAMES[PEOPLE])
    tries: dict[str, tuple[str, Callable[[], object]]] = {
        "appoint": ("not-oneself", lambda: staff.appoint(kernel, keeper, me, "murid", "tetap", house, DAY, None, "SK")),
        "end": ("not-oneself", lambda: staff.end(kernel, keeper, held, DAY, "purna", "SK")),
        "transfer": (
            "not-oneself",
            lambda: staff.transfer(kernel, keeper, held, house, "murid", DAY, "pindah", "SK"),
        ),
        "resume": ("not-oneself", lambda: staff.resume(kernel, keeper, held, "SK")),
        "leave": ("not-oneself", lambda: staff.set_standing(kernel, keeper, me, "sakit", DAY, None, "SK")),
        "answer": ("missing", lambda: requests.answer(kernel, keeper, asked.id, True, "Ya", now)),
        "end the case": ("missing", lambda: endings.end(kernel, keeper, seen, "purna", DAY, 1, "Ya", now)),
        "become an assessor": (
            "not-oneself",
            lambda: correcting.correct(kernel, keeper, [world.cases["jadi"]], "memutuskan", held.id, "Ya", now),
        ),
    }
    for name, (code, attempt) in tries.items():
        with undone(), pytest.raises(Refusal) as info:
            attempt()
        assert info.value.code == code, name
    assert correcting.correct(kernel, keeper, [mine], "memutuskan", cici.id, "Ya", now) == [], "one's own case"
    ani = world.viewer(OWN, "belum")
    with undone():
        own = Assignment.get(Assignment.person == ani.person)
        done = correcting.correct(kernel, keeper, [world.cases["belum"]], "memutuskan", own.id, "Ya", now)
        assert done == [], "nobody is made their own assessor"
    Case.update(ending={"alasan": "purna"}).where(Case.id == mine).execute()
    with undone(), pytest.raises(Refusal) as info:
        endings.add_note(kernel, keeper, cases.load(kernel, mine), "Ya", now)
    assert info.value.code == "missing"


def test_posts_are_given_only_where_one_keeps_people_and_never_more_than_ones_own(world: World) -> None:
    kernel, keeper, other = world.kernel, world.viewer(PEOPLE, "draf"), unit("rumah-b")
    joni = Assignment.get(Assignment.person == person("Joni Contoh"))
    dedi = Assignment.get(Assignment.person == person("Dedi Contoh"))
    tries = {
        "appoint elsewhere": lambda: staff.appoint(
            kernel, keeper, joni.person, "murid", "tetap", other, DAY, None, "SK"
        ),
        "end elsewhere": lambda: staff.end(kernel, keeper, dedi, DAY, "purna", "SK"),
        "transfer away": lambda: staff.transfer(kernel, keeper, joni, other, "murid", DAY, "pindah", "SK"),
        "transfer here": lambda: staff.transfer(kernel, keeper, dedi, unit("rumah-a"), "murid", DAY, "pindah", "SK"),
        "leave elsewhere": lambda: staff.set_standing(kernel, keeper, dedi.person, "sakit", DAY, None, "SK"),
        "merge": lambda: staff.merge(kernel, keeper, other, unit("rumah-a"), DAY, "pindah", "SK"),
    }
    for name, attempt in tries.items():
        with undone(), pytest.raises(Refusal) as info:
            attempt()
        assert info.value.code == "other-unit", name
    with undone(), pytest.raises(Refusal) as info:
        staff.appoint(kernel, keeper, joni.person, ROLES[READ_RESULTS], "tetap", unit("rumah-a"), DAY, None, "SK")
    assert info.value.code == "missing", "a role that allows more than the keeper's own"


def test_what_is_locked_above_is_not_chosen_below(world: World) -> None:
    kernel, root, house = world.kernel, unit("negeri"), unit("rumah-a")
    choosing.set_choice(kernel, root, "daerah", None, on=True, locked=True)
    for change in ({"on": False}, {"locked": False}, {"settings": {"a": 1}}):
        with pytest.raises(Refusal) as info:
            choosing.set_choice(kernel, house, "daerah", None, **change)
        assert info.value.code == "locked"
    choosing.set_choice(kernel, root, "daerah", None, on=False)
    assert "daerah" not in settings.enabled(kernel, house.line)


# --- the table itself ---------------------------------------------------------------------------

WORDS = {Level.NONE: "—", Level.PART: "its steps", Level.ALL: "all"}


def test_the_document_prints_the_table() -> None:
    lines = ["| who | states | results | contents | people's data |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| {who} | {' | '.join(WORDS[level] for level in row)} |" for who, row in TABLE.items()]
    assert "\n".join(lines) in (ROOT / "docs" / "design.md").read_text("utf-8"), "\n".join(lines)


def test_every_relation_shows_where_a_case_stands_and_every_permission_has_a_row() -> None:
    assert all(TABLE[who].state == Level.ALL for who in (OWN, DECIDES, RECOMMENDS, OBSERVES, PROVIDES, ARRANGES))
    assert set(access.PERMISSIONS) <= set(TABLE)


def test_who_keeps_plugins_people_or_imports_reads_no_result_and_no_contents(world: World) -> None:
    keeps = {access.PLUGINS, access.IMPORT, access.PEOPLE, access.PERIODS, READ_STATES}
    assert {(TABLE[who].result, TABLE[who].content) for who in keeps} == {(Level.NONE, Level.NONE)}
