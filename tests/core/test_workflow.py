"""A whole small case through `apply` and `save_draft`, on both databases."""

from __future__ import annotations

from datetime import date

import pytest

import kinerja_read as read
from kinerja import Problem, Refusal, Stale, cases, database, testing
from kinerja.kernel import Kernel
from kinerja.models import Case, Revision
from kinerja.testing import Player, case_of, set_date, tasks, viewer
from kinerja_work import worker
from tests import small


@pytest.fixture
def case(kernel: Kernel) -> str:
    return small.build(kernel)


@pytest.fixture
def ani(kernel: Kernel) -> Player:
    return Player(kernel, "Ani Contoh")


def budi(kernel: Kernel) -> Player:
    return Player(kernel, "Budi Contoh").through("pembina")


def handed_in(kernel: Kernel, ani: Player, case: str) -> None:
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="Ombak.")
    ani.do(case, "tulis", "ajukan")


def test_only_those_who_take_part_get_a_case(kernel: Kernel, case: str) -> None:
    names = {one.person.name for one in Case.select() if one.person}
    assert names == {"Ani Contoh", "Dedi Contoh"}


def test_a_plan_is_written_handed_in_agreed_and_graded(kernel: Kernel, case: str, ani: Player) -> None:
    assert tasks(case) == [("pegawai", "Susun")]
    handed_in(kernel, ani, case)
    assert tasks(case) == [("memutuskan", "Periksa")]
    assert budi(kernel).do(case, "tulis", "setujui").label == "Jadi"
    seen = cases.load(kernel, case)
    assert [item.key for item in seen.items] == ["pilih:laut"]
    assert tasks(case) == [("memutuskan", "Nilai")]
    budi(kernel).do(case, "lihat", "tetapkan", step="nilai", data={"nilai": "baik"})
    assert cases.load(kernel, case).facts["nilai"].label == "Baik"
    assert tasks(case) == []
    assert [line.text for line in testing.history(kernel, case)] == [
        "Ani Contoh mengajukan", "Budi Contoh menyetujui", "Budi Contoh menetapkan: Nilai",
    ]  # fmt: skip


def test_the_same_key_gives_the_first_result_again_and_changes_nothing(kernel: Kernel, case: str, ani: Player) -> None:
    ani.draft(case, "tulis", "pilih", buku="laut")
    ani.draft(case, "tulis", "cerita", isi="Ombak.")
    first = ani.do(case, "tulis", "ajukan", key="k1")
    again = ani.do(case, "tulis", "ajukan", key="k1")
    assert (again.state, again.version, again.repeated) == (first.state, first.version, True)
    assert Revision.select().count() == 2


def test_a_key_cannot_be_used_for_something_else(kernel: Kernel, case: str, ani: Player) -> None:
    handed_in(kernel, ani, case)
    ani.do(case, "tulis", "tarik", key="k2")
    with pytest.raises(Refusal) as refused:
        ani.do(case, "tulis", "ajukan", key="k2")
    assert refused.value.code == "key-reused"


def test_a_hand_in_names_every_missing_answer_by_step_and_field(kernel: Kernel, case: str, ani: Player) -> None:
    ani.draft(case, "tulis", "pilih")
    with pytest.raises(Refusal) as refused:
        ani.do(case, "tulis", "ajukan")
    assert refused.value.problems == (
        Problem("buku", "Pilih salah satu.", step="pilih"),
        Problem("isi", "Isi dahulu bagian ini.", step="cerita"),
    )
    assert Revision.select().count() == 0


def test_a_draft_saved_from_an_older_revision_is_kept_beside_and_nothing_is_overwritten(
    kernel: Kernel, case: str, ani: Player
) -> None:
    from kinerja import drafts

    number = ani.draft(case, "tulis", "cerita", isi="Pertama.")
    now = kernel.clock.now()
    drafts.save_draft(kernel, ani.actor, case, "tulis", "cerita", number, {"isi": "Tab satu."}, now)
    with pytest.raises(Stale) as stale:
        drafts.save_draft(kernel, ani.actor, case, "tulis", "cerita", number, {"isi": "Tab dua."}, now)
    assert (stale.value.current["isi"], stale.value.yours["isi"]) == ("Tab satu.", "Tab dua.")
    part = cases.load(kernel, case).part("tulis", "cerita")
    assert part is not None and part.draft == {"isi": "Tab satu."}


