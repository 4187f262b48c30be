"""What stands between a wish and its change, one guard after the other: judged, asked of plugins, and written once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from kinerja import (
    AUTHOR,
    Actor,
    Fact,
    Field,
    Need,
    Option,
    Refusal,
    Related,
    Stale,
    State,
    Total,
    Transition,
    cases,
    hookimpl,
    judging,
    limits,
    moves,
    workflow,
)
from kinerja.changes import Ask
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded, replace_seen
from kinerja.models import Applied, Case, LogEntry, LogText, Note, Part, Period, Revision, TaskRow, Timer
from kinerja.testing import Player, case_of, manifest, person, set_date, unit
from kinerja_office import periods, pieces
from kinerja_read.participation import participation
from kinerja_work import worker
from tests import busy, small

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])


@pytest.fixture
def case(kernel: Kernel) -> str:
    return small.build(kernel)


@pytest.fixture
def ani(kernel: Kernel) -> Player:
    return Player(kernel, "Ani Contoh")


@pytest.fixture
def budi(kernel: Kernel, case: str) -> Player:
    return Player(kernel, "Budi Contoh").through("pembina")


@pytest.fixture
def handed(kernel: Kernel, case: str, ani: Player) -> str:
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="Ombak.")
    ani.do(case, "tulis", "ajukan", key="pertama")
    return case


def refused(call: Any) -> str:
    with pytest.raises(Refusal) as info:
        call()
    return info.value.code


# --- who, when, from which state ----------------------------------------------------------------


def test_a_decision_is_not_taken_once_the_period_is_over_though_no_worker_ran(
    kernel: Kernel, handed: str, budi: Player
) -> None:
    Period.update(closes=date(2030, 1, 14)).execute()
    assert refused(lambda: budi.do(handed, "tulis", "setujui")) == "closed"
    Period.update(closes=date(2030, 1, 15)).execute()
    assert budi.do(handed, "tulis", "setujui").label == "Jadi"


def test_nothing_is_taken_in_a_period_that_was_closed_early(kernel: Kernel, handed: str, budi: Player) -> None:
    Period.update(state="closed").execute()
    assert refused(lambda: budi.do(handed, "tulis", "setujui")) == "closed"


def test_nothing_is_taken_in_a_case_that_was_ended(kernel: Kernel, handed: str, budi: Player) -> None:
    Case.update(closed_at=kernel.clock.now()).where(Case.id == handed).execute()
    assert refused(lambda: budi.do(handed, "tulis", "setujui")) == "closed"


def test_a_row_is_taken_only_from_the_state_it_stands_in(
    kernel: Kernel, handed: str, budi: Player, ani: Player
) -> None:
    assert refused(lambda: ani.do(handed, "tulis", "ajukan")) == "not-now"
    budi.do(handed, "tulis", "setujui")
    assert refused(lambda: budi.do(handed, "tulis", "setujui")) == "not-now"
    assert refused(lambda: ani.do(handed, "tulis", "tarik")) == "not-now"
    assert refused(lambda: ani.do(handed, "tulis", "tidak-ada")) == "missing"


def test_the_row_of_the_system_is_nobody_s_to_take(kernel: Kernel, handed: str, budi: Player, ani: Player) -> None:
    for who in (budi, ani):
        assert refused(lambda who=who: who.do(handed, "tulis", "otomatis")) == "not-yours"


def test_a_lone_step_is_handed_in_by_its_author_alone(kernel: Kernel, handed: str, budi: Player, ani: Player) -> None:
    budi.do(handed, "tulis", "setujui")
    assert refused(lambda: ani.do(handed, "lihat", "tetapkan", step="nilai", data={"nilai": "baik"})) == "not-yours"
    assert refused(lambda: budi.do(handed, "lihat", "tetapkan", step="cerita", data={"isi": "x"})) in (
        "missing",
        "not-yours",
        "not-now",
    )


def test_a_stage_that_waits_takes_no_hand_in(kernel: Kernel, handed: str, budi: Player) -> None:
    told = refused(lambda: budi.do(handed, "lihat", "tetapkan", step="nilai", data={"nilai": "baik"}))
    assert told == "waits"


def test_a_hand_in_is_taken_on_the_last_day_and_not_before_the_first(kernel: Kernel, case: str, ani: Player) -> None:
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="Ombak.")
    seen = cases.load(kernel, case)
    rule, zone = seen.rule("tulis"), seen.view.unit.zone
    now = kernel.clock.now()
    days = {
        "before": now - timedelta(days=6), "first": now - timedelta(days=5),
        "last": now + timedelta(days=26), "after": now + timedelta(days=27),
    }  # fmt: skip
    assert [limits.local_day(at, zone).isoformat() for at in days.values()] == [
        "2030-01-09", "2030-01-10", "2030-02-10", "2030-02-11",
    ]  # fmt: skip
    held = {name: limits.held(kernel, seen, rule, at) for name, at in days.items()}
    late = {name: limits.late(seen, rule, at) for name, at in days.items()}
    assert {name: one.code for name, one in held.items() if one} == {"before": "too-early"}
    assert {name: one.code for name, one in late.items() if one} == {"after": "too-late"}


def test_a_soft_end_locks_nobody_out(kernel: Kernel, case: str) -> None:
    seen = cases.load(kernel, case)
    rule = seen.rule("tulis")
    soft = replace(rule, windows=tuple(replace(one, hard=False) for one in rule.windows))
    assert limits.late(seen, soft, kernel.clock.now() + timedelta(days=40)) is None


def test_the_day_of_a_limit_is_the_day_where_the_unit_lies(kernel: Kernel, case: str) -> None:
    at = kernel.clock.now().replace(hour=16, minute=30)
    assert [limits.local_day(at, zone).day for zone in ("Asia/Jakarta", "Asia/Jayapura")] == [15, 16]
    seen = cases.load(kernel, case)
    edge = replace_seen(seen, period_closes=date(2030, 1, 15))
    there = replace_seen(edge, view=replace(edge.view, unit=replace(edge.view.unit, zone="Asia/Jayapura")))
    assert [one is not None for one in (limits.closed(edge, at), limits.closed(there, at))] == [False, True]


def test_a_last_day_of_work_comes_before_the_last_day_of_a_window(kernel: Kernel, case: str) -> None:
    seen = cases.load(kernel, case)
    rule = seen.rule("tulis")
    assert limits.last_day(replace_seen(seen, last_day=date(2030, 1, 20)), rule) == (date(2030, 1, 20), True)
    assert limits.last_day(replace_seen(seen, last_day=date(2030, 5, 1)), rule) == (date(2030, 2, 10), True)


def test_who_leaves_before_a_stage_opens_may_work_on_it_at_once_and_nobody_else(kernel: Kernel, case: str) -> None:
    seen = cases.load(kernel, case)
    rule, early = seen.rule("tulis"), kernel.clock.now() - timedelta(days=10)
    leaves = replace_seen(seen, last_day=date(2030, 1, 9))
    stays = replace_seen(seen, last_day=date(2030, 1, 10))
    assert limits.held(kernel, leaves, rule, early) is None
    assert limits.held(kernel, stays, rule, early) is not None


@pytest.mark.parametrize("ties", [{}, {"buku": ("Satu", "Dua")}], ids=["missing", "tied"])
def test_a_case_without_the_content_it_must_have_is_handed_in_by_nobody(
    kernel: Kernel, case: str, ani: Player, ties: dict[str, tuple[str, ...]]
) -> None:
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="Ombak.")
    raw = {"chosen": {}, "added": {}, "ties": {kind: list(names) for kind, names in ties.items()}}
    Case.update(content=raw).where(Case.id == case).execute()
    assert refused(lambda: ani.do(case, "tulis", "ajukan")) == "waits"


def test_a_need_of_the_unit_the_case_before_and_the_parts_is_met_by_those_alone(kernel: Kernel, case: str) -> None:
    seen = cases.load(kernel, case)
    rule = seen.rule("tulis")
    fact, near = {"ada": Fact("ada", True)}, seen.near

    def unmet(of: str, **changes: Any) -> bool:
        there = replace_seen(seen, near=replace(near, **changes))
        wanted = replace(rule, needs=(Need("ada", of=of),))
        return bool(limits.unmet_needs(there, wanted))

    full, empty, gone = Related("x", "x", fact), Related("x", "x", {}), Related("x", "x", {}, ended=True)
    assert (unmet("unit", unit=full), unmet("unit", unit=empty), unmet("unit", unit=None, previous=full)) == (
        False, True, True,
    )  # fmt: skip
    assert (unmet("previous", previous=full), unmet("previous", previous=None, unit=full)) == (False, True)
    assert (unmet("children", children=(full, full)), unmet("children", children=(full, empty))) == (False, True)
    assert (unmet("children", children=()), unmet("children", children=(gone,))) == (True, True)
    assert unmet("children", children=(full, gone)) is False
    assert unmet("case") is True


# --- what was seen, and what is missing ----------------------------------------------------------


def test_a_note_that_must_be_there_is_no_blank_and_not_longer_than_can_be_kept(
    kernel: Kernel, handed: str, budi: Player
) -> None:
    assert refused(lambda: budi.do(handed, "tulis", "kembalikan", note="  \n ")) == "note-needed"
    assert refused(lambda: budi.do(handed, "tulis", "setujui", note="a" * (judging.LONGEST_NOTE + 1))) == "note-long"


def test_who_hands_in_from_a_stale_page_is_shown_both_texts(kernel: Kernel, case: str, ani: Player) -> None:
    seen = ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="Ombak.")
    ani.draft(case, "tulis", "pilih", buku="gunung")
    with pytest.raises(Stale):
        ani.do(case, "tulis", "ajukan", seen={"pilih": seen})
    assert Revision.select().count() == 0


def test_a_step_handed_in_alone_from_a_stale_page_is_shown_both_texts(
    kernel: Kernel, handed: str, budi: Player
) -> None:
    budi.do(handed, "tulis", "setujui")
    seen = budi.draft(handed, "lihat", "nilai", nilai="baik")
    budi.draft(handed, "lihat", "nilai", nilai="cukup")
    with pytest.raises(Stale) as stale:
        budi.do(handed, "lihat", "tetapkan", step="nilai", data={"nilai": "baik"}, seen={"nilai": seen})
    assert (stale.value.current, stale.value.yours) == ({"nilai": "cukup"}, {"nilai": "baik"})


def test_a_step_handed_in_alone_with_just_what_its_draft_holds_is_taken_from_an_older_page(
    kernel: Kernel, handed: str, budi: Player
) -> None:
    """An answer to the last save was lost on the way: the page knows an older number of the same text."""
    budi.do(handed, "tulis", "setujui")
    seen = budi.draft(handed, "lihat", "nilai", nilai="cukup")
    budi.draft(handed, "lihat", "nilai", nilai="baik")
    budi.do(handed, "lihat", "tetapkan", step="nilai", data={"nilai": "baik"}, seen={"nilai": seen})
    assert cases.load(kernel, handed).facts["nilai"].value == "baik"


def test_who_adjusts_from_a_stale_page_is_shown_both_texts(kernel: Kernel, handed: str, budi: Player) -> None:
    part = cases.load(kernel, handed).part("tulis", "pilih")
    assert part is not None and part.handed_number is not None
    seen = {"pilih": part.handed_number}
    budi.do(handed, "tulis", "sesuaikan", step="pilih", data={"buku": "gunung"}, seen=seen)
    with pytest.raises(Stale):
        budi.do(handed, "tulis", "sesuaikan", step="pilih", data={"buku": "laut"}, seen=seen)


def test_an_adjustment_is_checked_as_the_hand_in_was(kernel: Kernel, handed: str, budi: Player) -> None:
    wrong = {"buku": "bukan-buku"}
    assert refused(lambda: budi.do(handed, "tulis", "sesuaikan", step="pilih", data=wrong)) == "incomplete"


def test_who_decides_adjusts_no_step_of_which_they_are_no_editor(kernel: Kernel, handed: str, budi: Player) -> None:
    steps = kernel.host.registry.steps
    steps["cerita"] = replace(steps["cerita"], editors=())
    told = refused(lambda: budi.do(handed, "tulis", "sesuaikan", step="cerita", data={"isi": "Lain."}))
    assert told == "not-yours"
    budi.do(handed, "tulis", "sesuaikan", step="pilih", data={"buku": "gunung"})


def test_nothing_is_adjusted_that_was_never_handed_in(kernel: Kernel, handed: str, budi: Player) -> None:
    Part.update(handed=None).where(Part.step == "pilih").execute()
    told = refused(lambda: budi.do(handed, "tulis", "sesuaikan", step="pilih", data={"buku": "gunung"}))
    assert told == "not-yours"


def test_a_form_that_is_blocked_is_handed_in_by_nobody(kernel: Kernel, case: str, ani: Player) -> None:
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="Ombak.")
    steps = kernel.host.registry.steps
    form = steps["cerita"].form
    steps["cerita"] = replace(steps["cerita"], form=lambda context: replace(form(context), blocked="Tunggu."))
    with pytest.raises(Refusal) as info:
        ani.do(case, "tulis", "ajukan")
    assert [one.message for one in info.value.problems] == ["Tunggu."]


def test_a_hand_in_waits_for_a_step_whose_plugin_is_gone(kernel: Kernel, case: str, ani: Player) -> None:
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="Ombak.")
    del kernel.host.registry.steps["cerita"]
    assert refused(lambda: ani.do(case, "tulis", "ajukan")) == "plugin-missing"


# --- keys, guards of plugins, versions ------------------------------------------------------------


def test_a_key_of_another_person_or_for_another_wish_gives_no_result(
    kernel: Kernel, handed: str, ani: Player, budi: Player
) -> None:
    assert refused(lambda: budi.do(handed, "tulis", "ajukan", key="pertama")) == "key-reused"
    assert refused(lambda: ani.do(handed, "tulis", "ajukan", key="pertama", note="lain")) == "key-reused"
    assert ani.do(handed, "tulis", "ajukan", key="pertama").repeated


@pytest.mark.parametrize(
    ("step", "data", "note"), [("pilih", {}, ""), ("", {"a": 1}, ""), ("", {}, "x")], ids=["step", "data", "note"]
)
def test_the_digest_of_a_wish_covers_all_of_it(engine: str, step: str, data: dict[str, int], note: str) -> None:
    from kinerja.clock import real_now

    plain = Ask("k", "c", "s", "t", Actor(1), real_now())
    assert replace(plain, step=step, data=data, note=note).digest != plain.digest


class Guard:
    """A plugin that objects, fails, or answers what is no sentence."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    @hookimpl
    def before_transition(self, change: Any) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize("answer", ["Belum boleh.", RuntimeError("rusak"), 7], ids=["objects", "fails", "nonsense"])
