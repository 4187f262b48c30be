"""Evidence, words about items, and who may read: asked of the kernel directly, each guard alone."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kinerja import (
    Actor,
    EvidenceHandler,
    FactSpec,
    Field,
    Form,
    Problem,
    access,
    cases,
    hookimpl,
    notes,
    people,
)
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Evidence, LogEntry, Note, Period
from kinerja.testing import Player, add_person, case_of, manifest, person, unit, viewer
from kinerja_work import evidence
from tests import small
from tests.refused import code

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])


class Handler:
    """A statement, a note, and a field that calls itself as the kernel calls a file's hash."""

    @hookimpl
    def register_evidence_handlers(self) -> list[EvidenceHandler]:
        fields = (Field("ada", "Ada", "check", required=True), Field("sha256", "S", "text"), Field("teks", "T", "text"))

        def check(slot: Any, answers: Any, content: bytes | None) -> tuple[Problem, ...]:
            if answers.get("teks") == "rusak":
                raise RuntimeError("rusak")
            return (Problem("teks", "Jangan."),) if answers.get("teks") == "salah" else ()

        return [EvidenceHandler("sederhana", "Beri", lambda slot: Form("B", fields), check, lambda value: "Ada")]


@pytest.fixture
def case(kernel: Kernel) -> str:
    """Ani's plan, agreed, with one place for evidence."""
    kernel.host.add(Handler(), manifest("bukti-uji"))
    made = small.build(kernel)
    ani = Player(kernel, "Ani Contoh")
    ani.draft(made, "tulis", "pilih", buku="laut")
    ani.draft(made, "tulis", "cerita", isi="Ombak.")
    ani.do(made, "tulis", "ajukan")
    Player(kernel, "Budi Contoh").through("pembina").do(made, "tulis", "setujui")
    return made


def give(
    kernel: Kernel,
    case: str,
    actor: Actor | None = None,
    content: bytes | None = None,
    seen: Any = None,
    **answers: Any,
) -> str:
    seen = seen or cases.load(kernel, case)
    [slot] = evidence.slots(seen)
    who = actor or Player(kernel, "Ani Contoh").actor
    given = {"ada": True, **answers}
    keep: Callable[[bytes], str] = lambda content: "h" * 64  # noqa: E731  # shorter than a function for one value
    return code(
        lambda: evidence.fill(kernel, secrets.token_hex(8), seen, slot, who, given, content, kernel.clock.now(), keep)
    )


def test_evidence_is_given_by_its_provider_alone(kernel: Kernel, case: str) -> None:
    others = (
        Player(kernel, "Budi Contoh").through("pembina").actor,
        Actor(person("Dedi Contoh").id),
        Actor(person("Ani Contoh").id, Assignment.get(Assignment.person == person("Ani Contoh")).id),
    )
    assert [give(kernel, case, who) for who in others] == ["not-yours"] * 3
    assert (Evidence.select().count(), give(kernel, case)) == (0, "")


def test_evidence_is_given_until_the_period_s_last_day(kernel: Kernel, case: str) -> None:
    Period.update(closes=date(2030, 1, 14)).execute()
    assert give(kernel, case) == "closed"
    Period.update(closes=date(2030, 1, 15)).execute()
    assert give(kernel, case) == ""


def test_evidence_of_a_case_that_closed_since_it_was_read_is_not_kept(kernel: Kernel, case: str) -> None:
    seen = cases.load(kernel, case)
    Case.update(closed_at=kernel.clock.now()).where(Case.id == case).execute()
    assert (give(kernel, case, seen=seen), Evidence.select().count()) == ("closed", 0)


def test_evidence_is_checked_by_its_form_and_its_handler(kernel: Kernel, case: str) -> None:
    found = [give(kernel, case, ada=False), give(kernel, case, teks="salah"), give(kernel, case, teks="rusak")]
    assert (found, Evidence.select().count()) == (["evidence-wrong", "evidence-wrong", "guard-failed"], 0)


