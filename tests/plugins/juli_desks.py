"""How the people of a district sit at their pages in July: they upload, read what is asked, and answer what they may."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import Any

import kinerja_read as read
from kinerja.models import Assignment, Case, Person
from kinerja.testing import viewer
from kinerja_office import sessions
from kinerja_work import worker
from tests.plugins.juli_story import HEAD, TEACHER, TMT
from tests.plugins.juli_world import District, files
from tests.web.visitor import SAME

BUNCH = 30
"""How many schools upload before the worker comes round."""
LETTER = "SK 800/1/2024"
QUESTION = re.compile(r'<fieldset class="card settle">.*?</fieldset>', re.S)


@dataclass(frozen=True)
class Question:
    """One question as the page of an import draws it; without ways somebody else has to answer it."""

    row: str
    who: str
    ways: tuple[str, ...]
    seen: str
    day: str
    other: bool


class Desk:
    """Somebody at their pages, acting through one of their posts."""

    def __init__(self, district: District, person: Person, post: Assignment | None = None) -> None:
        self.browser = district.app.test_client()
        sessions.identify("uji", str(person.id), person)
        self.browser.set_cookie("kinerja", sessions.begin(district.kernel, "uji", str(person.id), "") or "")
        if post is not None:
            assert self.send("/kapasitas", penugasan=str(post.id)).status_code == 303

    def read(self, url: str, status: int = 200) -> str:
        answer = self.browser.get(url)
        assert answer.status_code == status, (url, answer.status_code, plain(answer.text))
        return str(answer.text)

    def send(self, url: str, **fields: Any) -> Any:
        return self.browser.post(
            url,
            data={name.replace("__", ":"): value for name, value in fields.items()},
            headers=SAME,
        )

    def enter(self, url: str, act: str, **fields: str) -> Any:
        """Send one form of the pages of people: `tmt` and others are fields of the act, by the kind of their input."""
        kinds = {"tmt": "day", "sampai": "day", "sk": "txt", "ke": "txt", "yakin": "chk"}
        named = {f"{kinds.get(key, 'one')}__{act}-{key}": value for key, value in fields.items()}
        return self.send(url, act=act, **named)

    def upload(self, unit: int, told: dict[str, bytes]) -> str:
        """Upload a school's two files; returns the page of the import."""
        named = {f"file__{key}": (BytesIO(content), f"{key}.json") for key, content in told.items()}
        sent = self.send(f"/satuan/{unit}/impor", penghubung="dapodik", pembaca="sekolah", **named)
        assert sent.status_code == 303, plain(sent.text)
        return str(sent.headers["Location"])


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def questions(page: str) -> list[Question]:
    """What a page of an import asks."""
    found = []
    for part in QUESTION.findall(page):
        [who] = re.findall(r"<legend>(.*?) <span", part)
        [row] = re.findall(r"baris (\d+)</span>", part)
        seen = re.findall(r'name="lihat:\d+" value="([^"]*)"', part)
        days = re.findall(r'name="tmt:\d+" value="([^"]*)"', part)
        ways = tuple(way for way in re.findall(r'name="pilih:\d+" value="([^"]*)"', part) if way)
        found.append(Question(row, unescape(who), ways, "".join(seen), "".join(days), 'name="lain:' in part))
    return found


