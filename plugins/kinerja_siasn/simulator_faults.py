"""The faults the simulator plays on the next data calls, by name; `name:seconds` where a fault takes a time.

Bodies follow WSO2 and the forms public clients know (H, unless said); a fault happens before the call does anything,
save for `reset-after-save`, `slow` and `101504`, which do the work first.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from kinerja import Json

Reply = tuple[int, str, bytes]
"""Status, content type, body."""

AFTER = ("reset-after-save", "slow", "101504")
"""Faults whose call has done its work."""
STATEFUL = ("expire-apim", "expire-sso", "303001")
"""Faults that change the simulator itself before it answers."""
CUT = ("reset", "reset-after-save")
"""Faults that end the connection without a whole answer."""


def as_json(status: int, told: Json) -> Reply:
    return status, "application/json", json.dumps(told).encode()


def _fault(status: int, code: int, message: str, description: str, **more: str) -> Reply:
    told = {"code": code, "type": "Status report", "message": message, "description": description, **more}
    return as_json(status, {"fault": told})


SUSPENDED = _fault(503, 303001, "Runtime Error", "Currently, Address endpoint : [ Name : simulator ] SUSPENDED")
BAD_APIM = as_json(401, {"code": 900901, "type": "Status report", "message": "Invalid Credentials", "description": ""})
NO_APIM = _fault(401, 900902, "Missing Credentials", "Invalid Credentials. Make sure your API invocation call has one")
BAD_SSO = as_json(401, {"code": 0, "data": None, "message": "invalid or expired jwt"})
NO_RESOURCE = as_json(404, {"code": "404", "type": "Status report", "message": "No matching resource found"})
NOT_FOUND = as_json(404, {"code": 0, "data": "Data tidak ditemukan"})

_PLAIN = {
    "reset": (200, "application/json", b""),
    "reset-after-save": (200, "application/json", b""),
    "sso-mismatch": as_json(403, {"code": 0, "data": "Token SSO mismatch"}),
    "900901": BAD_APIM,
    "900902": NO_APIM,
    "900908": _fault(403, 900908, "Resource forbidden", "The access token does not allow you to access this resource"),
    "500": _fault(500, 101500, "Runtime Error", "Unknown error"),
    "runtime-error": as_json(500, {"code": 0, "type": "Status report", "message": "Runtime Error", "description": ""}),
    "101504": _fault(504, 101504, "Connection timed out", "Send timeout"),
    "empty-body": (200, "application/json", b""),
    "html": (502, "text/html", b"<html><body><h1>502 Bad Gateway</h1></body></html>"),
    "wso2-404": NO_RESOURCE,
    "not-found": NOT_FOUND,
    "refused": as_json(200, {"success": False, "code": 0, "message": "Data pegawai sedang dalam proses usulan"}),
    "xml-fault": (
        500,
        "application/xml",
        b'<ams:fault xmlns:ams="http://wso2.org/apimanager/security"><ams:code>101503</ams:code>'
        b"<ams:message>Error connecting to the back end</ams:message></ams:fault>",
    ),
}
NAMES = frozenset({*_PLAIN, *STATEFUL, "429", "slow"})


def reply(name: str, seconds: int) -> Reply:
    """What the caller sees for a fault that is not stateful; KeyError for another name."""
    if name == "429":
        at = datetime.now(UTC) + timedelta(seconds=seconds)
        told = at.strftime("%Y-%b-%d %H:%M:%S%z UTC")
        return _fault(429, 900802, "Message throttled out", "You have exceeded your quota", nextAccessTime=told)
    return _PLAIN[name]