def test_what_a_plugin_objects_to_is_not_done(kernel: Kernel, handed: str, budi: Player, answer: Any) -> None:
    kernel.host.add(Guard(answer), manifest("penjaga"))
    kernel.kept = {}
    assert refused(lambda: budi.do(handed, "tulis", "setujui")) == "objected"
    assert cases.load(kernel, handed).progress["tulis"].state.id == "diajukan"


def test_a_change_judged_on_an_older_version_is_judged_anew(
    kernel: Kernel, handed: str, budi: Player, ani: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, once = workflow.judge, []

    def slow(kernel: Kernel, seen: Any, ask: Ask) -> Any:
        plan = real(kernel, seen, ask)
        if not once:
            once.append(1)
            ani.do(handed, "tulis", "tarik")
        return plan

    monkeypatch.setattr(workflow, "judge", slow)
    assert refused(lambda: budi.do(handed, "tulis", "setujui")) == "not-now"
    assert cases.load(kernel, handed).progress["tulis"].state.id == "draf"


def test_a_part_that_moved_between_judging_and_writing_is_not_handed_in(
    kernel: Kernel, case: str, ani: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="Ombak.")
    real = workflow.judge

    def slow(kernel: Kernel, seen: Any, ask: Ask) -> Any:
        plan = real(kernel, seen, ask)
        Part.update(revision=Part.revision + 1, draft={"isi": "Baru."}).where(Part.step == "cerita").execute()
        return plan

    monkeypatch.setattr(workflow, "judge", slow)
    with pytest.raises(Stale):
        ani.do(case, "tulis", "ajukan")
    assert (Revision.select().count(), Part.get(Part.step == "cerita").draft) == (0, {"isi": "Baru."})


# --- what is written with a change -------------------------------------------------------------------


def test_what_was_handed_in_comes_into_force_with_the_decision_and_not_before(
    kernel: Kernel, handed: str, budi: Player, ani: Player
) -> None:
    assert [part.effective for part in Part.select()] == [None, None]
    budi.do(handed, "tulis", "setujui")
    assert [part.effective == part.handed for part in Part.select()] == [True, True]
    assert all(part.draft is None for part in Part.select())


def test_a_change_leaves_its_key_its_version_its_note_and_its_line_in_the_log(
    kernel: Kernel, handed: str, budi: Player
) -> None:
    before = Case.get_by_id(handed).version
    outcome = budi.do(handed, "tulis", "kembalikan", note=" Tambah. ", key="k9")
    assert (outcome.version, Case.get_by_id(handed).version) == (before + 1, before + 1)
    assert [(one.key, one.actor) for one in Applied.select().where(Applied.key == "k9")] == [("k9", budi.actor.person)]
    assert [(one.text, one.by) for one in Note.select()] == [("Tambah.", budi.actor.person)]
    assert "Budi Contoh mengembalikan" in [one.text for one in LogText.select()]


def test_what_others_said_of_the_plan_before_falls_with_the_next_hand_in(
    kernel: Kernel, handed: str, budi: Player, ani: Player
) -> None:
    steps = kernel.host.registry.steps
    steps["kata"] = replace(steps["nilai"], id="kata", passing=True)
    made = Part.create(
        case=handed, stage="tulis", step="kata", author=budi.actor.person, name="Kata", snapshot="", revision=1,
        handed=1, effective=1,
    )  # fmt: skip
    ani.do(handed, "tulis", "tarik")
    assert Part.get_by_id(made.id).handed == 1
    ani.do(handed, "tulis", "ajukan")
    part = Part.get_by_id(made.id)
    assert (part.handed, part.effective) == (None, None)


def test_only_the_system_approves_by_itself_and_only_while_nothing_was_adjusted_away(kernel: Kernel) -> None:
    case = small.build(kernel, acting=True)
    ani = Player(kernel, "Ani Contoh")
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="Ombak.")
    ani.do(case, "tulis", "ajukan")
    assert [part.effective == part.handed for part in Part.select().where(Part.case == case)] == [True, True]
    assert cases.load(kernel, case).progress["tulis"].state.id == "jadi"


