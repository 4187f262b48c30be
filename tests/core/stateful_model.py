"""What should come of it: a small model of cases, posts and requests that asks nothing of the kernel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kinerja.contracts import ANSWER, CHANGE, Actor

WRITE, LOOK = "tulis", "lihat"
STEPS = ("pilih", "cerita")
OPENS, ENDS, CLOSED = date(2030, 1, 10), date(2030, 2, 10), date(2031, 2, 1)
OPEN = ("draf", "dikembalikan", "belum")
TURNS = {
    "belum": ("pegawai", "Susun"),
    "draf": ("pegawai", "Lengkapi"),
    "dikembalikan": ("pegawai", "Perbaiki"),
    "diajukan": ("memutuskan", "Periksa"),
}
SOURCES: dict[str, tuple[str, ...]] = {
    "ajukan": ("draf", "dikembalikan"),
    "tarik": ("diajukan",),
    "sesuaikan": ("diajukan",),
    "setujui": ("diajukan",),
    "kembalikan": ("diajukan",),
    "revisi": ("jadi",),
}
ROWS, OF_HEAD = tuple(SOURCES), ("sesuaikan", "setujui", "kembalikan", "tetapkan")


@dataclass
class Paper:
    """One author's part as it should be: the revision tabs compare, the draft, and every kept text by number."""

    revision: int
    draft: dict[str, Any] | None
    handed: int | None = None
    effective: int | None = None
    returned: bool = False
    kept: dict[int, dict[str, Any]] = field(default_factory=dict)
    by_head: bool = field(default=False, compare=False)

    @property
    def answers(self) -> dict[str, Any]:
        return self.draft if self.draft is not None else self.kept[self.handed or 0]

    def hand_in(self, answers: dict[str, Any], *, in_force: bool = False) -> None:
        self.revision += 1
        self.handed, self.draft, self.returned, self.kept[self.revision] = self.revision, None, False, answers
        self.by_head = False
        if in_force:
            self.effective = self.revision

    def give_back(self, *, returned: bool) -> None:
        self.draft, self.returned = self.kept[self.handed or 0], returned
        self.revision += 1


@dataclass(eq=False)
class Post:
    """Somebody holds a role at a place from a day to a day; `why` is the reason of its end."""

    id: int
    name: str
    person: int
    role: str
    place: str
    acting: bool
    since: date
    until: date | None = None
    why: str = ""

    @property
    def actor(self) -> Actor:
        return Actor(self.person, self.id)

    def holds(self, day: date) -> bool:
        return self.since <= day and not self.over(day)

    def over(self, day: date) -> bool:
        return self.until is not None and self.until < day


@dataclass(eq=False)
class Wish:
    """A request: what is asked, and where it stands. `loose`: its person has gone elsewhere, so it may close late."""

    id: int
    kind: str
    field: str
    wanted: str
    state: str = "open"
    loose: bool = False


