"""Files by what is in them: the same bytes are kept once in a room, under their SHA-256, in a local folder.

What people hand in lies in one room and stays. Raw uploads lie in rooms of their own, so that dropping one of them never
takes away what somebody else handed in with the very same bytes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from kinerja.kernel import Kernel

KEPT = "files"
"""The room of what is kept."""


def put(kernel: Kernel, content: bytes, room: str = KEPT) -> str:
    """Keep bytes and return their hash. They are on the disk when this returns; twice is the same as once."""
    hash = name_of(content)
    path = _path(kernel, hash, room)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    return hash


def name_of(content: bytes) -> str:
    """The name bytes are kept under: their SHA-256."""
    return hashlib.sha256(content).hexdigest()


def get(kernel: Kernel, hash: str, room: str = KEPT) -> bytes | None:
    """The bytes of a hash, or None when they are not here (erased, or never arrived) or this is no hash."""
    if len(hash) != 64 or not all(letter in "0123456789abcdef" for letter in hash):
        return None
    path = _path(kernel, hash, room)
    return path.read_bytes() if path.exists() else None


def drop(kernel: Kernel, room: str) -> None:
    """Erase a room with all that lies in it. One that is not there is no error, so this may be done twice."""
    shutil.rmtree(kernel.config.data / room, ignore_errors=True)


def _path(kernel: Kernel, hash: str, room: str) -> Path:
    return kernel.config.data / room / hash[:2] / hash