def test_closing_a_period_closes_its_cases_takes_their_turns_and_forgets_its_keys(kernel: Kernel, handed: str) -> None:
    pieces.close_period(kernel, Period.get(), kernel.clock.now())
    worker.run_once(kernel)
    assert [one.closed_at is None for one in Case.select()] == [False, False]
    assert (TaskRow.select().count(), Applied.select().count()) == (0, 0)
    assert "period-closed" in {one.code for one in LogEntry.select()}


def test_a_closed_case_is_not_projected_anew(kernel: Kernel, handed: str) -> None:
    Case.update(closed_at=kernel.clock.now()).where(Case.id == handed).execute()
    TaskRow.delete().execute()
    workflow.reproject(kernel, handed, kernel.clock.now())
    assert TaskRow.select().count() == 0


def test_moves_of_somebody_unrelated_are_empty_and_requests_are_the_person_s_own(
    kernel: Kernel, handed: str, ani: Player, budi: Player
) -> None:
    seen, now = cases.load(kernel, handed), kernel.clock.now()
    acts = {
        who: {one.act for one in moves.moves(kernel, seen, actor, now).moves}
        for who, actor in {
            "ani": ani.actor, "budi": budi.actor, "budi as an employee": Actor(budi.actor.person),
            "dedi": Actor(person("Dedi Contoh").id),
        }.items()
    }  # fmt: skip
    assert ("ask" in acts["ani"], "ask" in acts["budi"]) == (True, False)
    assert (acts["budi as an employee"], acts["dedi"]) == (set(), set())
    assert "note" in acts["budi"]
    written = {
        (one.stage, one.step)
        for one in moves.moves(kernel, seen, ani.actor, now).moves
        if one.act in ("write", "hand_in")
    }
    assert written == {("tulis", "pilih"), ("tulis", "cerita")}, "nothing of a step that another writes"