@dataclass(eq=False)
class File:
    """One case as it should be. `for_good`: ended by somebody, so it does not open again when its person is back."""

    case: str
    name: str
    place: str
    subject: Actor
    head: Post | None = None
    head_since: date = date.min
    past: set[int] = field(default_factory=set)
    fixed: Post | None = None
    ended: bool = False
    for_good: bool = False
    state: str = "belum"
    graded: bool = False
    adjusted: bool = False
    papers: dict[str, Paper] = field(default_factory=dict)
    grades: dict[int, Paper] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    said: dict[str, bool] = field(default_factory=dict)
    agreed_items: set[str] = field(default_factory=set)
    wishes: list[Wish] = field(default_factory=list)
    number: str = ""
    """The number its profile holds; it follows the data while the person has the post it is about."""
    logged: int = 0
    applied: int = 0
    tabs: dict[str, dict[str, int]] = field(default_factory=lambda: {"A": {}, "B": {}})
    head_saw: dict[str, int] = field(default_factory=dict)

    @property
    def item(self) -> str:
        """The item of the plan as it was handed in last."""
        paper = self.papers.get("pilih")
        return f"pilih:{paper.kept[paper.handed]['buku']}" if paper and paper.handed else ""

    @property
    def agreed_item(self) -> str:
        paper = self.papers.get("pilih")
        return f"pilih:{paper.kept[paper.effective]['buku']}" if paper and paper.effective else ""

    def note(self, words: str, *, own: bool, item: str = "") -> None:
        """The last word of the talk of an item is its person's own or that of who decides."""
        self.notes.append(words)
        self.said[item] = own

    def news(self) -> set[tuple[str, str, str, int]]:
        """What somebody has not read yet: (stage, relation, what, how much). A note with a plan that was given back is read
        there, and nobody is told of what is said of an item that is in the plan no more."""
        gone = self.agreed_items - {self.agreed_item}
        heard = {item: own for item, own in self.said.items() if item not in gone}
        answers = [item for item, own in heard.items() if not own and (item or self.state != "dikembalikan")]
        questions = [item for item, own in heard.items() if own and item]
        changes = [(WRITE, sum(one.by_head for one in self.papers.values()))]
        changes.append((LOOK, sum(one.handed is not None for one in self.grades.values())))
        found = {(WRITE, "pegawai", ANSWER, len(answers))}
        found |= {(WRITE, "memutuskan", ANSWER, len(questions))} if self.head is not None else set()
        return {one for one in found | {(stage, "pegawai", CHANGE, n) for stage, n in changes} if one[3]}

    def settle(self, day: date) -> None:
        """What the system does by itself while somebody acts as head."""
        if self.state == "diajukan" and self.head is not None and self.head.acting and self.head.holds(day):
            self.agree()
            self.logged += 1

    def agree(self) -> None:
        self.state = "jadi"
        for paper in self.papers.values():
            paper.effective = paper.handed
        self.agreed_items.add(self.agreed_item)

    def took(self) -> None:
        """A change that is logged was made."""
        self.logged += 1
        self.applied += 1

    def given_to(self, head: Post | None, day: date) -> None:
        """Somebody else decides from a day on; who decided on one day alone is as if they never had."""
        if head is self.head:
            return
        if self.head is not None and self.head_since < day:
            self.past.add(self.head.id)
        self.head, self.head_since, self.head_saw = head, day, {}

    def used_up(self) -> None:
        """A hand-in uses the unlockings of what it hands in."""
        for one in self.wishes:
            if one.state == "granted":
                one.state = "used"


@dataclass
class Office:
    """Who holds what, and who is away: the data that the rules of the scheme read."""

    posts: list[Post] = field(default_factory=list)
    leaves: list[tuple[str, str, date, date | None]] = field(default_factory=list)

    def of(self, name: str, role: str, place: str) -> list[Post]:
        return [one for one in self.posts if (one.name, one.role, one.place) == (name, role, place)]

    def last_day(self, name: str, place: str) -> date | None:
        """The last day of somebody's work at a place, where it is known."""
        days = [one.until for one in self.of(name, "murid", place)]
        return None if not days or None in days else max(day for day in days if day)

    def sick(self, name: str, day: date) -> bool:
        """What was entered last counts."""
        known = [kind for who, kind, since, until in self.leaves if who == name and since <= day <= (until or day)]
        return known[-1:] == ["sakit"]

    def decider(self, name: str, place: str, day: date) -> Post | None:
        """The head of the house: who is there before who is away, the definitive one before one who acts, the longest
        first; nobody decides on themselves, then the one above does. Without a head nobody does."""
        heads = [one for one in self.posts if (one.role, one.place) == ("pembina", place) and one.holds(day)]
        heads = sorted(heads, key=lambda one: (self.sick(one.name, day), one.acting, one.since, one.id))
        others = [one for one in heads if one.name != name]
        if others:
            return others[0]
        return next((one for one in self.posts if one.role == "ketua"), None) if heads else None

    def opens(self, file: File) -> date:
        """The first day of writing; for one who leaves before it, the year's first."""
        last = self.last_day(file.name, file.place)
        return date(2030, 1, 1) if last is not None and last < OPENS else OPENS

    def ends(self, file: File) -> date:
        return min(ENDS, self.last_day(file.name, file.place) or ENDS)

    def spared(self, file: File, day: date) -> bool:
        """Whether the person is asked for nothing: away, or gone."""
        last = self.last_day(file.name, file.place)
        return self.sick(file.name, day) or (last is not None and last < day)

    def tasks(self, file: File, day: date) -> set[tuple[str, str, str]]:
        """The turns of an open case that have come: (stage, relation, label)."""
        return {one[:3] for one in self.asked(file, day) if one[3] is None}

    def asked(self, file: File, day: date) -> set[tuple[str, str, str, date | None]]:
        """All turns of an open case, each with the day it comes where that is still to come."""
        if file.state == "jadi":
            return set() if file.graded else {(LOOK, "memutuskan", "Nilai", None)}
        who, label = TURNS[file.state]
        opens = self.opens(file)
        spared = who == "pegawai" and self.spared(file, day)
        return set() if spared else {(WRITE, who, label, opens if day < opens else None)}
