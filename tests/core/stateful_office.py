"""What the office does with posts: it appoints and ends heads, moves and spares people."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kinerja.access import Viewer
from kinerja.models import Assignment, Person
from kinerja_office import staff
from tests.core.stateful_base import PLACES, WHO, anybody
from tests.core.stateful_head import Deciding
from tests.core.stateful_model import Post
from tests.core.stateful_world import FREE

PLACE, KEEPER = st.sampled_from(PLACES), st.sampled_from(("kepala-penjaga",) * 4 + ("penjaga",))
NAMED = st.sampled_from((True,) * 8 + (False,))
"""Whether the paper or the reason is written."""


class Staffing(Deciding):
    """Posts and the days of people."""

    def keeps(self, keeper: Viewer, *places: str, who: str = "") -> str:
        """Why somebody may not enter this: their own data, or a place that is not theirs to keep."""
        if self.people.get(who) == keeper.person:
            return "not-oneself"
        return "" if keeper.role == "kepala-penjaga" or set(places) == {"rumah-a"} else "other-unit"

    @precondition(anybody)
    @rule(
        who=st.sampled_from((*FREE, *FREE, "Eka", "Jaga")),
        place=PLACE,
        kind=st.sampled_from(("sementara", "sementara", "tetap")),
        start=st.sampled_from((0, 0, 0, -2, 2)),
        days=st.sampled_from((1, 3, 6, 9, 6, -1, None)),
        by=KEEPER,
        named=NAMED,
    )
    def the_office_appoints(
        self, who: str, place: str, kind: str, start: int, days: int | None, by: str, named: bool
    ) -> None:
        """An acting head with a last day, or a definitive one who arrives."""
        acting = kind == "sementara"
        since = self.today + timedelta(start)
        until = since + timedelta(days) if days is not None and (acting or days < 0) else None
        keeper = self.keeper(by)
        code = self.keeps(keeper, place, who=who) or ("" if named else "paper-needed")
        code = code or ("days-turned" if until and until < since else "")
        code = code or ("last-day-needed" if acting and until is None else "")
        same = [one for one in self.office.of(who, "pembina", place) if not one.over(since)]
        code = code or ("held-already" if any(one.since <= (until or date.max) for one in same) else "")
        person, at, note = Person.get_by_id(self.people[who]), self.units[place], "SK 9" if named else " "
        made = self.attempt(
            code, lambda: staff.appoint(self.kernel, keeper, person, "pembina", kind, at, since, until, note)
        )
        if not code:
            self.office.posts.append(
                Post(made.id, who, person.id, "pembina", place, acting=acting, since=since, until=until)
            )
            self.worked()

    @precondition(anybody)
    @rule(place=PLACE, who=st.sampled_from(FREE), days=st.sampled_from((0, 2, 5)), acting=st.booleans())
    def the_head_falls_ill_and_somebody_stands_in(self, place: str, who: str, days: int, acting: bool) -> None:
        kind = "sementara" if acting else "tetap"
        self.the_office_appoints(who, place, kind, 0, 6, "kepala-penjaga", True)
        self.the_office_enters_a_leave("Budi" if place == "rumah-a" else "Cici", "sakit", days, "kepala-penjaga")

    @precondition(lambda self: any(one.head is None for one in self.live()))
    @rule(who=st.sampled_from((*FREE, *FREE, "Eka")), kind=st.sampled_from(("sementara", "tetap")))
    def a_house_without_a_head_gets_one(self, who: str, kind: str) -> None:
        place = next(one.place for one in self.live() if one.head is None)
        self.the_office_appoints(who, place, kind, 0, 6, "kepala-penjaga", True)

    @precondition(anybody)
    @rule(
        number=st.integers(0, 20),
        head=st.sampled_from((True, True, True, True, False)),
        days=st.sampled_from((0, 2, 2, 5, 5, 9, -1, -900)),
        why=st.sampled_from(("purna", "pindah") * 4 + ("bosan",)),
        by=KEEPER,
    )
    def the_office_ends_a_post(self, number: int, head: bool, days: int, why: str, by: str) -> None:
        posts = [one for one in self.office.posts if one.role == ("pembina" if head else "murid")]
        post, keeper, last = posts[number % len(posts)], self.keeper(by), self.today + timedelta(days)
        held = Assignment.get_by_id(post.id)
        code = self.keeps(keeper, post.place) or ("days-turned" if last < post.since - timedelta(1) else "")
        code = code or ("reason-unknown" if why == "bosan" else "")
        code = code or ("ended-already" if post.over(self.today) else "")
        code = code or ("longer-than-known" if post.until and last > post.until else "")
        self.attempt(code, lambda: staff.end(self.kernel, keeper, held, last, why, "SK 3"))
        if not code:
            post.until, post.why = last, why
            self.worked()

    @precondition(anybody)
    @rule(
        who=WHO,
        place=PLACE,
        start=st.sampled_from((0, 0, 1, 3, -1)),
        why=st.sampled_from(("pindah", "pindah", "purna")),
        by=KEEPER,
    )
    def the_office_moves_somebody(self, who: str, place: str, start: int, why: str, by: str) -> None:
        posts = [one for one in self.office.posts if (one.name, one.role) == (who, "murid")]
        post, keeper, since = posts[-1], self.keeper(by), self.today + timedelta(start)
        held, to = Assignment.get_by_id(post.id), self.units[place]
        same = [one for one in self.office.of(who, "murid", place) if not one.over(since)]
        code = self.keeps(keeper, post.place, place) or ("held-already" if post.place == place else "")
        code = code or ("ended-already" if post.over(self.today) else "")
        code = code or ("longer-than-known" if post.until and since - timedelta(1) > post.until else "")
        code = code or ("days-turned" if since < post.since else "") or ("held-already" if same else "")
        made = self.attempt(code, lambda: staff.transfer(self.kernel, keeper, held, to, "murid", since, why, "SK 1"))
        if not code:
            post.until, post.why = since - timedelta(1), why
            self.office.posts.append(Post(made.id, who, post.person, "murid", place, acting=False, since=since))
            self.worked()

    @precondition(anybody)
    @rule(
        who=st.sampled_from(("Ani", "Dedi", "Eka", "Budi") * 2 + ("Fajar",)),
        kind=st.sampled_from(("sakit", "sakit", "aktif") * 3 + ("malas",)),
        days=st.sampled_from((0, 2, 5, None, -1)),
        by=KEEPER,
    )
    def the_office_enters_a_leave(self, who: str, kind: str, days: int | None, by: str) -> None:
        until = self.today + timedelta(days) if days is not None else None
        homes = [one for one in self.office.posts if one.name == who and one.role != "penjaga" and self.at_home(one)]
        homes.sort(key=lambda one: (one.holds(self.today), one.since <= self.today, one.since, one.id))
        keeper, person = self.keeper(by), Person.get_by_id(self.people[who])
        code = self.keeps(keeper, homes[-1].place) if homes else "missing"
        code = code or ("reason-unknown" if kind == "malas" else "") or ("days-turned" if days == -1 else "")
        self.attempt(code, lambda: staff.set_standing(self.kernel, keeper, person, kind, self.today, until, "Surat"))
        if not code:
            before = self.today - timedelta(1)
            old = [one for one in self.office.leaves if (one[0], one[2]) != (who, self.today)]
            self.office.leaves = (
                [
                    (name, what, since, before if self.cut(name == who, since, last) else last)
                    for name, what, since, last in old
                ]
                + [
                    (name, what, until + timedelta(1), last)
                    for name, what, since, last in old
                    if name == who and until and since <= until and (last is None or last > until)
                ]
                + [(who, kind, self.today, until)]
            )
            self.worked()

    def cut(self, mine: bool, since: date, last: date | None) -> bool:
        return mine and since < self.today and (last is None or last >= self.today)

    @precondition(lambda self: not self.closed and any(one.until for one in self.office.posts))
    @rule(number=st.integers(0, 20), by=KEEPER, named=NAMED)
    def an_end_is_taken_back(self, number: int, by: str, named: bool) -> None:
        """An end that was entered by mistake; never of a post that had its last day from the beginning, and of nobody
        who meanwhile works elsewhere or in the same post anew."""
        posts = [one for one in self.office.posts if one.until]
        post, keeper, note = posts[number % len(posts)], self.keeper(by), "Salah catat." if named else " "
        anew = [one for one in self.office.of(post.name, post.role, post.place) if one is not post]
        again = max(self.today, (post.until or self.today) + timedelta(1))
        homes = [
            one for one in self.office.posts if one.name == post.name and self.at_home(one) and not one.over(again)
        ]
        held = Assignment.get_by_id(post.id)
        code = self.keeps(keeper, post.place, who=post.name) or ("" if named else "note-needed")
        code = code or ("held-already" if any(not one.over(post.since) for one in anew) else "")
        code = code or ("" if post.why and not post.acting else "nothing-ended")
        code = code or ("home-already" if self.at_home(post) and homes else "")
        self.attempt(code, lambda: staff.resume(self.kernel, keeper, held, note))
        if not code:
            post.until, post.why = None, ""
            self.worked()

    def at_home(self, post: Post) -> bool:
        """The office appoints beside the home post; what the world was built with is at home."""
        return post.role == "murid" or post.name in ("Budi", "Cici")
