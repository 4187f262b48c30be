"""What nobody may do: strangers, the other side, the right person at the wrong moment, a key that comes again."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from kinerja import drafts, workflow
from kinerja.contracts import Actor
from tests.core.stateful_desk import Operating
from tests.core.stateful_model import LOOK, OF_HEAD, ROWS, SOURCES, STEPS, WRITE, File

NUMBER = st.integers(0, 50)


class Strangers(Operating):
    """After each step somebody tries what is not theirs."""

    @invariant()
    def nobody_else_can_do_anything(self) -> None:
        """After every step somebody who may not tries something: each time another person, row and part."""
        tries = self.nth((self.a_stranger_tries, self.the_other_side_tries, self.something_is_done_out_of_turn))
        tries(self.nth(self.files), self.nth(ROWS), self.nth(STEPS))

    def a_stranger_tries(self, file: File, row: str, step: str) -> None:
        everybody = [Actor(id) for id in self.people.values()] + [one.actor for one in self.office.posts]
        actor, now = self.nth([one for one in everybody if self.may(file, one)]), self.now()
        self.ask(file, actor, row, self.may(file, actor), step=step, note="Saya mau.", data={"isi": "x"})
        self.attempt("missing", lambda: drafts.begin(self.kernel, actor, file.case, WRITE, step, now))
        seen = file.papers[step].revision if step in file.papers else 0
        self.attempt(
            "missing",
            lambda: drafts.save_draft(self.kernel, actor, file.case, WRITE, step, seen, {"isi": "x"}, now),
        )

    def the_other_side_tries(self, file: File, row: str, step: str) -> None:
        """The employee answers in place of the head, the head hands in or writes in place of the employee."""
        head, seen, now = self.decider(file), file.papers[step].revision if step in file.papers else 0, self.now()
        actor = file.subject if row in OF_HEAD else head
        code = self.over(file) if self.shut(file) else "" if file.state in SOURCES[row] else "not-now"
        self.ask(file, actor, row, self.may(file, actor) or code or "not-yours", step=step, note="Saya saja.")
        self.attempt(
            "missing" if self.may(file, head) else "not-yours",
            lambda: drafts.save_draft(self.kernel, head, file.case, WRITE, step, seen, {"isi": "x"}, now),
        )
        self.attempt("not-yours", lambda: drafts.begin(self.kernel, file.subject, file.case, LOOK, "nilai", now))

    def something_is_done_out_of_turn(self, file: File, row: str, step: str) -> None:
        """The right person at the wrong moment, or a row that is not in the table."""
        row = self.nth((row, row, row, "tetapkan", "hapus"))
        actor = self.decider(file) if row in OF_HEAD else file.subject
        if self.shut(file):
            code = self.over(file)
        elif row == "hapus":
            code = "missing"
        elif row == "tetapkan" and not file.graded:
            code = "waits"
        elif file.state in SOURCES.get(row, ()) and self.today < self.office.opens(file):
            code = "too-early"
        elif row == "ajukan" and file.state in SOURCES[row] and self.today > self.office.ends(file):
            code = "too-late"
        else:
            code = "not-now"
        if (code != "not-now" and row != "tetapkan") or file.state not in SOURCES.get(row, ("jadi",)):
            code = self.may(file, actor) or code
            self.ask(file, actor, row, code, step="nilai" if row == "tetapkan" else "", note="Sekarang.")

    @precondition(lambda self: self.asked)
    @rule(number=NUMBER, how=st.sampled_from(("same", "same", "note", "actor")))
    def a_key_comes_again(self, number: int, how: str) -> None:
        ask, first = self.asked[-1 - number % len(self.asked)]
        file = next(one for one in self.files if one.case == ask.case)
        if how == "same":
            before = self.everything()
            code = (self.may(file, ask.actor) or self.over(file)) if self.closed else ""  # kept until the period closes
            answer = self.attempt(code, lambda: workflow.apply(self.kernel, ask))
            assert self.closed or answer == replace(first, repeated=True)
            assert self.everything() == before
            return
        other = replace(ask, note="Lain.") if how == "note" else replace(ask, actor=Actor(self.people["Kanda"]))
        if not self.closed:
            self.attempt("key-reused", lambda: workflow.apply(self.kernel, other))
