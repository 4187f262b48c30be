"""SIASN on loopback, for training and tests: both token servers, the gateway and the histories, with invented people.

`kinerja` starts it; set the addresses to the simulator's own: `/oauth2/token`,
`/auth/realms/public-siasn/protocol/openid-connect/token` and `/apisiasn/1.0`, and the secrets to `FAKE_SECRETS`.
It is driven at `/_sim/`: POST `reset`, GET `journal`, GET `records`, GET or POST `faults` (a JSON list of names, one
for each next data call), GET or POST `switches` (`numbers`: mixed, int, float, string; `mapdata`: object, string).
Tokens, records, faults and switches survive a restart; the journal does not. For one process.
"""

from __future__ import annotations

import base64
import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from kinerja import Json
from kinerja_siasn import simulator_faults as faults
from kinerja_siasn.simulator_faults import Reply, as_json
from kinerja_siasn.simulator_records import RESOURCES, Resource, agrees, complaints, is_nip, person, person_id, row

FAKE_SECRETS = {
    "KINERJA_SIASN_CONSUMER_KEY": "sim-consumer-key",
    "KINERJA_SIASN_CONSUMER_SECRET": "sim-consumer-secret",
    "KINERJA_SIASN_CLIENT_ID": "sim-client",
    "KINERJA_SIASN_USERNAME": "197901012003121001",
    "KINERJA_SIASN_PASSWORD": "sim-password",
}
"""The only secrets the simulator takes; nobody else does."""

APIM_LIFE, SSO_LIFE = 3_600, 43_200
_APIS = ("/apisiasn/1.0", "/api/1.0")
_SWITCHES = {"numbers": ("mixed", "int", "float", "string"), "mapdata": ("object", "string")}
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
_REFERENCES = {
    "golongan": [{"id": "33", "nama": "III/c", "namaPangkat": "Penata"}],
    "ref-dokumen": [{"id": "890", "nama": "Dok Evaluasi Kinerja", "fileTipe": "PDF", "mandatory": True}],
}


def simulate(folder: str) -> Callable[..., Iterable[bytes]]:
    """A WSGI application that plays SIASN and keeps its state in `siasn.json` within `folder`, made when missing.

    Raises OSError when the folder cannot be written, ValueError when its state file is not one of ours.
    """
    return _Simulator(Path(folder))


