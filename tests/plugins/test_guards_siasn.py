"""What must never leave for BKN, or leave twice: asked of the client with answers put into its hand, and of one server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kinerja import Message
from kinerja_siasn import client, simulator, transport, wire
from tests.plugins.test_siasn import NIP, PAYLOAD

SETTINGS = {
    "apim_token_url": "https://bkn.contoh.test/oauth2/token",
    "sso_token_url": "https://sso.contoh.test/token",
    "api_url": "https://bkn.contoh.test/apisiasn/1.0",
    "requests_per_second": 10_000,
}
Answer = tuple[int, object]


class Bkn:
    """Answers by the end of the path, and what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.bodies: list[dict[str, object]] = []
        self.answers: dict[str, Callable[[], Answer]] = {
            "/token": lambda: (200, {"access_token": "t", "expires_in": 300}),
            f"/pns/data-utama/{NIP}": lambda: (200, {"code": 1, "data": {"id": "orang-1", "nipBaru": NIP}}),
            f"/pns/rw-skp22/{NIP}": lambda: (200, {"code": 0, "message": "Data tidak ditemukan"}),
            "/skp22/save": lambda: (200, {"success": True, "mapData": {"rwSkpId": "baru"}}),
        }

    def request(self, method: str, url: str, headers: object, body: bytes | None, rate: float) -> tuple[int, bytes]:
        path = next(end for end in self.answers if url.endswith(end))
        self.asked.append((method, path))
        if path == "/skp22/save":
            self.bodies.append(json.loads(body or b"{}"))
        status, told = self.answers[path]()
        return status, json.dumps(told).encode()

    def saves(self) -> int:
        return len(self.bodies)


@pytest.fixture
def bkn(monkeypatch: pytest.MonkeyPatch) -> Bkn:
    client.forget()
    made = Bkn()
    monkeypatch.setattr(transport, "request", made.request)
    return made


def send(kind: str = "skp22", settings: dict[str, object] | None = None, **changes: object) -> str:
    message = Message("k", "siasn", kind, {**PAYLOAD, **changes})
    return client.send(message, {**SETTINGS, **(settings or {})}, simulator.FAKE_SECRETS).outcome


def row(**changes: object) -> dict[str, object]:
    """The year as BKN already holds it, saying the same."""
    body = wire.save_body(PAYLOAD)
    told = {"id": "lama", "tahun": str(body["tahun"])}
    told |= {read: body[write] for write, read in wire._READ_NAMES.items()}
    return {**told, **changes}


def test_a_result_is_saved_once_for_the_person_of_the_number(bkn: Bkn) -> None:
    assert (send(), bkn.saves(), bkn.bodies[0]["pnsDinilaiOrang"]) == ("accepted", 1, "orang-1")


@pytest.mark.parametrize(
    "data",
    [{"id": "orang-2", "nipBaru": "198001012010011001"}, {"nipBaru": NIP}, {"id": "", "nipBaru": NIP}, None],
    ids=["another-person", "no-id", "an-empty-id", "nothing"],
)
def test_an_answer_about_another_person_or_nobody_saves_nothing(bkn: Bkn, data: object) -> None:
    bkn.answers[f"/pns/data-utama/{NIP}"] = lambda: (200, {"code": 1, "data": data})
    assert (send(), bkn.saves()) == ("refused", 0)


@pytest.mark.parametrize("nip", ["", "123", "19850302202321200a", "1985030220232120011", f" {NIP}"])
def test_what_is_no_number_of_a_civil_servant_is_never_asked_about(bkn: Bkn, nip: str) -> None:
    assert (send(nip=nip), bkn.asked) == ("refused", [])


def test_the_number_of_today_goes_before_that_of_the_message(bkn: Bkn) -> None:
    assert send(nip="198001012010011001", ids={"nip": NIP}) == "accepted"


def test_a_history_that_cannot_be_read_saves_nothing(bkn: Bkn) -> None:
    for status, told in ((503, {"message": "down"}), (200, "<html>"), (200, {"status": "up"})):
        bkn.answers[f"/pns/rw-skp22/{NIP}"] = lambda status=status, told=told: (status, told)
        assert (send(), bkn.saves()) == ("again", 0)


