"""The connector to SIASN against its own simulator on loopback, and its reading of every form of answer.

Every person, number and secret here is invented.
"""

import dataclasses
import json
import threading
import urllib.request
from datetime import UTC, date, datetime, timedelta
from socketserver import ThreadingMixIn
from types import SimpleNamespace
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import jinja2
import pytest

import kinerja_siasn
from kinerja import CaseView, Due, Fact, Held, Holder, Message, PeriodView, PersonView, UnitView
from kinerja_siasn import client, owed, simulator, transport, wire

NIP = "198503022010012001"
NOW = datetime(2026, 11, 21, 19, 40, tzinfo=UTC)
ASSESSOR = {
    "nip": "197001011995031001",
    "nama": "BUDI CONTOH",
    "jabatan": "Kepala Sekolah",
    "unit": "SDN CONTOH 1",
    "asn": True,
}
PAYLOAD = {
    "nip": NIP,
    "nama": "SARI CONTOH",
    "tahun": 2025,
    "hasil": "sesuai",
    "perilaku": "di-atas",
    "predikat": "baik",
    "penilai": ASSESSOR,
}


# --- reading answers ------------------------------------------------------------------------------

BULLETS = "2 errors occurred:\n\t* KoefisienId is required\n\t* PeriodikId is required\n\n"
SUSPENDED = {"code": 303001, "message": "Runtime Error", "description": "Currently, Address endpoint : … SUSPENDED"}
THROTTLED = {
    "code": 900802,
    "message": "Message throttled out",
    "nextAccessTime": "2026-Nov-21 19:41:00+0000 UTC",
}
ENVELOPES = [
    ("read ok with an object", 200, {"code": 1, "data": {"id": "x"}}, "ok"),
    ("read ok with a list", 200, {"code": 1, "count": 1, "data": [{"id": "x"}]}, "ok"),
    ("read ok with the code as text", 200, {"code": "1", "data": [{"id": "x"}]}, "ok"),
    ("read empty", 404, {"code": 0, "data": "Data tidak ditemukan"}, "empty"),
    ("read empty at 200", 200, {"code": 0, "data": []}, "empty"),
    ("read empty with null", 200, {"code": 1, "data": None}, "empty"),
    ("read empty as a sentence", 200, {"code": 1, "data": "Data tidak ditemukan"}, "empty"),
    ("save ok with text", 200, {"success": True, "mapData": "a-1", "message": "success"}, "ok"),
    ("save ok with an object", 200, {"success": True, "mapData": {"rwSkpId": "a-1"}, "message": "success"}, "ok"),
    ("save ok with truth as text", 200, {"success": "true", "mapData": "a-1"}, "ok"),
    ("save refused", 200, {"success": False, "message": "Sedang usulan", "code": 0}, "refused"),
    ("save refused by validation", 200, {"success": False, "message": BULLETS, "code": 0}, "refused"),
    ("save refused by validation at 400", 400, {"message": BULLETS}, "refused"),
    ("save refused in bare words", 400, BULLETS, "refused"),
    ("sync ok", 200, {"Error": False, "Message": "ok"}, "ok"),
    ("sync refused", 200, {"Error": True, "Message": "gagal"}, "refused"),
    ("SSO token bad", 401, {"message": "invalid or expired jwt"}, "token_sso"),
    ("SSO token bad at 400", 400, {"code": 0, "data": None, "message": "Invalid or expired JWT"}, "token_sso"),
    ("SSO mismatch", 403, {"code": 0, "data": "Token SSO mismatch"}, "sso_mismatch"),
    ("SSO mismatch beside a message", 400, {"message": "error", "data": "Token SSO mismatch"}, "sso_mismatch"),
    ("APIM token bad", 401, {"code": "900901", "message": "Invalid Credentials"}, "token_apim"),
    ("APIM token bad in a fault", 401, {"fault": {"code": 900901, "message": "Invalid Credentials"}}, "token_apim"),
    ("unknown 401", 401, {"message": "Unauthorized"}, "token_apim"),
    ("APIM token missing", 401, {"fault": {"code": 900902, "message": "Missing Credentials"}}, "configuration"),
    ("not subscribed", 403, {"fault": {"code": 900908, "message": "Resource forbidden"}}, "configuration"),
    ("no right", 403, {"code": "900910", "message": "The access token does not allow"}, "configuration"),
    ("wrong client", 401, {"error": "invalid_client", "error_description": "…"}, "configuration"),
    ("wrong password", 401, {"error": "invalid_grant", "error_description": "…"}, "configuration"),
    ("throttled", 429, {"fault": THROTTLED}, "throttled"),
    ("throttled without a body", 429, "", "throttled"),
    ("suspended", 503, {"fault": SUSPENDED}, "suspended"),
    ("suspended at 500 without its code", 500, {**SUSPENDED, "code": 0}, "suspended"),
    ("runtime error", 500, {"code": 0, "message": "Runtime Error", "description": ""}, "temporary"),
    ("back end timed out", 504, {"fault": {"code": 101504, "message": "Timeout"}}, "temporary"),
    ("no such resource", 404, {"code": "404", "message": "No matching resource found"}, "configuration"),
    (
        "no such resource in XML",
        404,
        "<am:fault><am:message>No matching resource found</am:message></am:fault>",
        "configuration",
    ),
    ("empty body", 200, "", "temporary"),
    ("HTML", 502, "<html><body>Bad Gateway</body></html>", "temporary"),
    ("HTML at 200", 200, "<!doctype html><p>Pemeliharaan</p>", "temporary"),
    ("redirect", 302, "", "configuration"),
    ("XML fault", 500, "<ams:fault xmlns:ams='x'><ams:code>303001</ams:code></ams:fault>", "suspended"),
    ("cut JSON", 200, '{"code": 1, "data": [', "temporary"),
]