class _Simulator:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "siasn.json"
        self._lock = threading.RLock()
        self._journal: list[dict[str, Json]] = []
        self._state = json.loads(self._file.read_text("utf-8")) if self._file.exists() else _empty()

    def __call__(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        method, path = str(environ["REQUEST_METHOD"]), str(environ.get("PATH_INFO") or "/")
        slow, cut = 0, False
        with self._lock:
            if path.startswith("/_sim/"):
                reply = self._control(method, path.removeprefix("/_sim/"), body)
            else:
                reply, fault, seconds = self._answer(method, path, environ, body)
                slow, cut = seconds if fault == "slow" else 0, fault in faults.CUT
                self._note(method, path, environ, body, reply[0], fault)
        time.sleep(slow)
        status, kind, content = reply
        # A length that is never reached is how a WSGI application can break a connection.
        told = len(content) + 64 if cut else len(content)
        start(f"{status} {_REASONS.get(status, 'Simulated')}", [("Content-Type", kind), ("Content-Length", str(told))])
        return [content]

    # --- control --------------------------------------------------------------------------------

    def _control(self, method: str, name: str, body: bytes) -> Reply:
        if name == "reset" and method == "POST":
            self._state, self._journal = _empty(), []
            self._keep()
            return as_json(200, {"ok": True})
        if name == "journal" and method == "GET":
            return as_json(200, self._journal)
        if name == "records" and method == "GET":
            return as_json(200, [{**one, "sesuaiMatriks": agrees(one)} for one in self._state["records"]["skp22"]])
        if name in ("faults", "switches"):
            return self._set(name, body) if method == "POST" else as_json(200, self._state[name])
        return as_json(404, {"error": "unknown control"})

    def _set(self, name: str, body: bytes) -> Reply:
        try:
            told = json.loads(body)
        except ValueError:
            told = None
        if name == "faults" and isinstance(told, list) and all(_parsed(one)[0] in faults.NAMES for one in told):
            self._state["faults"] += told
        elif name == "switches" and isinstance(told, dict) and all(v in _SWITCHES.get(k, ()) for k, v in told.items()):
            self._state["switches"] |= told
        else:
            return as_json(400, {"error": "unknown name", "faults": sorted(faults.NAMES), "switches": _SWITCHES})
        self._keep()
        return as_json(200, self._state[name])

    def _note(self, method: str, path: str, environ: Mapping[str, Any], body: bytes, status: int, fault: str) -> None:
        """Remember a request, without its secrets: of headers only whether they were there."""
        sent = json.loads(body) if status == 200 and body.startswith(b"{") and not fault else None
        line = {"method": method, "path": path, "status": status, "fault": fault, "body": sent}
        for name in ("HTTP_AUTHORIZATION", "HTTP_AUTH"):
            line[name.removeprefix("HTTP_").lower()] = str(environ.get(name) or "").partition(" ")[0]
        self._journal = [*self._journal[-499:], line]

    # --- the outside of SIASN -------------------------------------------------------------------

    def _answer(self, method: str, path: str, environ: Mapping[str, Any], body: bytes) -> tuple[Reply, str, int]:
        """The reply to one request, with the fault that was played and its seconds."""
        if path.endswith("/oauth2/token") and method == "POST":
            return self._apim_token(environ, body), "", 0
        if path.endswith("/openid-connect/token") and method == "POST":
            return self._sso_token(body), "", 0
        if path.startswith("/referensi_siasn/1/"):
            return self._apim_refuses(environ) or _reference(path), "", 0
        api = next((base for base in _APIS if path.startswith(base + "/")), None)
        if api is None:
            return faults.NO_RESOURCE, "", 0
        fault, seconds = self._next_fault()
        if fault and fault not in faults.AFTER and fault not in faults.STATEFUL:
            return faults.reply(fault, seconds), fault, seconds
        if time.time() < self._state["suspended_until"]:
            return faults.SUSPENDED, fault, seconds
        refusal = self._apim_refuses(environ) or self._sso_refuses(environ)
        reply = refusal or self._data(method, path.removeprefix(api), body)
        if fault in faults.AFTER and fault != "slow":
            reply = faults.reply(fault, seconds)
        return reply, fault, seconds

    def _next_fault(self) -> tuple[str, int]:
        if not self._state["faults"]:
            return "", 0
        name, seconds = _parsed(self._state["faults"].pop(0))
        if name == "expire-apim":
            self._state["apim"] = None
        if name == "expire-sso":
            self._state["sso"] = {}
        if name == "303001":
            self._state["suspended_until"] = time.time() + seconds
        self._keep()
        return name, seconds

    def _apim_token(self, environ: Mapping[str, Any], body: bytes) -> Reply:
        """The same token with a shrinking life until it ends (H)."""
        pair = f"{FAKE_SECRETS['KINERJA_SIASN_CONSUMER_KEY']}:{FAKE_SECRETS['KINERJA_SIASN_CONSUMER_SECRET']}"
        if environ.get("HTTP_AUTHORIZATION") != f"Basic {base64.b64encode(pair.encode()).decode()}":
            return as_json(401, {"error": "invalid_client", "error_description": "Client Authentication failed."})
        if _form(body).get("grant_type") != "client_credentials":
            return as_json(400, {"error": "unsupported_grant_type"})
        kept = self._state["apim"]
        if kept is None or kept["until"] <= time.time():
            kept = {"token": f"sim-apim-{self._serial()}", "until": time.time() + APIM_LIFE}
            self._state["apim"] = kept
            self._keep()
        life = max(1, int(kept["until"] - time.time()))
        scope = "am_application_scope default"
        told = {"access_token": kept["token"], "scope": scope, "token_type": "Bearer", "expires_in": life}
        return as_json(200, told)

    def _sso_token(self, body: bytes) -> Reply:
        """A new token for the password grant (H); it looks like a JWT and nobody signs it."""
        form = _form(body)
        if form.get("client_id") != FAKE_SECRETS["KINERJA_SIASN_CLIENT_ID"]:
            return as_json(401, {"error": "invalid_client", "error_description": "Invalid client credentials"})
        known = (FAKE_SECRETS["KINERJA_SIASN_USERNAME"], FAKE_SECRETS["KINERJA_SIASN_PASSWORD"])
        if form.get("grant_type") != "password" or (form.get("username"), form.get("password")) != known:
            return as_json(401, {"error": "invalid_grant", "error_description": "Invalid user credentials"})
        until = int(time.time()) + SSO_LIFE
        claims = {"preferred_username": form["username"], "name": "OPERATOR CONTOH", "exp": until}
        parts = ({"alg": "none"}, claims, f"sim-{self._serial()}")
        token = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
        self._state["sso"] = {name: end for name, end in self._state["sso"].items() if end > time.time()}
        self._state["sso"][token] = until
        self._keep()
        told = {"access_token": token, "expires_in": SSO_LIFE, "refresh_expires_in": 1_800, "token_type": "bearer"}
        return as_json(200, {**told, "refresh_token": "sim-refresh", "session_state": "sim", "scope": "email profile"})

    def _apim_refuses(self, environ: Mapping[str, Any]) -> Reply | None:
        told = str(environ.get("HTTP_AUTHORIZATION") or "")
        if not told:
            return faults.NO_APIM
        kept = self._state["apim"]
        good = kept is not None and told == f"Bearer {kept['token']}" and kept["until"] > time.time()
        return None if good else faults.BAD_APIM

    def _sso_refuses(self, environ: Mapping[str, Any]) -> Reply | None:
        """`Auth` is taken with `bearer` in any case (H)."""
        word, _, token = str(environ.get("HTTP_AUTH") or "").partition(" ")
        good = word.lower() == "bearer" and self._state["sso"].get(token, 0) > time.time()
        return None if good else faults.BAD_SSO

    # --- the inside of SIASN --------------------------------------------------------------------

    def _data(self, method: str, path: str, body: bytes) -> Reply:
        if method == "GET" and path.startswith("/pns/data-utama/"):
            nip = path.removeprefix("/pns/data-utama/")
            return as_json(200, {"code": 1, "data": person(nip)}) if is_nip(nip) else faults.NOT_FOUND
        for name, resource in RESOURCES.items():
            if method == "POST" and path == resource.save:
                return self._save(name, resource, body)
            if method == "GET" and path.startswith(resource.read):
                owner = person_id(path.removeprefix(resource.read))
                return self._rows(name, resource, resource.person, owner)
            if method == "GET" and path.startswith(f"/{name}/id/"):
                return self._rows(name, resource, "id", path.removeprefix(f"/{name}/id/"))
        return faults.NO_RESOURCE

    def _rows(self, name: str, resource: Resource, key: str, value: str) -> Reply:
        """Rows, or 404 with code 0 for none (H), which is another 404 than WSO2's."""
        numbers = self._state["switches"]["numbers"]
        rows = [row(resource, one, numbers) for one in self._state["records"][name] if one.get(key) == value]
        return as_json(200, {"code": 1, "count": len(rows), "data": rows}) if rows else faults.NOT_FOUND

    def _save(self, name: str, resource: Resource, body: bytes) -> Reply:
        """Creates, or updates with a known id. Two creates for one year give two rows: what BKN does is unknown (L)."""
        try:
            told = json.loads(body)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            return as_json(400, {"success": False, "code": 0, "message": "invalid character in body"})
        records = self._state["records"][name]
        known = next((one for one in records if one["id"] == told.get("id")), None)
        refusal = complaints(resource, told)
        if told.get("id") and known is None:
            refusal = "Data tidak ditemukan"
        if refusal:
            return as_json(200, {"success": False, "code": 0, "message": refusal})
        if known is None:
            known = {"id": f"sim-{name}-{self._serial()}"}
            records.append(known)
        known |= {key: value for key, value in told.items() if key != "id"}
        self._keep()
        text = self._state["switches"]["mapdata"] == "string"
        mapped = known["id"] if text else {resource.reference: known["id"]}
        return as_json(200, {"success": True, "mapData": mapped, "message": "success"})

    def _serial(self) -> int:
        self._state["serial"] += 1
        return int(self._state["serial"])

    def _keep(self) -> None:
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps(self._state), "utf-8")
        os.replace(draft, self._file)


def _empty() -> dict[str, Any]:
    return {
        "apim": None,
        "sso": {},
        "records": {name: [] for name in RESOURCES},
        "faults": [],
        "switches": {"numbers": "mixed", "mapdata": "object"},
        "suspended_until": 0,
        "serial": 0,
    }


def _parsed(fault: Json) -> tuple[str, int]:
    """`name` or `name:seconds`; a name nobody knows stays one."""
    name, _, seconds = str(fault).partition(":")
    return name, int(seconds) if seconds.isdecimal() else 2


def _form(body: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _reference(path: str) -> Reply:
    """Reference lists ask for the APIM token alone (H)."""
    rows = _REFERENCES.get(path.rsplit("/", 1)[-1])
    return as_json(200, {"code": 1, "data": rows}) if rows else faults.NO_RESOURCE
