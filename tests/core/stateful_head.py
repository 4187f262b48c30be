"""What the head decides, definitive or acting, one by one and several at once."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kinerja import drafts
from kinerja.contracts import Refusal, Stale
from kinerja.models import Job
from kinerja_work import jobs, several
from tests.core.stateful_base import TAB, WHO, anybody, somebody
from tests.core.stateful_case import NOTE, STEP, Writing
from tests.core.stateful_model import LOOK, OPEN, WRITE, File, Paper


class Deciding(Writing):
    """The head, definitive or acting, through whatever assignment decides now."""

    @rule(who=WHO)
    def the_head_looks(self, who: str) -> None:
        self.look(self.of(who, "diajukan"))

    def look(self, file: File) -> None:
        file.head_saw = {step: paper.handed for step, paper in file.papers.items() if paper.handed is not None}

    def decide_code(self, file: File, *, note: str = "-") -> str:
        """A decision counts only on what was seen, and only of who decides."""
        code = self.may(file, self.decider(file)) or self.row_code(file, "diajukan") or ("" if note else "note-needed")
        changed = any(file.head_saw.get(step, one.handed) != one.handed for step, one in file.papers.items())
        return code or ("changed-while-reading" if changed else "")

    @precondition(somebody("diajukan"))
    @rule(who=WHO)
    def the_head_approves(self, who: str) -> None:
        self.approve(self.of(who, "diajukan"))

    def approve(self, file: File) -> None:
        code = self.decide_code(file)
        self.ask(file, self.decider(file), "setujui", code, seen=dict(file.head_saw))
        if not code:
            file.agree()

    @precondition(somebody("diajukan"))
    @rule(who=WHO, note=NOTE)
    def the_head_returns_with_a_note(self, who: str, note: str) -> None:
        self.give_back(self.of(who, "diajukan"), note)

    def give_back(self, file: File, note: str) -> None:
        code = self.decide_code(file, note=note)
        self.ask(file, self.decider(file), "kembalikan", code, note=note, seen=dict(file.head_saw))
        if not code:
            file.note(note, own=False)
            file.state = "dikembalikan"
            for paper in file.papers.values():
                paper.give_back(returned=True)

    @precondition(somebody("diajukan"))
    @rule(who=WHO, step=STEP, right=st.sampled_from((True, True, True, False)))
    def the_head_adjusts(self, who: str, step: str, right: bool) -> None:
        self.adjust(self.of(who, "diajukan"), step, right)

    def adjust(self, file: File, step: str, right: bool) -> None:
        answers: dict[str, Any] = {"buku": "gunung"} if step == "pilih" else {"isi": self.new("penyesuaian")}
        if not right:
            answers = {"buku": "tidak-ada"} if step == "pilih" else {}
        head = self.decider(file)
        code = self.may(file, head) or self.row_code(file, "diajukan")
        if not code and file.head_saw.get(step, file.papers[step].handed) != file.papers[step].handed:
            code = "stale"
        code = code or ("" if right else "incomplete")
        answer = self.ask(file, head, "sesuaikan", code, step=step, data=answers, seen=dict(file.head_saw))
        if isinstance(answer, Stale):
            assert (answer.current, answer.yours) == (file.papers[step].answers, answers)
        if not code:
            paper = file.papers[step]
            paper.revision += 1
            paper.handed, paper.kept[paper.revision], paper.by_head = paper.revision, answers, True
            file.adjusted = True
            file.told |= {answers["isi"]} if "isi" in answers else set()

    @rule(who=WHO)
    def the_head_drafts_a_grade(self, who: str) -> None:
        file = self.of(who, "jadi")
        head, now = self.decider(file), self.now()
        author = head.person or 0
        paper = file.grades.get(author)
        code = "missing" if self.may(file, head) else self.over(file) if self.shut(file) else ""
        if not code and paper is None:
            code = "waits" if file.state != "jadi" else "not-now" if file.graded else ""
        elif not code and paper is not None:
            code = "handed" if paper.draft is None else ""
        self.attempt(code, lambda: drafts.begin(self.kernel, head, file.case, LOOK, "nilai", now))
        if code:
            return
        paper = file.grades.setdefault(author, Paper(1, {}))
        seen, answers = paper.revision, {"nilai": "cukup"}
        paper.revision = self.attempt(
            "", lambda: drafts.save_draft(self.kernel, head, file.case, LOOK, "nilai", seen, answers, now)
        )
        paper.draft = answers

    @precondition(somebody("jadi"))
    @rule(who=WHO, right=st.sampled_from((True, True, False)), current=st.sampled_from((True, True, False)))
    def the_head_grades(self, who: str, right: bool, current: bool) -> None:
        self.grade(self.of(who, "jadi"), right, current)

    def grade(self, file: File, right: bool, current: bool) -> None:
        head = self.decider(file)
        paper = file.grades.get(head.person or 0)
        answers = {"nilai": "baik" if right else "hebat"}
        seen = {"nilai": paper.revision - (not current)} if paper is not None else {}
        code = self.may(file, head) or (self.over(file) if self.shut(file) else "")
        if not code and file.graded:
            code = "not-now"
        elif not code and file.state != "jadi":
            code = "waits"
        elif not code and paper is not None and not current:
            code = "stale"
        code = code or ("" if right else "incomplete")
        answer = self.ask(file, head, "tetapkan", code, step="nilai", data=answers, seen=seen)
        if isinstance(answer, Stale):
            assert paper is not None and (answer.current, answer.yours) == (paper.answers, answers)
        if not code:
            file.grades.setdefault(head.person or 0, Paper(0, None)).hand_in(answers, in_force=True)
            file.graded = True

    @precondition(anybody)
    @rule(who=WHO, meanwhile=st.sampled_from(("", "", "tarik", "lagi")))
    def the_head_approves_several_at_once(self, who: str, meanwhile: str) -> None:
        """What is wanted of many is judged for each as it stands when the worker comes to it."""
        for file in self.live():
            if file.state in OPEN and file.head is not None and not file.head.acting:
                self.goes_on(file, "A", "")
        head = self.of(who, "diajukan").head
        if head is None:
            return
        mine = [one for one in self.live() if one.head is head and one.state == "diajukan"]
        chosen = {one.case: one for one in mine if not self.office.sick(one.name, self.today)}
        every, key, at = [one.case for one in self.files], self.new("kunci"), self.units[head.place]

        def start() -> Any:
            return several.start_several(self.kernel, self.viewer(head), WRITE, "setujui", every, "Setujui", at, key)

        job = self.attempt("" if chosen else "several-none", start)
        if isinstance(job, Refusal):
            return
        assert start() == job
        first = next(iter(chosen.values()))
        saw = {step: paper.revision for step, paper in first.papers.items()}
        if meanwhile:
            self.take_back(first)
        if meanwhile == "lagi":
            first.tabs["A"] = {}
            self.hand_in(first, "A")
        moved = saw != {step: paper.revision for step, paper in first.papers.items()}
        jobs.run_due(self.kernel)
        taken = [one for one in chosen.values() if not (moved and one is first) and not self.row_code(one, "diajukan")]
        for file in taken:
            file.agree()
            file.took()
        done = Job.get_by_id(job)
        assert (done.state, done.total, done.result["taken"]) == ("done", len(chosen), len(taken))

    @rule(who=WHO, tab=TAB, answer=st.sampled_from(("setujui", "kembalikan", "sesuaikan", "tarik")))
    def everybody_does_what_is_next(self, who: str, tab: str, answer: str) -> None:
        """The straight way, so that long runs reach the end and begin again."""
        self.goes_on(self.of(who), tab, answer)

    @rule(tab=TAB, answer=st.sampled_from(("setujui", "setujui", "kembalikan", "sesuaikan")))
    def everybody_works_for_a_day(self, tab: str, answer: str) -> None:
        for file in self.live():
            self.goes_on(file, tab, answer)

    def goes_on(self, file: File, tab: str, answer: str) -> None:
        if file.state == "diajukan" and answer == "tarik":
            self.take_back(file)
        elif file.state == "diajukan":
            self.look(file)
            if answer == "kembalikan":
                self.give_back(file, "Tambah rincian.")
            elif answer == "sesuaikan":
                self.adjust(file, "cerita", True)
            else:
                self.approve(file)
        elif file.state == "jadi" and not file.graded:
            self.grade(file, True, True)
        elif file.state == "jadi" and not self.shut(file):
            self.revise(file, "Sekali lagi.")
        else:
            file.tabs[tab] = {step: paper.revision for step, paper in file.papers.items()}
            self.save(file, tab, "pilih", {"buku": "laut"}, reload=False)
            self.save(file, tab, "cerita", {"isi": self.new("naskah")}, reload=False)
            self.hand_in(file, tab)
