"""What the employee does in two tabs, and what is said of an item."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kinerja import drafts, notes
from kinerja.contracts import Stale
from tests.core.stateful_base import TAB, WHO, Base, anybody, somebody
from tests.core.stateful_model import OPEN, STEPS, WRITE, File

STEP = st.sampled_from(STEPS)
NOTE = st.sampled_from(("", "Tambah rincian.", "Tambah rincian."))


class Writing(Base):
    """The employee's two tabs."""

    @rule(who=WHO, tab=TAB, step=STEP)
    def a_tab_opens_a_step(self, who: str, tab: str, step: str) -> None:
        file = self.of(who, *OPEN)
        paper = file.papers.get(step)
        code = self.begin_code(file) if paper is None else self.over(file) if self.shut(file) else ""
        if paper is not None and paper.draft is None and not code:
            code = "handed"
        now = self.now()
        part = self.attempt(code, lambda: drafts.begin(self.kernel, file.subject, file.case, WRITE, step, now))
        if not code:
            if paper is None:
                self.begun(file, step)
            file.tabs[tab][step] = part.revision
            assert part.draft == file.papers[step].draft

    @rule(who=WHO)
    def both_tabs_load_the_page(self, who: str) -> None:
        file = self.of(who, "draf", "dikembalikan")
        for tab in file.tabs.values():
            tab |= {step: paper.revision for step, paper in file.papers.items()}

    @rule(who=WHO, tab=TAB, step=STEP, empty=st.sampled_from((False, False, False, True)), reload=st.booleans())
    def a_tab_saves_a_draft(self, who: str, tab: str, step: str, empty: bool, reload: bool) -> None:
        book = ("laut", "gunung")[self.number % 2]
        answers = ({"buku": book} if step == "pilih" else {"isi": self.new("naskah")}) if not empty else {}
        self.save(self.of(who, *OPEN), tab, step, answers, reload=reload)

    def save(self, file: File, tab: str, step: str, answers: dict[str, Any], *, reload: bool) -> None:
        paper, seen = file.papers.get(step), file.tabs[tab].get(step, 0)
        kept = paper is not None and paper.revision != seen and paper.draft == answers
        if self.shut(file):
            code = self.over(file)
        elif paper is None:
            code = self.begin_code(file)
        elif paper.draft is None:
            code = "handed"
        else:
            code = "" if paper.revision == seen or kept else "stale"
        answer = self.attempt(
            code,
            lambda: drafts.save_draft(self.kernel, file.subject, file.case, WRITE, step, seen, answers, self.now()),
        )
        if not code and kept:
            assert paper is not None and answer == paper.revision, "what is kept already is not written again"
            file.tabs[tab][step] = answer
        elif not code:
            if paper is None:
                self.begun(file, step)
            self.told(file, file.papers[step], answers)
            file.tabs[tab][step] = answer
        elif isinstance(answer, Stale):
            assert paper is not None
            assert (answer.current, answer.yours, answer.revision) == (paper.draft, answers, paper.revision)
            if reload:
                file.tabs[tab][step] = answer.revision

    @rule(who=WHO, tab=TAB)
    def a_tab_hands_in(self, who: str, tab: str) -> None:
        self.hand_in(self.of(who, *OPEN), tab)

    def hand_in(self, file: File, tab: str) -> None:
        code = self.row_code(file, "draf", "dikembalikan")
        code = code or ("too-late" if self.today > self.office.ends(file) else "")
        missing = False
        for step in STEPS if not code else ():
            paper, seen = file.papers.get(step), file.tabs[tab].get(step)
            if paper is not None and seen is not None and seen != paper.revision:
                code = "stale"
                break
            missing = missing or paper is None or not paper.answers
        code = code or ("incomplete" if missing else "")
        answer = self.ask(file, file.subject, "ajukan", code, seen=dict(file.tabs[tab]))
        if isinstance(answer, Stale):
            assert answer.current in [paper.answers for paper in file.papers.values()]
        if not code:
            file.state, file.adjusted = "diajukan", False
            for paper in file.papers.values():
                paper.hand_in(paper.answers)
            file.used_up()
            file.settle(self.today)

    @precondition(somebody("diajukan"))
    @rule(who=WHO)
    def a_hand_in_is_taken_back(self, who: str) -> None:
        self.take_back(self.of(who, "diajukan"))

    def take_back(self, file: File) -> None:
        code = self.row_code(file, "diajukan")
        self.ask(file, file.subject, "tarik", code)
        if not code:
            file.state = "draf"
            for paper in file.papers.values():
                paper.give_back(returned=False)

    @precondition(somebody("jadi"))
    @rule(who=WHO, note=st.sampled_from(("", "Buku hilang.", "Buku hilang.")))
    def an_agreed_text_is_revised(self, who: str, note: str) -> None:
        self.revise(self.of(who, "jadi"), note)

    def revise(self, file: File, note: str) -> None:
        code = self.row_code(file, "jadi") or ("" if note else "note-needed")
        self.ask(file, file.subject, "revisi", code, note=note)
        if not code:
            file.note(note, own=True)
            file.state = "draf"
            for paper in file.papers.values():
                paper.give_back(returned=False)

    @precondition(anybody)
    @rule(
        who=WHO,
        head=st.booleans(),
        text=st.sampled_from(("Mengapa?", "Mengapa?", "Mengapa?", " ", "a" * 2001)),
        item=st.sampled_from(("now", "now", "", "pilih:tidak-ada")),
        again=st.sampled_from(("", "same", "other")),
    )
    def something_is_said_of_an_item(self, who: str, head: bool, text: str, item: str, again: str) -> None:
        file = self.of(who, "diajukan", "jadi")
        actor = self.decider(file) if head else file.subject
        item = file.item if item == "now" else item
        words = self.new(text) if text == "Mengapa?" else text
        if self.may(file, actor):
            code = "missing"
        elif self.shut(file):
            code = self.over(file)
        else:
            code = "note-long" if len(text) > 2000 else "" if words.strip() else "note-needed"
            code = code or ("item-gone" if item not in ("", file.item) else "")
        key, at = self.new("kunci"), self.now()

        def say(what: str) -> None:
            notes.note(self.kernel, key, actor, file.case, WRITE, item, what, at)

        self.attempt(code, lambda: say(words))
        if again and not code:
            self.attempt("" if again == "same" else "key-reused", lambda: say(words if again == "same" else "Lain."))
        if not code:
            file.note(words, own=not head, item=item)
            file.took()