def test_evidence_waits_for_a_handler_that_is_gone(kernel: Kernel, case: str) -> None:
    del kernel.host.registry.handlers["sederhana"]
    assert give(kernel, case) == "plugin-missing"


def test_a_hash_that_was_typed_names_no_file(kernel: Kernel, case: str) -> None:
    assert give(kernel, case, sha256="0" * 64) == ""
    assert Evidence.get().value == {"ada": True}
    assert give(kernel, case, content=b"isi", sha256="0" * 64) == ""
    assert Evidence.get(Evidence.replaced_at.is_null()).value == {"ada": True, "sha256": "h" * 64}


def test_evidence_replaces_what_was_there_and_the_same_again_is_nothing_new(kernel: Kernel, case: str) -> None:
    version = Case.get_by_id(case).version
    for text in ("a", "a", "b"):
        assert give(kernel, case, teks=text) == ""
    assert [(one.value["teks"], one.replaced_at is None) for one in Evidence.select().order_by(Evidence.id)] == [
        ("a", False),
        ("b", True),
    ]
    assert Case.get_by_id(case).version == version + 4, "each with its change and with its projection"
    told = LogEntry.select().where((LogEntry.case == case) & (LogEntry.code == "evidence"))
    assert [one.person for one in told] == [person("Ani Contoh").id] * 2


# --- words about items -------------------------------------------------------------------------------


def tell(kernel: Kernel, case: str, who: Actor, text: str = "Halo", key: str = "k", item: str = "pilih:laut") -> str:
    return code(lambda: notes.note(kernel, key, who, case, "tulis", item, text, kernel.clock.now()))


def test_something_is_said_by_those_related_and_once_for_a_key(kernel: Kernel, case: str) -> None:
    ani, budi = Player(kernel, "Ani Contoh").actor, Player(kernel, "Budi Contoh").through("pembina").actor
    assert tell(kernel, case, Actor(person("Dedi Contoh").id)) == "missing"
    assert tell(kernel, case, Actor(budi.person)) == "missing", "in the capacity of the relation alone"
    assert [tell(kernel, case, ani), tell(kernel, case, ani)] == ["", ""]
    assert [tell(kernel, case, budi), tell(kernel, case, ani, "Lain")] == ["key-reused", "key-reused"]
    assert [(one.text, one.by, one.item) for one in Note.select()] == [("Halo", ani.person, "pilih:laut")]
    assert "note" in {one.code for one in LogEntry.select().where(LogEntry.case == case)}


def test_something_is_said_of_what_is_there_and_in_words(kernel: Kernel, case: str) -> None:
    ani = Player(kernel, "Ani Contoh").actor
    found = [
        tell(kernel, case, ani, item="pilih:gunung"),
        tell(kernel, case, ani, " "),
        tell(kernel, case, ani, "a" * 2001),
    ]
    assert (found, Note.select().count()) == (["item-gone", "note-needed", "note-long"], 0)


def test_nothing_is_said_in_a_case_that_is_closed(kernel: Kernel, case: str) -> None:
    Case.update(closed_at=kernel.clock.now()).where(Case.id == case).execute()
    assert tell(kernel, case, Player(kernel, "Ani Contoh").actor) == "closed"


# --- who may read ---------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(kernel: Kernel, case: str) -> access.Viewer:
    """The head of another land, with the same permissions there."""
    other = people.add_unit("lain", "Negeri lain", "negeri", None)
    add_person("Asing Contoh", "ketua", other, "tetap", date(2029, 7, 1))
    return through(kernel, "Asing Contoh", "ketua")


def through(kernel: Kernel, name: str, role: str) -> access.Viewer:
    held = Assignment.get((Assignment.person == person(name)) & (Assignment.role == role))
    return viewer(kernel, name, held.id)


