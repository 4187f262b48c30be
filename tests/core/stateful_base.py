"""The kernel and the model side by side: how something is tried, and how time and the worker go on in both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from kinerja import changes, database, people, workflow
from kinerja.access import Viewer
from kinerja.contracts import Actor, Refusal
from kinerja.models import Assignment, Case, Person, Unit
from kinerja_work import worker
from tests.core.stateful_model import LOOK, OPEN, WRITE, File, Office, Paper, Post, Signers, Wish
from tests.core.stateful_run import Played
from tests.core.stateful_world import FIRST

WHO, TAB = st.sampled_from(("Ani", "Dedi", "Ani", "Eka")), st.sampled_from("AB")
PLACES = ("rumah-a", "rumah-b")
KEEPERS = ("penjaga", "kepala-penjaga")
TABLES = {
    "part": "id, revision, draft, handed, effective, returned",
    "revision": "part_id, number, data",
    "log_entry": "unit_id, number, hash",
    "applied": "key, digest",
    "progress": "case_id, stage, state, adjusted",
    "task": "case_id, stage, relation, label",
    "fact": "case_id, name, value",
    "item": "case_id, key, retired_at",
    "note": "id, item, text",
    "relation": "case_id, kind, person_id, assignment_id, since, until, fixed",
    "request": "id, state, wanted, answer",
    "assignment": "id, role, since, until, ended_as",
    "standing": "person_id, kind, since, until",
    "person_id": "person_id, kind, value",
}


class Base(Played):
    """The kernel and the model of it."""

    def __init__(self) -> None:
        super().__init__()
        self.closed, self.number, self.long, self.turn = False, 0, 0, 1
        self.people = {one.name.split()[0]: one.id for one in Person.select()}
        self.units = {one.code: one for one in Unit.select()}
        self.office = Office([self.known(one) for one in Assignment.select().order_by(Assignment.id)])
        self.numbers = dict(database.rows("SELECT person_id, value FROM person_id WHERE kind = 'nomor'"))
        self.heads: dict[int, int] = {}
        self.today = FIRST
        self.asked: list[tuple[changes.Ask, changes.Outcome]] = []
        self.files: list[File] = []
        self.worked()

    # --- who and what ---

    def known(self, one: Assignment) -> Post:
        """An assignment as the world was built, or as it was just entered."""
        name = next(name for name, id in self.people.items() if id == one.person_id)
        return Post(one.id, name, one.person_id, one.role, one.unit.code, one.kind == "sementara", one.since, one.until)

    def of(self, who: str, *states: str) -> File:
        """The newest case of somebody, or of another where only that is open in one of these states."""
        mine = [one for one in self.files if one.name == who]
        mine.sort(key=lambda one: not one.ended)
        there = [one for one in self.files if one.state in states and not one.ended]
        return mine[-1] if not there or mine[-1] in there else there[0]

    def live(self) -> list[File]:
        return [] if self.closed else [one for one in self.files if not one.ended]

    def shut(self, file: File) -> bool:
        return self.closed or file.ended

    def over(self, file: File) -> str:
        """Why a case that is shut takes nothing more."""
        return "ended" if file.ended else "closed"

    def decider(self, file: File) -> Actor:
        """Who decides; where nobody does, somebody who may not."""
        return file.head.actor if file.head else next(one for one in self.office.posts if one.role == "ketua").actor

    def may(self, file: File, actor: Actor) -> str:
        """Why somebody has no part in a case at all; empty for its person and for who decides on it."""
        if actor == file.subject:
            return ""
        post = next((one for one in self.office.posts if one.actor == actor), None)
        if post is None or (post is not file.head and post.id not in file.past):
            return "missing"
        if post is file.head and not post.over(self.today):
            return ""
        return "held-in-office" if post.over(self.today) else "missing"

    def row_code(self, file: File, *sources: str) -> str:
        """Why a row of the writing stage cannot be taken now by the one whose turn it would be."""
        if self.shut(file):
            return self.over(file)
        if file.state not in sources:
            return "not-now"
        return "too-early" if self.today < self.office.opens(file) else ""

    def begin_code(self, file: File) -> str:
        if self.shut(file):
            return self.over(file)
        return "too-early" if self.today < self.office.opens(file) else ""

    def keeper(self, role: str) -> Viewer:
        """Somebody who keeps people: of the first house alone, or of the whole land."""
        return self.viewer(next(one for one in self.office.posts if one.role == role))

    def viewer(self, post: Post) -> Viewer:
        at = self.units[post.place]
        return Viewer(
            post.person, f"{post.name} Contoh", "", post.id, post.role, "", at.id, at.name, at.zone, tuple(at.line),
            people.permissions(self.kernel, post.role),
        )  # fmt: skip

    # --- tools ---

    def new(self, what: str) -> str:
        self.number += 1
        return f"{what} {self.number}"

    def nth(self, of: Sequence[Any]) -> Any:
        self.turn = self.turn * 31 % 10_007  # a walk that meets every combination, and the same one in every run
        return of[self.turn % len(of)]

    def everything(self, *, versions: bool = True) -> list[Any]:
        """All that a refused act must leave as it was."""
        tables = {**TABLES, **({"cases": "id, version, closed_at, ending"} if versions else {})}
        return [sorted(database.rows(f"SELECT {what} FROM {table}"), key=str) for table, what in tables.items()]

    def attempt(self, code: str, act: Callable[[], Any]) -> Any:
        """Do something that should be refused with this code, or done where the code is empty."""
        before = self.everything() if code else []
        try:
            answer = act()
        except Refusal as refusal:
            assert (refusal.code, refusal.sentence != "") == (code, True), refusal.sentence
            assert self.everything() == before, f"«{code}» changed something"
            return refusal
        assert code == "", f"should have been refused: {code}"
        return answer

    def ask(self, file: File, actor: Actor, row: str, code: str, **more: Any) -> changes.Outcome | Refusal:
        stage = LOOK if row == "tetapkan" else WRITE
        ask = changes.Ask(self.new("kunci"), file.case, stage, row, actor, self.now(), **more)
        answer: changes.Outcome | Refusal = self.attempt(code, lambda: workflow.apply(self.kernel, ask))
        if isinstance(answer, changes.Outcome):
            assert not answer.repeated
            assert answer.version == Case.get_by_id(file.case).version
            self.asked.append((ask, answer))
            file.took()
            if stage == WRITE:
                file.signed |= self.signers(file)
        return answer

    def number_of(self, file: File) -> str:
        return self.numbers.get(file.subject.person or 0, "")

    def signers(self, file: File) -> Signers:
        """Both sides of a case now: its person, and who decides where somebody does."""
        sides = [file.subject.person or 0]
        sides += [file.head.person] if file.head is not None and not file.head.over(self.today) else []
        return {(person, self.numbers.get(person, "")) for person in sides}

    def fixed(self, file: File, wish: Wish) -> None:
        """The value somebody asked for came: on every paper that they signed."""
        wish.state = "fixed"
        for one in self.files:
            one.put_right(file.subject.person or 0, wish.value, wish.wanted)

    def begun(self, file: File, step: str) -> None:
        if file.state == "belum":
            file.state = "draf"
            file.applied += 1
            file.signed |= self.signers(file)
        file.papers[step] = Paper(1, {})

    def told(self, file: File, paper: Paper, answers: dict[str, Any]) -> None:
        """An author replaced what they saw: from now on the new text is the one that must not get lost."""
        kept = {one.get("isi") for one in paper.kept.values()}
        old = (paper.draft or {}).get("isi")
        if old not in kept:
            file.told.discard(old or "")
        if answers.get("isi"):
            file.told.add(answers["isi"])
        paper.draft = answers
        paper.revision += 1

    # --- time and the worker ---

    def worked(self) -> None:
        """The worker does all that is due, and the model follows the people who came, went, or fell ill."""
        worker.run_once(self.kernel)
        if self.closed:
            return
        for file in self.live():
            posts = self.office.of(file.name, "murid", file.place)
            over = [one for one in posts if one.over(self.today)]
            if not over or any(one.holds(self.today) for one in posts):
                continue
            moved = any(
                one.name == file.name and one.role == "murid" and one.place != file.place and one.holds(self.today)
                for one in self.office.posts
            )
            if moved or (over == posts and max((one.until, one.why) for one in over)[1] == "pindah"):
                self.is_ended(file)
        for post in self.office.posts:
            if post.role == "murid" and post.holds(self.today):
                self.has_case(post)
        for file in self.live():
            number = self.number_of(file)
            if number != file.number and any(
                one.holds(self.today) for one in self.office.of(file.name, "murid", file.place)
            ):
                file.number = number
                file.logged += 1
        for file in self.live():
            if file.fixed is None or file.fixed.over(self.today):
                file.fixed = None
                file.given_to(self.office.decider(file.name, file.place, self.today), self.today)
            file.settle(self.today, self.signers(file))

    def is_ended(self, file: File) -> None:
        file.ended = True
        file.logged += 1
        for wish in file.wishes:
            wish.loose = True

    def has_case(self, post: Post) -> None:
        file = next((one for one in self.files if (one.name, one.place) == (post.name, post.place)), None)
        if file is not None and file.ended and not file.for_good:
            file.ended = False
            file.logged += 1
        if file is not None:
            return
        found = Case.get((Case.person == post.person) & (Case.unit == self.units[post.place]))
        number = self.numbers.get(post.person, "")
        self.files.append(File(found.id, post.name, post.place, Actor(post.person), number=number))


def somebody(*states: str) -> Callable[[Base], bool]:
    """Whether an open case stands in one of these states; what is done in others is an invariant."""
    return lambda machine: any(file.state in states for file in machine.live())


anybody = somebody(*OPEN, "diajukan", "jadi")