def test_what_bkn_already_says_is_not_saved_and_what_differs_is_updated(bkn: Bkn) -> None:
    bkn.answers[f"/pns/rw-skp22/{NIP}"] = lambda: (200, {"code": 1, "data": [row()]})
    assert (send(), bkn.saves()) == ("accepted", 0)
    for changes in (
        {"kuadrankinerjanilai": 5},
        {"hasilkinerjanilai": 3},
        {"perilakukerjanilai": 3},
        {"nipnrppenilai": "1"},
        {"namapenilai": "Lain"},
    ):
        bkn.answers[f"/pns/rw-skp22/{NIP}"] = lambda changes=changes: (200, {"code": 1, "data": [row(**changes)]})
        bkn.bodies.clear()
        assert (send(), [one["id"] for one in bkn.bodies]) == ("accepted", ["lama"]), changes


def test_the_row_of_another_year_is_left_alone(bkn: Bkn) -> None:
    bkn.answers[f"/pns/rw-skp22/{NIP}"] = lambda: (200, {"code": 1, "data": [row(tahun="2024")]})
    assert (send(), [one["id"] for one in bkn.bodies]) == ("accepted", [None])


def test_a_save_whose_fate_is_unknown_is_never_repeated_without_looking(bkn: Bkn) -> None:
    bkn.answers["/skp22/save"] = lambda: (503, {"message": "down"})
    assert (send(), bkn.saves()) == ("again", 2)
    ends = [path for _, path in bkn.asked if path != "/token"]
    assert ends == [
        f"/pns/data-utama/{NIP}",
        f"/pns/rw-skp22/{NIP}",
        "/skp22/save",
        f"/pns/rw-skp22/{NIP}",
        "/skp22/save",
    ]


def test_a_refused_save_is_not_repeated(bkn: Bkn) -> None:
    bkn.answers["/skp22/save"] = lambda: (200, {"success": False, "message": "Sedang usulan"})
    assert (send(), bkn.saves()) == ("refused", 1)


def test_another_kind_of_message_is_stopped_before_anything_is_asked(bkn: Bkn) -> None:
    assert (send("skp23"), bkn.asked) == ("stop", [])


def test_while_bkn_told_us_to_wait_nothing_is_asked(bkn: Bkn) -> None:
    bkn.answers["/skp22/save"] = lambda: (429, {"fault": {"code": 900802, "message": "Throttled"}})
    assert send() == "again"
    bkn.asked.clear()
    assert (send(), bkn.asked) == ("again", [])


def test_a_rating_and_predicate_that_do_not_belong_together_are_never_sent() -> None:
    for result, behaviour in [(one, other) for one in wire.RATINGS for other in wire.RATINGS]:
        right = wire.QUADRANTS[wire.RATINGS[result], wire.RATINGS[behaviour]]
        for predicate, code in wire.PREDICATES.items():
            payload = {**PAYLOAD, "hasil": result, "perilaku": behaviour, "predikat": predicate}
            if code == right:
                assert wire.save_body(payload)["kuadranKinerjaNilai"] == code
            else:
                with pytest.raises(ValueError, match="tabel BKN"):
                    wire.save_body(payload)


@pytest.mark.parametrize("without", ["nama", "jabatan", "unit", "nip"])
def test_an_assessor_is_whole(without: str) -> None:
    assessor = {**PAYLOAD["penilai"], "asn": True, without: " "}
    with pytest.raises(ValueError, match="belum ada"):
        wire.save_body({**PAYLOAD, "penilai": assessor})


class Elsewhere(BaseHTTPRequestHandler):
    """A server that sends everybody elsewhere, and remembers who followed."""

    followed: list[str] = []

    def do_GET(self) -> None:
        if self.path == "/lain":
            self.followed.append(self.headers.get("Authorization", ""))
            self.send_response(200)
            self.end_headers()
            return
        self.send_response(302)
        self.send_header("Location", "/lain")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


def test_a_redirect_is_never_followed_with_the_tokens() -> None:
    Elsewhere.followed.clear()
    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/pns"
        status, _ = transport.request("GET", url, {"Authorization": "Bearer rahasia"}, None, 10_000)
        server.shutdown()
        thread.join()
    assert (status, Elsewhere.followed) == (302, [])


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://bkn.go.id/x", True),
        ("http://127.0.0.1:9/x", True),
        ("http://bkn.go.id/x", False),
        ("ftp://bkn.go.id", False),
        ("https://", False),
        ("https://bkn.go.id/a b", False),
        ("http://127.0.0.1.jahat.test/", False),
    ],
)
def test_secrets_are_sent_over_https_or_to_this_machine_alone(url: str, good: bool) -> None:
    assert transport.usable(url) is good
