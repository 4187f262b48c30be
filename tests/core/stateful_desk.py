"""What the office does for one case: it answers requests, imports, puts a relation right, ends a case early."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kinerja import cases, database, workflow
from kinerja.access import Viewer
from kinerja.contracts import Correction
from kinerja.models import Request
from kinerja_office import aftermath, correcting, endings, requests
from kinerja_work import imports, jobs
from tests.core.stateful_base import KEEPERS, WHO, anybody
from tests.core.stateful_model import File, Wish
from tests.core.stateful_office import KEEPER, NAMED, Staffing


class Operating(Staffing):
    """Requests, relations put right, cases ended early."""

    @precondition(anybody)
    @rule(
        number=st.integers(0, 9),
        to=st.integers(0, 20),
        by=KEEPER,
        named=NAMED,
    )
    def a_relation_is_put_right(self, number: int, to: int, by: str, named: bool) -> None:
        live = self.live()
        heads = [one for one in self.office.posts if one.role in ("pembina", "ketua")]
        post, keeper = heads[to % len(heads)], self.keeper(by)
        some = live[: 1 + number % 2] if number % 3 else live[-1:]
        some_cases = [one.case for one in some]
        code = "not-oneself" if post.person == keeper.person else "" if named else "note-needed"
        code = code or ("ended-already" if post.over(self.today) else "")
        code = code or ("begins-later" if post.since > self.today else "")
        why, at = "Salah data" if named else "", self.now()
        changed = self.attempt(
            code, lambda: correcting.correct(self.kernel, keeper, some_cases, "memutuskan", post.id, why, at)
        )
        if code:
            return
        taken = [one for one in some if one.name != post.name and not self.keeps(keeper, one.place)]
        assert sorted(changed) == sorted(one.case for one in taken)
        for file in taken:
            file.logged += 1
            if file.head is post:  # it is written anew, as the same person's from today on
                file.past |= {post.id} if file.head_since < self.today else set()
                file.head_since = self.today
            file.given_to(post, self.today)
            file.fixed = post
        self.worked()

    @precondition(anybody)
    @rule(
        who=WHO,
        kind=st.sampled_from(("value", "value", "unlock", "relation")),
        named=NAMED,
        own=NAMED,
        then=st.sampled_from(("", "", "ya", "tidak", "impor")),
    )
    def somebody_asks_for_something(self, who: str, kind: str, named: bool, own: bool, then: str) -> None:
        file, at = self.of(who), self.now()
        seen = cases.load(self.kernel, file.case)
        viewer = Viewer(file.subject.person or 0, f"{who} Contoh", "")
        if not own:
            viewer = self.keeper("penjaga")
        wanted = self.new("5").replace(" ", "") if named else ""
        field = {"value": "nomor", "unlock": "cerita", "relation": "memutuskan"}[kind]

        def act() -> None:
            if kind == "value":
                one = Correction("nomor", "Nomor", seen.view.labels.get("nomor", ""), "Penjaga memperbaikinya.")
                requests.ask_value(self.kernel, viewer, seen, one, wanted, at)
            elif kind == "unlock":
                requests.ask_unlock(self.kernel, viewer, seen, "cerita", "Cerita", wanted, at)
            else:
                requests.ask_relation(self.kernel, viewer, seen, "memutuskan", wanted, at)

        code = "" if named else "request-empty" if kind == "value" else "note-needed"
        code = code or ("missing" if not own else self.over(file) if self.shut(file) else "")
        self.attempt(code, act)
        if code:
            return
        file.logged += 1
        old = next((one for one in file.wishes if (one.kind, one.state) == (kind, "open")), None)
        if old is not None:
            old.wanted = wanted
        else:
            id = Request.select().order_by(Request.id.desc()).get().id
            file.wishes.append(Wish(id, kind, field, wanted))
        if then == "impor" and kind == "value":
            self.an_import_shows_a_value(0, True)
        elif then:
            self.a_request_is_answered(0, "kepala-penjaga", then == "ya", True)

    @precondition(lambda self: any(one.wishes for one in self.live()))
    @rule(number=st.integers(0, 20), by=KEEPER, granted=st.booleans(), named=NAMED)
    def a_request_is_answered(self, number: int, by: str, granted: bool, named: bool) -> None:
        wishes = [(file, one) for file in self.live() for one in file.wishes if not one.loose]
        if not wishes:
            return
        file, wish = wishes[-1 - number % len(wishes)]
        keeper, text, at = self.keeper(by), "Sudah diperiksa." if named else " ", self.now()
        code = "missing" if self.keeps(keeper, file.place) else "" if named else "note-needed"
        code = code or ("" if wish.state == "open" else "request-answered")
        self.attempt(code, lambda: requests.answer(self.kernel, keeper, wish.id, granted, text, at))
        if not code:
            file.logged += 1
            wish.state = ("granted" if wish.kind == "unlock" else "done") if granted else "denied"

    @precondition(anybody)
    @rule(who=WHO, right=st.booleans())
    def a_wrong_number_is_asked_for_and_imported(self, who: str, right: bool) -> None:
        self.somebody_asks_for_something(who, "value", True, True, "")
        if any(one.kind == "value" for file in self.live() for one in file.wishes):
            self.an_import_shows_a_value(0, right)

    @precondition(lambda self: any(one.kind == "value" for file in self.live() for one in file.wishes))
    @rule(number=st.integers(0, 20), right=st.sampled_from((True, True, False)))
    def an_import_shows_a_value(self, number: int, right: bool) -> None:
        """The value asked for is taken over and closes the request; another one is a conflict, as before."""
        asked = [(file, one) for file in self.live() for one in file.wishes if one.kind == "value"]
        file, wish = asked[-1 - number % len(asked)]
        person = file.subject.person or 0
        value = wish.wanted if right else self.new("9").replace(" ", "")
        at = self.units[file.place]
        text = f"orang;{file.name} Contoh;{value};k{person}".encode()
        id = imports.start_import(self.kernel, "kantor", "orang", at, {"berkas": text}, None)
        jobs.run_due(self.kernel)
        imports.confirm(self.kernel, id)
        jobs.run_due(self.kernel)
        open_ones = [one for mine in self.files if mine.name == file.name for one in mine.wishes if one.state == "open"]
        wanted = [one.wanted for one in open_ones if one.kind == "value"]
        if value in (self.numbers[person], *wanted[-1:]):
            self.numbers[person] = value
            if wish.state == "open" and right:
                here = [one for one in self.office.posts if (one.name, one.role) == (file.name, "murid")]
                gone = all(one.over(self.today) for one in here)
                wish.state, wish.loose = ("open", True) if gone else ("fixed", wish.loose)
        self.worked()
        assert dict(database.rows("SELECT person_id, value FROM person_id WHERE kind = 'nomor'")) == self.numbers

    @precondition(lambda self: self.long > 8 and len(self.live()) > 1)
    @rule(
        who=WHO,
        by=st.sampled_from(("", "", *KEEPERS, "sendiri")),
        wrong=st.sampled_from(("", "", "", "reason-unknown", "months-wrong", "note-needed")),
    )
    def a_case_is_ended_early(self, who: str, by: str, wrong: str) -> None:
        file, at = self.of(who), self.now()
        seen = cases.load(self.kernel, file.case)
        if by == "sendiri":
            viewer, code = Viewer(file.subject.person or 0, f"{who} Contoh", ""), "missing"
        elif by:
            viewer = self.keeper(by)
            code = "missing" if self.keeps(viewer, file.place) else ""
        elif file.head is None:
            return
        else:
            viewer = self.viewer(file.head)
            code = "missing" if self.may(file, file.head.actor) else ""
        code = code or ("ended" if file.ended else wrong)
        reason, months = "bosan" if wrong == "reason-unknown" else "pindah", 13 if wrong == "months-wrong" else 1
        note = " " if wrong == "note-needed" else "Pindah."
        self.attempt(code, lambda: endings.end(self.kernel, viewer, seen, reason, self.today, months, note, at))
        if not code:
            self.is_ended(file)
            file.for_good = True

    @precondition(lambda self: not self.closed)
    @rule(who=WHO)
    def what_is_made_again_stays_the_same(self, who: str) -> None:
        before = self.everything(versions=False)
        file: File = self.of(who)
        aftermath.after_people(self.kernel, self.units[file.place])
        if not file.ended:
            workflow.reproject(self.kernel, file.case, self.now())
        self.worked()
        assert self.everything(versions=False) == before