def test_a_year_outside_the_scheme_is_planned_by_nobody(kernel: Kernel, case: str) -> None:
    scheme = kernel.scheme("kecil")
    assert scheme is not None
    short = replace(scheme, years=(2030, 2031))
    codes = [refused(lambda year=year: periods.plan(kernel, short, year, unit("negeri"))) for year in (2029, 2032)]
    assert codes == ["wrong-year", "wrong-year"]


def test_a_guest_and_somebody_no_rule_names_get_no_case(kernel: Kernel, case: str) -> None:
    scheme = kernel.snapshot(Period.get().snapshot).scheme
    answers = [
        participation(scheme, {"peran": role, "pegawai": kind}).answer
        for role, kind in (("murid", "biasa"), ("murid", "tamu"), ("pembina", "biasa"))
    ]
    assert answers == ["wajib", "tidak", "tidak"]


def test_a_case_that_ended_by_itself_opens_again_and_one_that_was_ended_does_not(kernel: Kernel) -> None:
    busy.build(kernel)
    now, period = kernel.clock.now(), Period.get()
    house = unit("rumah-a")
    for automatic in (False, True):
        ending = {"alasan": "pindah", "otomatis": automatic}
        Case.update(closed_at=now, ending=ending).where(Case.id == case_of("Ani Contoh")).execute()
        periods.open_cases(kernel, period, now, [house.id])
        assert (Case.get_by_id(case_of("Ani Contoh")).closed_at is None) is automatic