@pytest.mark.parametrize(("status", "body", "kind"), [row[1:] for row in ENVELOPES], ids=[row[0] for row in ENVELOPES])
def test_every_form_of_answer_is_read(status, body, kind):
    raw = body if isinstance(body, str) else json.dumps(body)
    assert wire.read_answer(status, raw.encode(), NOW).kind == kind


def test_an_answer_brings_what_its_reader_needs():
    def read(status, told):
        return wire.read_answer(status, json.dumps(told).encode(), NOW)

    assert read(200, {"success": True, "mapData": "a-1"}).reference == "a-1"
    assert read(200, {"success": True, "mapData": {"rwSkpId": "a-1"}}).reference == "a-1"
    assert read(429, {"fault": THROTTLED}).seconds == 60
    assert read(503, {"fault": SUSPENDED}).seconds >= 30
    assert read(503, {"fault": SUSPENDED}).renew == ()
    assert read(401, {"message": "invalid or expired jwt"}).renew == ("sso",)
    assert read(401, {"code": 900901, "message": "Invalid Credentials"}).renew == ("apim",)
    refused = read(200, {"success": False, "message": BULLETS})
    assert refused.errors == (("koefisienId", "is required"), ("periodikId", "is required"))


@pytest.mark.parametrize(
    ("results", "behaviour", "predicate"),
    [
        ("di-atas", "di-atas", "sangat-baik"),
        ("di-atas", "sesuai", "baik"),
        ("di-atas", "di-bawah", "kurang"),
        ("sesuai", "di-atas", "baik"),
        ("sesuai", "sesuai", "baik"),
        ("sesuai", "di-bawah", "kurang"),
        ("di-bawah", "di-atas", "butuh-perbaikan"),
        ("di-bawah", "sesuai", "butuh-perbaikan"),
        ("di-bawah", "di-bawah", "sangat-kurang"),
    ],
)
def test_each_of_the_nine_cells_has_its_predicate_and_no_other(results, behaviour, predicate):
    rated = {**PAYLOAD, "hasil": results, "perilaku": behaviour}
    body = wire.save_body({**rated, "predikat": predicate})
    ratings = (body["hasilKinerjaNilai"], body["perilakuKerjaNilai"])
    assert wire.QUADRANTS[ratings] == body["kuadranKinerjaNilai"] == wire.PREDICATES[predicate]
    for other in wire.PREDICATES.keys() - {predicate}:
        with pytest.raises(ValueError, match="tabel BKN"):
            wire.save_body({**rated, "predikat": other})


