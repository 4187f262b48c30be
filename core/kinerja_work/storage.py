"""Files by what is in them: the same bytes are kept once, under their SHA-256, in a local folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from kinerja.kernel import Kernel


def put(kernel: Kernel, content: bytes) -> str:
    """Keep bytes and return their hash. They are on the disk when this returns; twice is the same as once."""
    hash = hashlib.sha256(content).hexdigest()
    path = _path(kernel, hash)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    return hash


def get(kernel: Kernel, hash: str) -> bytes | None:
    """The bytes of a hash, or None when they are not here (erased, or never arrived)."""
    try:
        path = _path(kernel, hash)
    except ValueError:
        return None
    return path.read_bytes() if path.exists() else None


def _path(kernel: Kernel, hash: str) -> Path:
    if len(hash) != 64 or not all(letter in "0123456789abcdef" for letter in hash):
        raise ValueError("bukan sidik SHA-256")
    return kernel.config.data / "files" / hash[:2] / hash