def test_a_period_opens_in_the_first_zone_and_closes_after_the_last(kernel: Kernel, case: str) -> None:
    period = Period.get()
    closing = Timer.get(Timer.name == "close-period")
    opening = Timer.get(Timer.name == "open-period")
    assert (opening.due_at.isoformat()[:16], closing.due_at.isoformat()[:16]) == (
        "2029-12-31T17:00", "2031-01-31T17:00",
    )  # fmt: skip
    assert period.closes == date(2031, 1, 31)


def test_after_the_period_nothing_is_offered_any_more(kernel: Kernel, handed: str, budi: Player) -> None:
    set_date(kernel, date(2031, 1, 31))
    late = kernel.clock.now() + timedelta(days=1)
    found = moves.moves(kernel, cases.load(kernel, handed), budi.actor, late)
    assert {one.refused.code if one.refused else "" for one in found.moves} == {"closed"}


# --- the table of a stage -----------------------------------------------------------------------------


def with_rule(seen: Loaded, stage: str, **changes: Any) -> Loaded:
    """The case under a scheme whose stage says something else."""
    scheme = seen.snapshot.scheme
    stages = tuple(replace(rule, **changes) if rule.id == stage else rule for rule in scheme.stages)
    return replace_seen(seen, snapshot=replace(seen.snapshot, scheme=replace(scheme, stages=stages)))