# --- sending --------------------------------------------------------------------------------------


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


class Siasn:
    """The simulator behind a real server, with the settings and secrets that reach it."""

    secrets = simulator.FAKE_SECRETS

    def __init__(self, url):
        self.url = url
        self.settings = {
            "apim_token_url": f"{url}/oauth2/token",
            "sso_token_url": f"{url}/auth/realms/public-siasn/protocol/openid-connect/token",
            "api_url": f"{url}/apisiasn/1.0",
            "sso_mode": "password",
            "requests_per_second": 10_000,
        }

    def control(self, name, told=None):
        data = None if told is None else json.dumps(told).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(urllib.request.Request(f"{self.url}/_sim/{name}", data=data), timeout=5) as answer:
            return json.load(answer)

    def send(self, **changes):
        message = Message("k", "siasn", "skp22", {**PAYLOAD, **changes})
        return client.send(message, self.settings, self.secrets)

    def faults(self, *names):
        self.control("faults", list(names))

    def records(self):
        return self.control("records")

    def paths(self):
        return [line["path"].rsplit("/1.0", 1)[-1] for line in self.control("journal")]

    def saves(self):
        return self.paths().count("/skp22/save")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    application = simulator.simulate(str(tmp_path_factory.mktemp("siasn")))
    with make_server("127.0.0.1", 0, application, Server, Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield Siasn(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


@pytest.fixture
def siasn(served):
    client.forget()
    served.control("reset", {})
    return served


def test_a_result_is_created_with_the_persons_id_and_bkns_codes(siasn):
    receipt = siasn.send()
    (record,) = siasn.records()
    assert (receipt.outcome, receipt.reference) == ("accepted", record["id"])
    assert (record["tahun"], record["hasilKinerjaNilai"], record["perilakuKerjaNilai"]) == (2025, 2, 1)
    assert (record["kuadranKinerjaNilai"], record["statusPenilai"], record["sesuaiMatriks"]) == (2, "ASN", True)
    assert record["penilaiNama"] == "BUDI CONTOH"
    data = [line for line in siasn.control("journal") if "/1.0/" in line["path"]]
    assert {(line["authorization"], line["auth"]) for line in data} == {("Bearer", "bearer")}


@pytest.mark.parametrize("mapdata", ["object", "string"])
@pytest.mark.parametrize("numbers", ["mixed", "int", "float", "string"])
def test_the_year_already_there_is_updated_by_its_id_in_every_spelling_of_numbers(siasn, numbers, mapdata):
    siasn.control("switches", {"numbers": numbers, "mapdata": mapdata})
    first = siasn.send()
    second = siasn.send(perilaku="di-bawah", predikat="kurang")
    other_year = siasn.send(tahun=2024)
    assert first.reference == second.reference != other_year.reference
    assert [(one["tahun"], one["kuadranKinerjaNilai"]) for one in siasn.records()] == [(2025, 4), (2024, 2)]


def test_the_same_result_is_accepted_without_saving_it_again(siasn):
    first = siasn.send()
    again = siasn.send()
    assert (again.outcome, again.reference, siasn.saves()) == ("accepted", first.reference, 1)


def test_an_update_keeps_the_document_that_bkn_holds():
    row = {"id": "r-1", "path": {"890": {"dok_id": "890", "dok_uri": "sim/890_x.pdf"}}}
    update = wire.update_of(row, wire.save_body(PAYLOAD))
    assert (update["id"], update["path"]) == ("r-1", [{"dok_id": "890", "dok_uri": "sim/890_x.pdf"}])


@pytest.mark.parametrize("fault", ["reset-after-save", "101504"])
def test_an_answer_lost_after_the_save_does_not_double_it(siasn, fault):
    siasn.send()
    siasn.control("reset", {})
    client.forget()
    siasn.control("faults", ["slow:0", "slow:0", fault])
    receipt = siasn.send()
    assert receipt.outcome == "accepted"
    assert [one["id"] for one in siasn.records()] == [receipt.reference]
    assert siasn.saves() == 1


@pytest.mark.parametrize("fault", ["reset", "empty-body", "html", "xml-fault", "500", "runtime-error"])
def test_a_save_that_never_arrived_is_repeated_after_looking(siasn, fault):
    siasn.faults("slow:0", "slow:0", fault)
    assert siasn.send().outcome == "accepted"
    assert len(siasn.records()) == 1
    data = [path for path in siasn.paths() if not path.endswith("token")]
    assert data[-3:] == ["/skp22/save", f"/pns/rw-skp22/{NIP}", "/skp22/save"]


def test_a_time_out_after_the_save_does_not_double_it(siasn, monkeypatch):
    siasn.faults("slow:0", "slow:0", "slow:2")
    monkeypatch.setattr(transport, "TIMEOUT", 0.5)
    assert siasn.send().outcome == "accepted"
    assert (len(siasn.records()), siasn.saves()) == (1, 1)


def test_an_outage_is_tried_again_later(siasn):
    siasn.faults("html")
    receipt = siasn.send()
    assert (receipt.outcome, receipt.wait, siasn.records()) == ("again", 60, [])


def test_a_server_that_is_off_is_tried_again_later(siasn):
    settings = {**siasn.settings, "apim_token_url": "http://127.0.0.1:9/oauth2/token"}
    assert client.send(Message("k", "siasn", "skp22", PAYLOAD), settings, siasn.secrets).outcome == "again"


@pytest.mark.parametrize(
    ("fault", "renewed"), [("expire-apim", "/oauth2/token"), ("expire-sso", "openid-connect/token")]
)
def test_an_expired_token_is_renewed_alone_and_the_call_repeated(siasn, fault, renewed):
    siasn.send()
    before = siasn.paths()
    siasn.faults(fault)
    assert siasn.send(tahun=2024).outcome == "accepted"
    fetched = [path for path in siasn.paths()[len(before) :] if path.endswith("token")]
    assert len(fetched) == 1
    assert fetched[0].endswith(renewed)


def test_tokens_are_fetched_once_for_many_messages(siasn):
    for year in (2022, 2023, 2024):
        siasn.send(tahun=year)
    assert sum(path.endswith("token") for path in siasn.paths()) == 2


def test_a_token_refused_twice_stops_for_an_operator(siasn):
    siasn.faults("900901", "900901")
    assert siasn.send().outcome == "stop"


def test_an_sso_account_of_another_office_is_renewed_once_and_then_stops(siasn):
    siasn.faults("sso-mismatch", "sso-mismatch")
    receipt = siasn.send()
    assert receipt.outcome == "stop"
    assert "akun SSO" in receipt.sentence
    assert siasn.saves() == 0


@pytest.mark.parametrize("fault", ["900902", "900908", "wso2-404"])
def test_a_wrong_address_or_right_stops_and_is_not_taken_for_no_data(siasn, fault):
    siasn.faults(fault)
    assert siasn.send().outcome == "stop"


def test_throttling_waits_as_long_as_bkn_says_and_asks_nothing_meanwhile(siasn):
    siasn.faults("429:120")
    receipt = siasn.send()
    asked = len(siasn.paths())
    later = siasn.send()
    assert (receipt.outcome, later.outcome) == ("again", "again")
    assert 115 <= later.wait <= receipt.wait + 1 <= 122
    assert len(siasn.paths()) == asked


def test_a_suspended_endpoint_waits_and_keeps_its_tokens(siasn):
    siasn.faults("303001:1")
    receipt = siasn.send()
    assert (receipt.outcome, receipt.wait) == ("again", 30)
    assert sum(path.endswith("token") for path in siasn.paths()) == 2


def test_a_refusal_is_told_with_its_reason_and_who_mends_it_and_not_repeated(siasn):
    siasn.faults("slow:0", "slow:0", "refused")
    receipt = siasn.send()
    assert (receipt.outcome, siasn.saves(), siasn.records()) == ("refused", 1, [])
    assert "Data pegawai sedang dalam proses usulan" in receipt.sentence
    assert client.OFFICE in receipt.sentence


def test_fields_that_bkn_misses_are_named_in_words(siasn):
    outsider = {**ASSESSOR, "asn": False, "nip": ""}
    receipt = siasn.send(penilai=outsider)
    assert receipt.outcome == "refused"
    assert "BKN meminta perbaikan pada NIP Pejabat Penilai Kinerja" in receipt.sentence


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"nip": "12345"}, "18 angka"),
        ({"perilaku": ""}, "belum ditetapkan"),
        ({"penilai": {}}, "nama Pejabat Penilai Kinerja"),
        ({"predikat": "sangat-baik"}, "tabel BKN"),
    ],
)
def test_data_that_cannot_be_right_is_refused_before_bkn_is_asked(siasn, changes, words):
    receipt = siasn.send(**changes)
    assert (receipt.outcome, siasn.paths()) == ("refused", [])
    assert words in receipt.sentence


