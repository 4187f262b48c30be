"""The table of `config/kinerja.toml`, which an operator writes."""

from __future__ import annotations

from kinerja.rules.reader import Key, Shape, Table
from kinerja.rules.shapes import FLAG, TEXT, WORDS

INSTALLATION = Table(
    "kinerja.toml",
    "",
    make=dict,
    unknown="{where}: tidak mengenal «{keys}». Lihat config/kinerja.toml.",
    keys=(
        Key("data", "Folder untuk berkas, dan untuk SQLite bila tidak ada basis data lain.", TEXT, default="data"),
        Key("database", "Alamat PostgreSQL; tanpa kunci ini SQLite di folder data.", TEXT),
        Key("plugin_folders", "Folder lain tempat plugin dicari.", WORDS),
        Key("demo", "true: situs contoh dengan tanggal yang dapat dimajukan.", FLAG),
        Key(
            "proxies",
            "Berapa proksi milik sendiri di depan Kinerja.",
            Shape("jumlah proksi di depan Kinerja", int, 0, limits=(0, 9)),
        ),
    ),
)