def judged(kernel: Kernel, seen: Loaded, who: Player, stage: str, row: str, step: str = "") -> str:
    """The code of the refusal, empty where the change is taken."""
    data = {"nilai": "baik"} if step else {}
    ask = Ask("k", seen.view.id, stage, row, who.actor, kernel.clock.now(), step=step, data=data)
    try:
        judging.judge(kernel, seen, ask)
    except Refusal as told:
        return told.code
    return ""


def with_rows(kernel: Kernel, stage: str, **changes: Any) -> None:
    """Change the rows of a stage's only table, by their ids."""
    known = kernel.host.registry.stages[stage]
    [(name, flow)] = known.flows.items()
    rows = tuple(replace(row, **changes.get(row.id, {})) for row in flow.transitions)
    kernel.host.registry.stages[stage] = replace(known, flows={name: replace(flow, transitions=rows)})


def test_a_row_that_a_switch_or_the_adjusting_takes_away_is_not_there(
    kernel: Kernel, handed: str, budi: Player
) -> None:
    seen = cases.load(kernel, handed)
    assert judged(kernel, seen, budi, "tulis", "setujui") == ""
    for changes in ({"switch": ("sepakat", ("ya",))}, {"adjusted": True}, {"when": {"peran": ["lain"]}}):
        with_rows(kernel, "tulis", setujui=changes)
        assert judged(kernel, seen, budi, "tulis", "setujui") == "missing", changes
        with_rows(kernel, "tulis", setujui={"switch": None, "adjusted": None, "when": {}})


