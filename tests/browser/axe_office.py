"""The pages of those who keep people and data, and of a year's own beginnings, in the states that a demo world is played to.

Each part sends what is wrong before what is right, so that a page is met with its errors and without.
"""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape
from typing import Any, Protocol

from kinerja import cases
from kinerja.kernel import Kernel
from kinerja.models import Case, Period, Request
from kinerja.testing import Player, case_of, person, set_date, unit, viewer
from kinerja_office import periods, requests
from kinerja_work import worker
from tests import rapor_files

PLAN = "perencanaan"
TEACHER, HEAD, OPERATOR, ADMIN = "Sari Contoh", "Budi Contoh", "Hendra Contoh", "Sahira Contoh"
SCHOOL, ELSEWHERE = "99990101", "99990102"
COLLEAGUES = ("Rina Contoh", "Joko Contoh", "Lestari Contoh")


class Hand(Protocol):
    """A browser of one person, as the played world has it."""

    def get(self, path: str) -> Any: ...
    def send(self, path: str, told: dict[str, Any], **headers: str) -> Any: ...
    def post(self, path: str, status: int, form: str = "", **told: Any) -> Any: ...
    def walk(self, start: str = "/") -> Any: ...


class Place(Protocol):
    """The played world."""

    kernel: Kernel
    when: str

    def enter(self, name: str, role: str = "") -> Any: ...


def must(answer: Any, status: int) -> Any:
    """The answer, which must have this status."""
    assert answer.status_code == status, (answer.request.path, answer.status_code, answer.text[:3000])
    return answer


def strangers(world: Place) -> None:
    """Nobody's browser: the door, and what is refused at it."""
    stranger = world.enter("").walk("/masuk")
    stranger.get("/tidak-ada")
    stranger.get("/keluar")
    stranger.post("/masuk", 422, cara="masuk-demo", akun="0")
    stranger.post("/tanggal-demo", 409, "/masuk", tanggal="1999-13-13")
    stranger.send("/kasus/x/y/z", {"txt:isi": "Yang sudah ditulis"})
    stranger.send("/masuk", {"cara": "x"}, **{"Sec-Fetch-Site": "cross-site"})


def helping(world: Place) -> None:
    """Who cannot sign in, and who reads the rules without signing in."""
    stranger = world.enter("")
    for path, status in (("/bantuan", 200), (f"/bantuan?npsn={SCHOOL}", 200), ("/bantuan?npsn=11111111", 422)):
        must(stranger.get(path), status)
    must(stranger.get("/bantuan?npsn=1"), 422)
    stranger.walk("/aturan")


def asking(world: Place) -> None:
    """Requests: asked on the case page, refused and taken; the inbox; a contested assessor put right."""
    world.when = "permintaan"
    case = case_of(TEACHER, "Januari")
    page, teacher, operator = f"/kasus/{case}", world.enter(TEACHER), world.enter(OPERATOR, _role(world, OPERATOR))
    teacher.get(f"{page}/{PLAN}/cek-data")
    wrong = {"minta": "nama", "untuk": "nama", "benar": ""}
    must(teacher.send(f"{page}/perbaikan", wrong), 422)
    must(teacher.send(f"{page}/perbaikan", {**wrong, "benar": "Sari Contoh Dewi"}), 303)
    contest = {"hubungan": "memutuskan", "alasan": ""}
    must(teacher.send(f"{page}/permintaan", contest), 422)
    must(teacher.send(f"{page}/permintaan", {**contest, "alasan": "Seharusnya orang lain."}), 303)
    seen, now = cases.load(world.kernel, case), world.kernel.clock.now()
    requests.ask_unlock(world.kernel, viewer(world.kernel, TEACHER), seen, "cek-data", "Cek data", "Keliru pilih.", now)
    for path in (page, "/permintaan"):
        teacher.get(path)
    operator.get("/permintaan")
    asked = Request.select().where(Request.case == case).order_by(Request.id)
    must(operator.send(f"/permintaan/{asked[0].id}", {"jawab": "tolak", "alasan": ""}), 422)
    must(operator.get(f"{page}/hubungan/memutuskan"), 200)
    must(operator.send(f"{page}/hubungan/memutuskan", {}), 422)
    for one, answer in zip(asked, ("tolak", "tolak", "buka"), strict=True):
        must(operator.send(f"/permintaan/{one.id}", {"jawab": answer, "alasan": "Sudah diperiksa."}), 303)
    operator.get("/permintaan")
    for path in (page, "/permintaan", f"{page}/{PLAN}/cek-data"):
        teacher.get(path)


def _role(world: Place, name: str) -> str:
    """The role in which a person keeps people: not the one of their own case."""
    return "operator-sekolah" if name == OPERATOR else "admin-dinas"