@pytest.mark.parametrize(("name", "role"), [("Cici Contoh", "pembina"), ("Dedi Contoh", ""), ("Ketua Contoh", "ketua")])
def test_who_stands_in_no_relation_finds_no_case_at_all(
    kernel: Kernel, case: str, ani: Player, name: str, role: str
) -> None:
    handed_in(kernel, ani, case)
    stranger = Player(kernel, name).through(role) if role else Player(kernel, name)
    for row in ("setujui", "tarik"):
        with pytest.raises(Refusal) as refused:
            stranger.do(case, "tulis", row)
        assert refused.value.code == "missing"


def test_the_head_acts_only_in_the_capacity_of_the_assignment(kernel: Kernel, case: str, ani: Player) -> None:
    handed_in(kernel, ani, case)
    with pytest.raises(Refusal) as refused:
        Player(kernel, "Budi Contoh").do(case, "tulis", "setujui")
    assert refused.value.code == "missing"


def test_the_subject_cannot_approve_their_own_plan(kernel: Kernel, case: str, ani: Player) -> None:
    handed_in(kernel, ani, case)
    with pytest.raises(Refusal) as refused:
        ani.do(case, "tulis", "setujui")
    assert (refused.value.code, "Pak Budi" in refused.value.sentence) == ("not-yours", True)


def test_a_returned_plan_comes_back_as_draft_with_its_note(kernel: Kernel, case: str, ani: Player) -> None:
    handed_in(kernel, ani, case)
    with pytest.raises(Refusal) as refused:
        budi(kernel).do(case, "tulis", "kembalikan")
    assert refused.value.problems[0].field == "catatan"
    budi(kernel).do(case, "tulis", "kembalikan", note="Tambah rincian.")
    part = cases.load(kernel, case).part("tulis", "cerita")
    assert part is not None and (part.state, part.answers) == ("returned", {"isi": "Ombak."})
    assert read.notes(testing.overseer(case), kernel, cases.load(kernel, case))[0][2] == "Tambah rincian."
    ani.draft(case, "tulis", "cerita", isi="Ombak besar.")
    ani.do(case, "tulis", "ajukan")
    assert tasks(case) == [("memutuskan", "Periksa")]


def test_an_adjustment_is_a_revision_of_the_same_part_by_the_head(kernel: Kernel, case: str, ani: Player) -> None:
    handed_in(kernel, ani, case)
    budi(kernel).do(case, "tulis", "sesuaikan", step="pilih", data={"buku": "gunung"})
    seen = cases.load(kernel, case)
    part = seen.part("tulis", "pilih")
    assert part is not None and part.handed == {"buku": "gunung"}
    assert seen.progress["tulis"].adjusted is True
    kept = list(Revision.select().where(Revision.part == part.id).order_by(Revision.number))
    assert [(one.kind, one.by_name, one.view) for one in kept] == [
        ("diajukan", "Ani Contoh", [["Buku", "Laut"]]),
        ("disesuaikan", "Budi Contoh", [["Buku", "Gunung"]]),
    ]


def test_the_head_decides_only_on_what_was_seen(kernel: Kernel, case: str, ani: Player) -> None:
    handed_in(kernel, ani, case)
    part = cases.load(kernel, case).part("tulis", "pilih")
    assert part is not None
    with pytest.raises(Refusal) as refused:
        budi(kernel).do(case, "tulis", "setujui", seen={"pilih": (part.handed_number or 0) - 1})
    assert refused.value.code == "changed-while-reading"


def test_a_case_led_by_an_acting_head_is_approved_by_the_system(kernel: Kernel) -> None:
    case = small.build(kernel, acting=True)
    handed_in(kernel, Player(kernel, "Ani Contoh"), case)
    assert cases.load(kernel, case).progress["tulis"].state.id == "jadi"
    assert [line.text for line in testing.history(kernel, case)][-1] == "Sistem menyetujui otomatis"


def test_a_hard_end_stops_the_hand_in_but_not_the_answer(kernel: Kernel, case: str, ani: Player) -> None:
    handed_in(kernel, ani, case)
    dedi = Player(kernel, "Dedi Contoh")
    late = case_of("Dedi Contoh")
    dedi.draft(late, "tulis", "pilih", buku="laut")
    dedi.draft(late, "tulis", "cerita", isi="Terlambat.")
    set_date(kernel, date(2030, 2, 11))
    with pytest.raises(Refusal) as refused:
        dedi.do(late, "tulis", "ajukan")
    assert (refused.value.code, "10 Februari 2030" in refused.value.sentence) == ("too-late", True)
    part = cases.load(kernel, late).part("tulis", "cerita")
    assert part is not None and part.draft is not None and part.draft["isi"] == "Terlambat."
    assert budi(kernel).do(case, "tulis", "setujui").label == "Jadi"