def test_steps_in_order_wait_for_the_one_before(kernel: Kernel, handed: str, budi: Player) -> None:
    budi.do(handed, "tulis", "setujui")
    steps = kernel.host.registry.steps
    steps["catat"] = replace(steps["nilai"], id="catat")
    seen = with_rule(cases.load(kernel, handed), "lihat", steps=("nilai", "catat"))
    assert judged(kernel, seen, budi, "lihat", "tetapkan", "catat") == "waits-before"
    assert judged(kernel, seen, budi, "lihat", "tetapkan", "nilai") == ""
    budi.do(handed, "lihat", "tetapkan", step="nilai", data={"nilai": "baik"})
    done = with_rule(cases.load(kernel, handed), "lihat", steps=("nilai", "catat"))
    state = replace(done.progress["lihat"], state=replace(done.progress["lihat"].state, id="belum"))
    again = replace_seen(done, progress={**done.progress, "lihat": state})
    assert judged(kernel, again, budi, "lihat", "tetapkan", "catat") == ""


def test_a_row_that_stands_only_after_opening_is_not_taken_before(kernel: Kernel, handed: str, budi: Player) -> None:
    budi.do(handed, "tulis", "setujui")
    known = kernel.host.registry.stages["lihat"]
    begins = Transition("mulai", "Mulai", "belum", "jalan", AUTHOR, "memulai", begins=True)
    takes = replace(small.ONE.transitions[0], source="jalan")
    states = (*small.ONE.states, State("jalan", "Berjalan", "dikerjakan"))
    flow = replace(small.ONE, states=states, transitions=(begins, takes))
    kernel.host.registry.stages["lihat"] = replace(known, flows={"satu": flow})
    seen = cases.load(kernel, handed)
    assert judged(kernel, seen, budi, "lihat", "tetapkan", "nilai") == "not-now"
    offered = [one.opened for one in moves.moves(kernel, seen, budi.actor, kernel.clock.now()).of("hand_in", "lihat")]
    assert offered == [True], "it is offered as what opening leads to"