def test_a_nip_that_bkn_does_not_know_is_refused(siasn):
    siasn.faults("not-found")
    receipt = siasn.send()
    assert receipt.outcome == "refused"
    assert "tidak ditemukan di SIASN" in receipt.sentence


def test_a_contract_employees_nip_without_a_month_is_taken(siasn):
    assert siasn.send(nip="198503022023212001").outcome == "accepted"


@pytest.mark.parametrize(
    "change",
    [
        {"api_url": ""},
        {"api_url": "http://siasn.contoh.test/1.0"},
        {"api_url": "https://siasn.contoh.test:x/1.0"},
        {"api_url": "https://siasn.contoh.test/1.0 lama"},
        {"apim_token_url": "file:///tmp/token"},
        {"apim_token_url": "https://[contoh.test/"},
    ],
)
def test_addresses_that_are_missing_or_would_leak_secrets_stop(siasn, change):
    message = Message("k", "siasn", "skp22", PAYLOAD)
    receipt = client.send(message, {**siasn.settings, **change}, siasn.secrets)
    assert (receipt.outcome, siasn.paths()) == ("stop", [])
    assert "alamat" in receipt.sentence


def test_wrong_or_missing_secrets_stop_and_are_not_shown(siasn):
    message = Message("k", "siasn", "skp22", PAYLOAD)
    wrong = client.send(message, siasn.settings, {**siasn.secrets, client.PASSWORD: "sim-wrong"})
    missing = client.send(message, siasn.settings, {})
    assert (wrong.outcome, missing.outcome) == ("stop", "stop")
    assert "sim-wrong" not in wrong.sentence
    assert client.KEY in missing.sentence