def test_an_agreed_plan_is_revised_with_a_reason_and_the_old_text_stays_in_force(
    kernel: Kernel, case: str, ani: Player
) -> None:
    handed_in(kernel, ani, case)
    budi(kernel).do(case, "tulis", "setujui")
    ani.do(case, "tulis", "revisi", note="Buku hilang.")
    part = cases.load(kernel, case).part("tulis", "pilih")
    assert part is not None and (part.draft, part.effective) == ({"buku": "laut"}, {"buku": "laut"})
    ani.draft(case, "tulis", "pilih", buku="gunung")
    part = cases.load(kernel, case).part("tulis", "pilih")
    assert part is not None and part.effective == {"buku": "laut"}


def test_a_closed_period_is_read_only(kernel: Kernel, case: str, ani: Player) -> None:
    ani.draft(case, "tulis", "cerita", isi="Ombak.")
    set_date(kernel, date(2031, 2, 1))
    for act in (lambda: ani.do(case, "tulis", "ajukan"), lambda: ani.draft(case, "tulis", "cerita", isi="x")):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code in ("closed", "missing")
    assert tasks(case) == []


def test_the_queue_of_a_head_holds_the_turns_of_that_capacity(kernel: Kernel, case: str, ani: Player) -> None:
    handed_in(kernel, ani, case)
    head = budi(kernel)
    assert [
        (one.case, one.label) for one in read.turns(viewer(kernel, "Budi Contoh", head.assignment), date(2030, 1, 15))
    ] == [(case, "Periksa")]
    assert read.turns(viewer(kernel, "Budi Contoh"), date(2030, 1, 15)) == []


def test_saving_a_draft_takes_one_statement(
    kernel: Kernel, case: str, ani: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kinerja import drafts

    number, actor, now = ani.draft(case, "tulis", "cerita", isi="x"), ani.actor, kernel.clock.now()
    told: list[str] = []
    real = database.proxy.obj.execute_sql
    monkeypatch.setattr(
        database.proxy.obj, "execute_sql", lambda sql, *rest, **more: (told.append(sql), real(sql, *rest, **more))[1]
    )
    drafts.save_draft(kernel, actor, case, "tulis", "cerita", number, {"isi": "y"}, now)
    assert len([sql for sql in told if not sql.startswith(("BEGIN", "COMMIT", "SELECT 1"))]) == 1


def test_a_renewed_period_gives_new_parts_the_new_contents_and_leaves_older_ones_as_they_were(
    kernel: Kernel, case: str, ani: Player
) -> None:
    from dataclasses import replace

    from kinerja.models import Period
    from kinerja_office import periods

    ani.draft(case, "tulis", "pilih", buku="laut")
    key = ("buku", "buku")
    books = kernel.host.registry.contents[key]
    renamed = tuple(replace(entry, label=f"{entry.label} (baru)") for entry in books.entries)
    kernel.host.registry.contents[key] = replace(books, entries=renamed)
    periods.renew(kernel, Period.get(), None, "Ralat judul.")
    worker.run_once(kernel)
    assert [option.label for option in ani.form(case, "tulis", "pilih").fields[0].options] == ["Laut", "Gunung"]
    dedi = Player(kernel, "Dedi Contoh")
    fresh = dedi.form(case_of("Dedi Contoh"), "tulis", "pilih")
    assert [option.label for option in fresh.fields[0].options] == ["Laut (baru)", "Gunung (baru)"]


def test_a_scheme_is_not_planned_for_a_year_it_does_not_rule(kernel: Kernel, case: str) -> None:
    from kinerja.testing import unit
    from kinerja_office import periods

    scheme = kernel.scheme("kecil")
    assert scheme is not None
    with pytest.raises(Refusal) as refused:
        periods.plan(kernel, scheme, 2029, unit("negeri"))
    assert refused.value.code == "wrong-year"


def test_a_suspended_plugin_comes_back_by_itself(kernel: Kernel, case: str) -> None:
    from datetime import timedelta

    from kinerja import settings
    from kinerja.clock import real_now
    from kinerja.models import Choice
    from kinerja.testing import unit
    from kinerja_office import choosing

    root = unit("negeri")
    choosing.set_choice(kernel, root, "kecil", None, suspended_until=real_now() + timedelta(hours=1))
    assert "kecil" not in settings.enabled(kernel, root.line)
    Choice.update(suspended_until=real_now() - timedelta(seconds=1)).where(Choice.plugin == "kecil").execute()
    kernel.kept.pop("choices", None)
    assert "kecil" in settings.enabled(kernel, root.line)