def test_in_a_closed_period_who_is_not_asked_hears_that_it_is_closed(kernel: Kernel, handed: str, ani: Player) -> None:
    Period.update(closes=date(2030, 1, 14)).execute()
    assert refused(lambda: ani.do(handed, "tulis", "setujui")) == "closed"


def test_the_scheme_s_words_stand_before_their_own_row_alone(kernel: Kernel, handed: str, budi: Player) -> None:
    words = [
        {"baris": "tarik", "kalimat": "Ditarik."}, {"baris": "setujui", "kalimat": "Tidak.", "bila": {"peran": ["x"]}},
        {"baris": "setujui", "kalimat": "Sudah dibaca?"},
    ]  # fmt: skip
    seen = cases.load(kernel, handed)
    switches = {**seen.rule("tulis").switches, moves.WARNINGS: words}
    told = moves.moves(kernel, with_rule(seen, "tulis", switches=switches), budi.actor, kernel.clock.now())
    confirms = {one.row.id: one.confirm for one in told.of("row", "tulis") if one.row}
    assert confirms == {"setujui": "Sudah dibaca?", "kembalikan": ""}


def test_a_row_is_offered_for_several_only_where_the_scheme_and_the_turn_say_so(kernel: Kernel) -> None:
    busy.build(kernel)
    case, ani = case_of("Ani Contoh"), Player(kernel, "Ani Contoh")
    ani.fill(case, "tulis")
    ani.do(case, "tulis", "ajukan")
    budi, seen = Player(kernel, "Budi Contoh").through("pembina"), cases.load(kernel, case)

    def several(seen: Loaded) -> set[str]:
        found = moves.moves(kernel, seen, budi.actor, kernel.clock.now()).of("row", "tulis")
        return {one.row.id for one in found if one.row and one.several}

    switches = {name: value for name, value in seen.rule("tulis").switches.items() if name != "sekaligus"}
    tasks = tuple(replace(one, task=replace(one.task, several="")) for one in seen.tasks)
    assert several(seen) == {"setujui"}
    assert several(with_rule(seen, "tulis", switches=switches)) == set()
    assert several(replace_seen(seen, tasks=tasks)) == set()


def test_who_draws_a_plan_back_is_not_told_that_it_was_returned(
    kernel: Kernel, handed: str, ani: Player, budi: Player
) -> None:
    ani.do(handed, "tulis", "tarik")
    assert [part.returned for part in Part.select()] == [False, False]
    ani.do(handed, "tulis", "ajukan")
    budi.do(handed, "tulis", "kembalikan", note="Tambah.")
    assert [part.returned for part in Part.select()] == [True, True]


def test_the_system_approves_only_where_its_condition_holds(kernel: Kernel, handed: str) -> None:
    assert cases.load(kernel, handed).progress["tulis"].state.id == "diajukan"


def test_a_plan_with_a_warning_says_so_in_its_progress(kernel: Kernel, case: str, ani: Player) -> None:
    steps = kernel.host.registry.steps
    field = Field("n", "N", "quantities", options=(Option("a", "A", weight=4),), total=Total("poin", 32))
    form = steps["cerita"].form
    steps["cerita"] = replace(
        steps["cerita"],
        form=lambda context: replace(form(context), fields=(*form(context).fields, field)),  # type: ignore[misc]  # always a form
    )
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="Ombak.", n={"a": 1})
    ani.do(case, "tulis", "ajukan")
    assert cases.load(kernel, case).progress["tulis"].warned
    ani.do(case, "tulis", "tarik")
    ani.draft(case, "tulis", "cerita", isi="Ombak.", n={"a": 8})
    ani.do(case, "tulis", "ajukan")
    assert not cases.load(kernel, case).progress["tulis"].warned