class July:
    """The weeks of the cut-over. What a page of imports refused is kept with its words, and what that of merging told."""

    def __init__(self, district: District, draw: Any) -> None:
        self.district, self.story, self.draw = district, district.story, draw
        self.dinas = Desk(district, district.clerk, district.clerk_post)
        self.operators = {n: Desk(district, *held) for n, held in district.operators.items()}
        self.refused: list[str] = []
        self.told: list[str] = []

    # --- imports --------------------------------------------------------------------------------------------------

    def cut_over(self) -> None:
        """Each school's operator uploads its export; in bunches, between which the worker works. Of what only the Dinas may
        answer most operators tell it before they save; one in three saves at once, and uploads again when told to."""
        schools = [n for n in range(len(self.district.schools)) if n not in self.story.merged]
        self.draw.shuffle(schools)
        for first in range(0, len(schools), BUNCH):
            bunch = self.uploaded(schools[first : first + BUNCH])
            hasty = [n for n, url in bunch.items() if self.take(n, url)]
            worker.run_once(self.district.kernel)
            for n, url in self.uploaded(hasty).items():
                self.settle(n, url)
        worker.run_once(self.district.kernel)

    def uploaded(self, schools: Iterable[int]) -> dict[int, str]:
        """The pages of new imports of schools, after the worker has read the files."""
        bunch = {n: self.upload(n) for n in schools}
        worker.run_once(self.district.kernel)
        return bunch

    def upload(self, school: int) -> str:
        told = files(self.district, school, self.story.listed[school], "2024")
        return self.operators[school].upload(self.district.schools[school].id, told)

    def take(self, school: int, url: str) -> bool:
        """The operator answers what they may, or the Dinas all; True where they saved though the Dinas had to answer."""
        operator = self.operators[school]
        asked = self.wanted(school, operator.read(url))
        own = [one for one in asked if one.ways]
        hasty = own != asked and self.draw.random() < 1 / 3
        if own == asked or hasty:
            assert self.answer(operator, school, url, own)
        else:
            self.settle(school, url)
        return hasty

    def settle(self, school: int, url: str) -> None:
        """The Dinas answers on the page of the import; what has changed since the upload is uploaded again."""
        if not self.answer(self.dinas, school, url, self.wanted(school, self.dinas.read(url))):
            assert self.dinas.send(url, batal="1").status_code == 303
            [again] = self.uploaded([school]).values()
            assert self.answer(self.dinas, school, again, self.wanted(school, self.dinas.read(again)))

    def wanted(self, school: int, page: str) -> list[Question]:
        """What is asked there and is so in truth; what is stale stays as it is."""
        return [one for one in questions(page) if (school, one.who) in self.story.answers]

    def answer(self, desk: Desk, school: int, url: str, asked: list[Question]) -> bool:
        """Save an import with what is answered of it; False where the page refuses it."""
        fields: dict[str, str] = {}
        for one in asked:
            why, other = self.story.answers[school, one.who]
            told = {"pilih": why if why in one.ways else "catat", "tmt": one.day or TMT.isoformat(), "sk": LETTER}
            told |= {"lihat": one.seen} | ({"lain": other} if one.other else {})
            fields |= {f"{key}__{one.row}": value for key, value in told.items()}
        sent = desk.send(url, **fields)
        if sent.status_code == 422:
            self.refused.append(plain(sent.text))
        return self._taken(sent)

    @staticmethod
    def _taken(sent: Any) -> bool:
        assert sent.status_code in (303, 422), plain(sent.text)
        return bool(sent.status_code == 303)

    def ask_again(self, schools: Iterable[int]) -> set[tuple[int, str]]:
        """What the same exports would ask after all, by school and person; nothing of them is saved."""
        bunch = self.uploaded(schools)
        found = {(n, one.who) for n, url in bunch.items() for one in questions(self.dinas.read(url))}
        for n, url in bunch.items():
            assert self._taken(self.operators[n].send(url, batal="1"))
        return found

    # --- people and posts -----------------------------------------------------------------------------------------

    def page(self, school: int, n: int | None = None) -> str:
        url = f"/satuan/{self.district.schools[school].id}/orang"
        return url if n is None else f"{url}/{self.district.person(n).id}"

    def end(self, n: int, why: str) -> None:
        """The Dinas enters a head's last day."""
        school, person = self.story.school(n), self.district.person(n)
        held = Assignment.get((Assignment.person == person) & (Assignment.role == HEAD) & Assignment.until.is_null())
        sent = self.dinas.enter(
            self.page(school, n), "akhir", penugasan=str(held.id), sampai="2024-07-07", alasan=why, sk=LETTER
        )
        assert sent.status_code == 303, plain(sent.text)

    def end_those_who_left(self) -> None:
        for n, why in self.story.ended.items():
            if n not in self.story.merged:
                self.end(n, why)

    def appoint_those_who_act(self) -> None:
        """A Plt. by hand: of the school's own by its operator, of another's by the Dinas."""
        for school, n in self.story.plt.items():
            own = self.story.school(n) == school
            desk = self.operators[school] if own else self.dinas
            sent = desk.enter(
                self.page(self.story.school(n), n), "angkat", jenis="plt", peran=HEAD, tmt="2024-07-08",
                sampai="2025-01-07", ke=str(self.district.schools[school].npsn), sk=LETTER,
            )  # fmt: skip
            assert sent.status_code == 303, plain(sent.text)

    def merge(self, school: int) -> Any:
        target = self.district.schools[self.story.merged[school]]
        return self.dinas.enter(
            self.page(school), "gabung", ke=str(target.npsn), tmt="2024-07-08", alasan="penggabungan-sekolah", sk=LETTER,
            yakin="1",
        )  # fmt: skip

    def merge_early(self) -> None:
        """Two schools are merged before the imports: of one head the last day is entered, the other goes on as a teacher;
        before that it is refused."""
        for school in list(self.story.merged)[::2]:
            sent = self.merge(school)
            self.told.append(f"{sent.status_code} {plain(sent.text)}")
            if school in self.story.ended:
                self.end(school, self.story.ended[school])
            else:
                self.step_down(school)
            assert self.merge(school).status_code == 303

    def step_down(self, n: int) -> None:
        person, to = self.district.person(n), self.district.schools[self.story.stepped_down[n]]
        held = Assignment.get((Assignment.person == person) & (Assignment.role == HEAD))
        sent = self.dinas.enter(
            self.page(n, n), "pindah", penugasan=str(held.id), ke=str(to.npsn), peran=TEACHER, tmt="2024-07-08",
            alasan="lainnya", sk=LETTER,
        )  # fmt: skip
        assert sent.status_code == 303, plain(sent.text)

    def merge_late(self) -> None:
        """The third is merged after all imports, when its head leads another school."""
        assert self.merge(list(self.story.merged)[1]).status_code == 303

    def confirm(self) -> dict[int, list[str]]:
        """Operators confirm what waits in the cases of their people, on the page of each; answers what was confirmed."""
        done: dict[int, list[str]] = {}
        units = {unit.id: n for n, unit in self.district.schools.items()}
        waits = {(one.person_id, one.unit_id) for one in Case.select() if one.profile.get("menunggu")}
        for person, unit in sorted(waits):
            url = f"/satuan/{unit}/orang/{person}"
            page = self.operators[units[unit]].read(url)
            for act in re.findall(r'name="act" value="(pasti-[a-z-]+)"', page):
                sent = self.operators[units[unit]].enter(url, act, sk=LETTER)
                assert sent.status_code == 303, plain(sent.text)
                done.setdefault(person, []).append(act)
        return done

    def name_assessors(self) -> list[str]:
        """The Dinas names who assesses where it is asked to, on the page that puts that right; answers the cases. Of a school
        that is no more the page offers those above it, so it is the head of the Dinas."""
        kernel = self.district.kernel
        who = viewer(kernel, self.district.clerk.name, self.district.clerk_post.id)
        asked = [turn.case for turn in read.turns(who, kernel.clock.today("Asia/Jakarta"), limit=1000)]
        for case in asked:
            url = f"/kasus/{case}/hubungan/memutuskan"
            chief = Assignment.get(Assignment.person == self.district.chief)
            assert f'value="{chief.id}"' in self.dinas.read(url)
            sent = self.dinas.send(url, **{"one:benar-siapa": str(chief.id), "txt:benar-alasan": LETTER})
            assert sent.status_code == 303, plain(sent.text)
        return asked