def keeping(world: Place) -> None:
    """People: the list, a person with every form refused, a last day entered and taken back, oneself, a merger refused."""
    world.when = "orang"
    operator, at = world.enter(OPERATOR, _role(world, OPERATOR)), f"/satuan/{unit(SCHOOL).id}/orang"
    for path in (at, f"{at}?cari=xyz"):
        operator.get(path)
    someone = f"{at}/{person('Agus Contoh').id}"
    for act in ("angkat", "akhir", "pindah", "kondisi"):
        must(operator.send(someone, {"act": act}), 422)
    text = operator.get(someone).text
    held, reason = (re.findall(rf'name="one:akhir-{key}" value="([^"]+)"', text)[0] for key in ("penugasan", "alasan"))
    last = {"one:akhir-penugasan": held, "day:akhir-sampai": "2029-12-31", "one:akhir-alasan": reason}
    must(operator.send(someone, {"act": "akhir", **last}), 303)
    must(operator.send(someone, {"act": "batal"}), 422)
    back = {"one:batal-penugasan": held, "txt:batal-sk": "Salah orang."}
    must(operator.send(someone, {"act": "batal", **back}), 303)
    a = "data-golongan"
    must(operator.send(someone, {"act": a}), 422)
    rank = {
        f"one:{a}-nilai": "pns-iii-d",
        f"one:{a}-cara": "perubahan",
        f"day:{a}-tmt": "2029-12-31",
        f"txt:{a}-sk": "SK 823/7/2024",
    }
    must(operator.send(someone, {"act": a, **rank}), 303)
    must(operator.get(f"{someone}?data=nip"), 200)
    twin = f"dengan={person('Sari Contoh').id}"
    for path in ("satukan", "satukan?cari=xyz", f"satukan?{twin}"):
        must(operator.get(f"{someone}/{path}"), 200)
    must(operator.send(f"{someone}/satukan", dict([twin.split("=")])), 422)
    operator.get(f"{at}/{person(OPERATOR).id}")
    admin, other = world.enter(ADMIN, _role(world, ADMIN)), f"/satuan/{unit(ELSEWHERE).id}/orang"
    must(admin.get(other), 200)
    must(admin.send(other, {"act": "gabung"}), 422)
    closing = f"/kasus/{case_of(TEACHER, 'Januari')}"
    head = world.enter(HEAD, "kepala-sekolah")
    must(head.get(closing), 200)
    must(head.send(f"{closing}/tutup", {}), 422)


def several(world: Place) -> None:
    """Plans taken together: chosen, none chosen, confirmed, waiting, done. And a conversation about one line."""
    world.when = "beberapa sekaligus"
    for name in COLLEAGUES:
        case, player = case_of(name, "Januari"), Player(world.kernel, name)
        player.fill(case, PLAN)
        player.do(case, PLAN, "ajukan")
    head = world.enter(HEAD, "kepala-sekolah")
    text = head.get("/").text
    page = re.findall(r'href="(/sekaligus/[^"]+)"', text)[0]
    offered = re.findall(r'name="kasus" value="([^"]+)"', head.get(page).text)
    must(head.send(page, {"aksi": "periksa"}), 422)
    chosen = offered[:2]
    must(head.send(page, {"aksi": "periksa", "kasus": chosen}), 200)
    progress = must(head.send(page, {"aksi": "ambil", "kasus": chosen, "kunci": "k" * 20}), 303).headers["Location"]
    head.get(progress)
    worker.run_once(world.kernel)
    head.get(progress)
    talking(world, head, f"/kasus/{case_of(COLLEAGUES[2], 'Januari')}/{PLAN}")


def talking(world: Place, head: Hand, plan: str) -> None:
    found = re.findall(r'name="butir" value="([^"]+)"', head.get(plan).text)
    item = unescape(found[0])
    must(head.send(f"{plan}/tanggapan", {"butir": item, "catatan": "", "kunci": "a" * 20}), 422)
    must(head.send(f"{plan}/tanggapan", {"butir": item, "catatan": "Mengapa ini?", "kunci": "b" * 20}), 303)
    head.get(f"{plan}?butir={item}")
    head.walk(f"/p/cetak/{plan.split('/')[2]}")


def reading_reports(world: Place) -> None:
    """A Rapor of the wrong layout and one with problems, as far as the preview."""
    world.when = "impor Rapor"
    operator, page = world.enter(OPERATOR, _role(world, OPERATOR)), f"/satuan/{unit(SCHOOL).id}/impor"
    reader = next(
        one for one in re.findall(r'name="pembaca" value="([^"]+)"', operator.get(page).text) if one != "sekolah"
    )
    told = {"penghubung": "rapor", "pembaca": reader}
    rows = rapor_files.old({}, "SD Lain", "11111111")
    for content in (b"bukan lembar kerja", rapor_files.report([("Kosong",)]), rapor_files.report(rows)):
        answer = operator.send(page, {**told, "file:rapor": (io.BytesIO(content), "rapor.xlsx")})
        if answer.status_code == 303:
            worker.run_once(world.kernel)
            operator.get(answer.headers["Location"])


def school_case(code: str, period: str) -> str:
    """The case of a school itself."""
    of = (Case.unit == unit(code)) & (Case.subject == "unit") & Period.label.startswith(period)
    return str(Case.select().join(Period).where(of).get().id)


def opening(world: Place) -> None:
    """The second half of 2024 may be begun by the school, and the year 2025 begins."""
    world.when = "memulai periode"
    _each_step(world, school_case(SCHOOL, "Juli"))


def preparing(world: Place) -> None:
    """5 January 2026: a school prepares the year; what is not published is filled in by the school."""
    world.when = "pra-perencanaan"
    scheme = next(one for one in world.kernel.host.registry.schemes.values() if one.years[0] == 2026)
    for code in ("contoh-barat", "contoh-asri"):
        periods.plan(world.kernel, scheme, 2026, unit(code))
    set_date(world.kernel, date(2026, 1, 5))
    worker.run_once(world.kernel)
    _each_step(world, school_case(SCHOOL, "Tahun 2026"))
    world.enter(TEACHER).get("/")


def _each_step(world: Place, case: str) -> None:
    """Every step of a school's own case, empty and refused."""
    head = world.enter(HEAD, "kepala-sekolah")
    head.get(f"/kasus/{case}")
    met = 0
    for rule in cases.load(world.kernel, case).rules():
        head.get(f"/kasus/{case}/{rule.id}")
        for name in rule.steps:
            page = f"/kasus/{case}/{rule.id}/{name}"
            if head.get(page).status_code == 200:
                met += 1
                head.send(page, {"action": "serahkan", "seen": "0"})
    assert met, f"no step of {case} opened"