def test_a_static_token_is_used_until_it_expires_and_then_stops(siasn):
    siasn.send()
    token = client._sso(client._account(siasn.settings, siasn.secrets))
    settings = {**siasn.settings, "sso_mode": "static_token", "sso_token_url": ""}
    secrets = {client.KEY: siasn.secrets[client.KEY], client.SECRET: siasn.secrets[client.SECRET], client.TOKEN: token}
    message = Message("k", "siasn", "skp22", {**PAYLOAD, "tahun": 2024})
    assert client.send(message, settings, secrets).outcome == "accepted"
    siasn.faults("expire-sso")
    assert client.send(message, settings, secrets).outcome == "stop"
    ended = client.send(message, settings, {**secrets, client.TOKEN: "e30.eyJleHAiOiAxfQ.sim"})
    assert ended.outcome == "stop"
    assert "habis masanya" in ended.sentence


def test_a_token_file_with_more_than_a_token_stops_and_is_not_shown(siasn):
    secrets = {**siasn.secrets, client.TOKEN: "sim-token\nsim-second-line"}
    message = Message("k", "siasn", "skp22", PAYLOAD)
    receipt = client.send(message, {**siasn.settings, "sso_mode": "static_token"}, secrets)
    assert receipt.outcome == "stop"
    assert "sim-" not in receipt.sentence


def test_a_useless_pace_falls_back_to_a_gentle_one(siasn):
    assert [client._account({**siasn.settings, "requests_per_second": n}, siasn.secrets).rate for n in ("x", 0, 5)] == [
        2,
        2,
        5,
    ]


