"""Behind a proxy with TLS: what it says is believed where the installation names it, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kinerja.kernel import Config
from kinerja.models import Assignment
from kinerja.testing import person
from kinerja_web import create_app
from tests.web import town

PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


@pytest.fixture
def world(kernel, monkeypatch):
    return town.build(kernel, monkeypatch)


def behind(world, proxies: int):
    world.config = replace(world.config, proxies=proxies)
    return create_app(world).test_client()


def enter(client, **headers: str) -> str:
    """The session cookie as it is set when somebody signs in."""
    told = {"Origin": "http://localhost", **headers}
    sent = client.post("/masuk", data={"cara": "pintu", "akun": "Budi Contoh"}, headers=told)
    assert sent.status_code == 303, sent.text
    return next(one for one in sent.headers.getlist("Set-Cookie") if one.startswith("kinerja="))


def home(client, cookie: str, headers: dict[str, str]) -> str:
    """The first page of whoever decides. The cookie goes by hand: the line behind a proxy is no secure one."""
    told = {"Cookie": cookie.partition(";")[0], **headers}
    held = Assignment.get(Assignment.person == person("Budi Contoh")).id
    client.post("/kapasitas", data={"penugasan": str(held)}, headers={"Origin": "http://localhost", **told})
    return client.get("/", headers=told).text


def test_behind_a_named_proxy_cookies_are_secure_and_addresses_are_https(world):
    client = behind(world, 1)
    cookie = enter(client, **PROXY)
    assert "Secure" in cookie
    assert "Buka https://localhost/" in home(client, cookie, PROXY)


def test_without_the_key_nothing_forwarded_is_believed(world):
    client = behind(world, 0)
    cookie = enter(client, **PROXY)
    assert "Secure" not in cookie
    assert "Buka http://localhost/" in home(client, cookie, PROXY)


@pytest.mark.parametrize(
    ("proxies", "said", "secure"),
    [
        (1, "https", True), (1, "http", False), (1, "https, http", False), (1, "http, https", True), (1, "ftp", False),
        (2, "https, http", True), (2, "https", False), (0, "https", False),
    ],
)  # fmt: skip
def test_only_what_the_own_proxies_said_counts_and_not_what_the_visitor_wrote_before(world, proxies, said, secure):
    assert ("Secure" in enter(behind(world, proxies), **{"X-Forwarded-Proto": said})) is secure


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_forwarded_host_is_never_believed(world, proxies):
    client = behind(world, proxies)
    enter(client)
    forged = {"Origin": "http://evil.test", "X-Forwarded-Host": "evil.test"}
    assert client.post("/kapasitas", data={"penugasan": ""}, headers=forged).status_code == 403
    assert "evil.test" not in client.get("/", headers={"X-Forwarded-Host": "evil.test"}).text


@pytest.mark.parametrize("told", ["true", "-1", "10", '"1"', "1.5"])
def test_a_count_of_proxies_that_is_none_is_said_at_the_start(tmp_path: Path, told: str):
    path = tmp_path / "kinerja.toml"
    path.write_text(f"proxies = {told}\n")
    with pytest.raises(ValueError, match="jumlah proksi di depan Kinerja"):
        Config.read(path)


def test_the_shipped_configuration_believes_nobody():
    assert Config.read(Path(__file__).resolve().parents[2] / "config" / "kinerja.toml").proxies == 0
