"""What the server loads: `kinerja_web.wsgi:make`."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from kinerja.kernel import Config, Kernel
from kinerja_web import create_app, hooks


def make() -> Flask:
    """The application of the installation that KINERJA_CONFIG names; called once in each server process."""
    config = Config.read(Path(os.environ.get("KINERJA_CONFIG", "config/kinerja.toml")))
    return create_app(Kernel.start(config, hooks))