def test_the_simulator_keeps_its_records_over_a_restart_and_no_secret_in_its_journal(siasn, tmp_path):
    application = simulator.simulate(str(tmp_path))
    with make_server("127.0.0.1", 0, application, Server, Quiet) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        own = Siasn(f"http://127.0.0.1:{server.server_port}")
        assert own.send().outcome == "accepted"
        assert "sim-" not in json.dumps([line for line in own.control("journal") if "token" in line["path"]])
        records = own.records()
        server.set_app(simulator.simulate(str(tmp_path)))
        assert own.records() == records
        assert own.send().outcome == "accepted"
        assert len(own.records()) == 1
        server.shutdown()


# --- from a settled year to a message -------------------------------------------------------------------

YEARLY = {
    "rating-hasil.tahunan": Fact("rating-hasil.tahunan", "sesuai", "Sesuai Ekspektasi"),
    "rating-perilaku.tahunan": Fact("rating-perilaku.tahunan", "di-atas", "Di Atas Ekspektasi"),
    "predikat.tahunan": Fact("predikat.tahunan", "baik", "Baik"),
}


def case(
    employment="pns",
    counts=True,
    nip=NIP,
    version=7,
    name="SARI CONTOH",
    head=ASSESSOR["nip"],
    head_employment="pns",
    more=None,
):
    head = PersonView(2, "BUDI CONTOH", "Pak Budi", {"nip": head} if head else {}, head_employment)
    holder = Holder(head, "memutuskan", "kepala", "Kepala Sekolah", unit="SDN CONTOH 1")
    return CaseView(
        id="k-1",
        period=PeriodView(1, "skema", "tahun", 2025, "2025", date(2025, 1, 1), date(2025, 12, 31)),
        unit=UnitView(1, "u", "SDN CONTOH 1", "sd", "Asia/Jakarta"),
        person=PersonView(1, name, "Bu Sari", {"nip": nip} if nip else {}, employment),
        role="guru",
        counts=counts,
        version=version,
        profile={"pegawai": employment, **(more or {})},
        holders={"memutuskan": holder},
    )


def due(facts=YEARLY, at=NOW, **of_case):
    return owed.due(Due(case(**of_case), facts, at))


@pytest.mark.parametrize("employment", ["pns", "cpns", "pppk", "pppk-paruh-waktu"])
def test_a_settled_yearly_result_of_a_civil_servant_is_one_message_that_bkn_accepts(siasn, employment):
    message = due(employment=employment)
    assert (message.connector, message.kind, message.payload) == ("siasn", "skp22", PAYLOAD)
    assert message.key.startswith(f"skp22:{NIP}:2025:")
    assert client.send(message, siasn.settings, siasn.secrets).outcome == "accepted"


ELSEWHERE = "dikirim instansi induk atau e-Kinerja"


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"employment": "non-asn"}, "non-ASN"),
        ({"employment": "honorer-sekolah"}, "non-ASN"),
        ({"employment": ""}, "non-ASN"),
        ({"employment": "non-asn", "nip": ""}, "non-ASN"),
        ({"counts": False}, "yang dihitung SKP jabatan lain"),
        ({"counts": False, "nip": ""}, "yang dihitung SKP jabatan lain"),
        ({"more": {"induk": "kemenag"}}, ELSEWHERE),
        ({"more": {"ekinerja": "tidak"}, "nip": ""}, ELSEWHERE),
    ],
)
def test_what_bkn_does_not_take_is_not_to_be_sent_and_says_why(how, why):
    assert due(**how) == Held("skp22", why, final=True)


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"nip": ""}, "Menunggu NIP. Minta operator sekolah melengkapi NIP di Dapodik."),
        ({"head": ""}, "Menunggu NIP penilai, BUDI CONTOH. Minta operator tempat kerjanya melengkapi NIP itu."),
        ({"nip": "", "head": ""}, "Menunggu NIP. Minta operator sekolah melengkapi NIP di Dapodik."),
    ],
    ids=["own number", "the assessor's", "both"],
)
def test_what_has_no_number_yet_is_held_and_says_what_it_waits_for(how, why):
    assert due(**how) == Held("skp22", why)


def test_an_assessor_outside_the_civil_service_needs_no_number():
    assert due(head="", head_employment="non-asn").payload["penilai"]["asn"] is False


def test_a_semester_tells_bkn_nothing():
    assert due(facts={"predikat.semester": Fact("predikat.semester", "baik")}) is None