def test_a_case_is_read_by_those_related_and_by_who_reads_all_below(
    kernel: Kernel, case: str, elsewhere: access.Viewer
) -> None:
    seen = cases.load(kernel, case)
    who = {
        "the person": viewer(kernel, "Ani Contoh"), "who decides": through(kernel, "Budi Contoh", "pembina"),
        "who decides, as an employee": viewer(kernel, "Budi Contoh"), "who reads below": through(kernel, "Ketua Contoh", "ketua"),
        "who reads below, as an employee": viewer(kernel, "Ketua Contoh"), "a neighbour": viewer(kernel, "Dedi Contoh"),
        "who decides next door": through(kernel, "Cici Contoh", "pembina"), "another land": elsewhere,
    }  # fmt: skip
    assert {name for name, one in who.items() if access.may_read(one, seen)} == {
        "the person",
        "who decides",
        "who reads below",
    }


def test_a_permission_holds_at_a_unit_and_below_it_alone(kernel: Kernel, case: str, elsewhere: access.Viewer) -> None:
    root, house = unit("negeri"), unit("rumah-a")
    head = through(kernel, "Ketua Contoh", "ketua")
    below = replace(head, unit=house.id, line=tuple(house.line))
    found = {
        name: [one.may("manage_plugins", at.line) for at in (root, house, unit("rumah-b"))]
        for name, one in {
            "root": head,
            "house": below,
            "elsewhere": elsewhere,
            "nowhere": replace(head, unit=None),
        }.items()
    }
    assert found == {
        "root": [True, True, True],
        "house": [False, True, False],
        "elsewhere": [False, False, False],
        "nowhere": [False, False, False],
    }
    assert head.may("manage_people", root.line) is False
    assert through(kernel, "Budi Contoh", "pembina").may("read_cases", house.line) is False


def test_a_case_of_the_neighbour_is_another_s(kernel: Kernel, case: str) -> None:
    assert not access.may_read(viewer(kernel, "Ani Contoh"), cases.load(kernel, case_of("Dedi Contoh")))


def test_who_keeps_people_or_imports_alone_finds_no_case(kernel: Kernel, case: str) -> None:
    seen = cases.load(kernel, case)
    head = through(kernel, "Ketua Contoh", "ketua")
    found = {one: access.may_read(replace(head, permissions=frozenset({one})), seen) for one in access.PERMISSIONS}
    assert {one for one, may in found.items() if may} == {
        access.READ_STATES,
        access.READ_RESULTS,
        access.READ_CONTENTS,
    }


def test_a_part_is_read_by_its_author_always_and_by_its_readers_while_they_are_related(
    kernel: Kernel, case: str
) -> None:
    from kinerja.models import Relation

    who = [viewer(kernel, "Ani Contoh"), through(kernel, "Budi Contoh", "pembina"), viewer(kernel, "Dedi Contoh")]

    def readers() -> list[bool]:
        seen = cases.load(kernel, case)
        part = seen.part("tulis", "cerita")
        assert part is not None
        return [access.may_read_part(kernel, one, seen, part) for one in who]

    assert readers() == [True, True, False]
    Relation.update(until=date(2030, 1, 14)).where(Relation.case == case).execute()
    assert readers() == [True, False, False]


def test_a_judgement_is_read_with_contents_only_by_who_may_read_results_too(kernel: Kernel, case: str) -> None:
    steps = kernel.host.registry.steps
    steps["nilai"] = replace(steps["nilai"], gives=(FactSpec("nilai", "nilai", about="result"),))
    Player(kernel, "Budi Contoh").through("pembina").do(case, "lihat", "tetapkan", step="nilai", data={"nilai": "baik"})
    seen, head = cases.load(kernel, case), through(kernel, "Ketua Contoh", "ketua")
    judged, written = seen.part("lihat", "nilai"), seen.part("tulis", "cerita")
    assert judged is not None and written is not None
    found = {}
    for allowed in ({access.READ_CONTENTS}, {access.READ_RESULTS}, {access.READ_CONTENTS, access.READ_RESULTS}):
        who = replace(head, permissions=frozenset(allowed))
        found[len(allowed), access.READ_CONTENTS in allowed] = [
            access.may_read_part(kernel, who, seen, one) for one in (judged, written)
        ]
    assert found == {(1, True): [False, True], (1, False): [False, False], (2, True): [True, True]}
