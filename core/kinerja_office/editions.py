"""Papers of what was settled: issued once and never drawn again; a value that was always wrong makes a new edition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime

from kinerja import cases, database, log, people
from kinerja.access import Viewer
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja.models import Case, Edition, Person, Relation
from kinerja.sentences import refuse, say
from kinerja.snapshot import canonical
from kinerja_read import Corrected
from kinerja_read import editions as readable
from kinerja_read.editions import kept


def issue(kernel: Kernel, viewer: Viewer, seen: Loaded, stage: str, number: int, draw: Callable[[], str]) -> str:
    """The paper of an edition: what was issued of it before, else what *draw* makes now, which is kept from then on.
    Refusal "missing" where the edition is not there for this viewer."""
    one = next((one for one in readable(viewer, kernel, seen) if (one.stage, one.number) == (stage, number)), None)
    if one is None:
        raise refuse("missing")
    here = (Edition.case == seen.view.id) & (Edition.stage == stage) & (Edition.number == number)
    if not one.paper:  # of two who ask at once the first one's paper is everybody's
        Edition.update(paper=draw()).where(here & Edition.paper.is_null()).execute()
    return one.paper or str(Edition.get(here).paper)


def put_right(kernel: Kernel, wrong: Corrected, by: int | None, at: datetime) -> None:
    """Correct every paper that a person signed with a value that had always been wrong, in their own cases and in those
    of others, where it is told with their name."""
    signed = Relation.select(Relation.case).where(Relation.person == wrong.person)
    name = people.full_name(Person.get_by_id(wrong.person).name)
    for case in Case.select(Case.id, Case.person).where((Case.person == wrong.person) | Case.id.in_(signed)):
        whose = wrong if case.person_id == wrong.person else replace(wrong, label=f"{wrong.label} {name}")
        correct(kernel, case.id, whose, by, at)


def correct(kernel: Kernel, case: str, wrong: Corrected, by: int | None, at: datetime) -> list[int]:
    """Issue a new edition, which names the old value, of everything settled in a case that was signed with a value of a
    person that had always been wrong; returns their numbers. Where the value stands nowhere, nothing is done, so doing it
    twice is the same as once. *wrong.field* is a kind of external number, or a field of `kinerja_read.Signer`. Call it
    where the value is put right, in the same transaction."""
    made: list[int] = []
    with database.proxy.atomic():
        unit = database.locked(Case.select().where(Case.id == case)).get().unit_id
        newest = {one.stage: one for one in kept(case)}
        for one in {one.stage: one for one in kept(case, wrong)}.values():
            if one.acts != newest[one.stage].acts:
                corrects = canonical([asdict(each) for each in (*one.corrects, wrong)])
                database.run(
                    "INSERT INTO edition (case_id, stage, number, signature_id, content, corrects, at) "
                    "SELECT case_id, stage, number + 1, signature_id, content, ?, ? FROM edition "
                    "WHERE case_id = ? AND stage = ? AND number = ?",
                    corrects, database.stored(at), case, one.stage, one.number,
                )  # fmt: skip
                made.append(one.number + 1)
                text = say("edition-corrected", number=made[-1], what=wrong.label, old=wrong.old or "–", new=wrong.new)
                log.write(kernel, unit, "edition-corrected", by, case, text, {"stage": one.stage, "old": wrong.old}, at)
        if made:
            cases.bump(case)
    return made