def test_the_same_decision_has_the_same_key_and_another_result_another_one():
    once, repeated = due(version=7), due(version=9)
    assert once.key == repeated.key
    other = due(facts={**YEARLY, "predikat.tahunan": Fact("predikat.tahunan", "kurang")})
    assert other.key != once.key


def test_a_result_settled_anew_is_sent_again_even_when_it_is_the_first_one_again():
    assert due().key != due(at=NOW + timedelta(days=1)).key


def test_a_name_put_right_makes_no_second_message_and_another_number_does():
    key = due().key
    assert due(name="SARI CONTOH LAGI").key == key
    assert due(nip="199003022019032001").key != key
    assert due(head="198001012010011001").key != key


# --- what the page says ---------------------------------------------------------------------------


def shown(sent=(), facts=YEARLY, slot="case-foot", **of_case):
    told = {"case": case(**of_case), "facts": facts, "messages": tuple(SimpleNamespace(**one) for one in sent)}
    return kinerja_siasn.fill_slot(slot, None, told)


def message(state, sentence="", day="", connector="siasn"):
    return {"connector": connector, "state": state, "sentence": sentence, "done_at_text": day}


@pytest.mark.parametrize(
    ("state", "label", "tone"),
    [
        ("waiting", "Menunggu dikirim ke BKN", "wait"),
        ("again", "Menunggu dikirim ke BKN", "wait"),
        ("stop", "Menunggu dikirim ke BKN", "wait"),
        ("sent", "Terkirim, menunggu jawaban BKN", "wait"),
        ("accepted", "Diterima BKN 12 Juli", "good"),
        ("refused", "Ditolak BKN", "bad"),
        ("held", "Belum dapat dikirim ke BKN", "bad"),
        ("unsent", "Tidak dikirim ke BKN: ", "good"),
    ],
)
def test_waiting_sent_and_accepted_are_three_different_things(state, label, tone):
    fragment = shown([message("refused"), message(state, day="12 Juli"), message("accepted", connector="surel")])
    assert (fragment.values["label"], fragment.values["tone"]) == (label, tone)


def test_a_stop_does_not_show_people_what_only_the_operator_can_mend():
    fragment = shown([message("stop", f"rahasia {client.KEY} belum diatur")])
    assert client.KEY not in fragment.values["sentence"]
    assert "pengelola aplikasi" in fragment.values["sentence"]


def test_a_refusal_shows_its_reason_and_whose_turn_it_is_escaped(siasn):
    receipt = siasn.send(nip="1")
    fragment = shown([message("refused", receipt.sentence + " <b>")])
    loader = jinja2.PackageLoader("kinerja_siasn")
    page = jinja2.Environment(loader=loader, autoescape=True).get_template(fragment.template).render(**fragment.values)
    assert "Ditolak BKN" in page
    assert "Yang memperbaiki" in page
    assert "&lt;b&gt;" in page
    assert "style=" not in page


def test_not_sending_for_those_outside_the_civil_service_is_a_good_end():
    fragment = shown(employment="non-asn")
    assert (fragment.values["label"], fragment.values["tone"]) == ("Tidak dikirim ke BKN: non-ASN", "good")


def test_a_page_without_a_yearly_result_or_another_place_says_nothing():
    assert shown(facts={"predikat.semester": Fact("predikat.semester", "baik")}, employment="non-asn") is None
    assert shown(slot="home-foot") is None


def test_a_yearly_result_is_never_without_a_word():
    asked = [message("replaced")], []
    assert [shown(one).values["label"] for one in asked] == ["Menunggu dikirim ke BKN"] * 2


# --- what the plugin brings -----------------------------------------------------------------------


def test_the_connector_names_its_secrets_and_the_settings_hold_none():
    (connector,) = kinerja_siasn.register_connectors()
    assert connector.id == "siasn"
    assert set(connector.secrets) > set(simulator.FAKE_SECRETS)
    form = kinerja_siasn.register_settings().form
    assert all(form.initial[key] == "" for key in client.URLS)
    assert not {field.key for field in form.fields} & {name.lower() for name in connector.secrets}
    assert dataclasses.is_dataclass(connector)
