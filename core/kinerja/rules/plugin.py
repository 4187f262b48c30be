"""The table of `plugin.toml`, which is read before any code of a plugin runs."""

from __future__ import annotations

from kinerja.rules.reader import Key, Shape, Table
from kinerja.rules.shapes import FLAG, TEXT

MANIFEST = Table(
    "plugin.toml",
    "",
    make=dict,
    lacks="{where}: «{key}» belum ada. Tambahkan baris itu.",
    unknown="{where} tidak mengenal «{keys}». Hapus baris itu.",
    keys=(
        Key("id", "Nama plugin di mana-mana: huruf kecil, angka, dan tanda hubung.", TEXT, must=True),
        Key("name", "Nama yang dibaca orang.", TEXT, must=True),
        Key("version", "Versi plugin ini.", TEXT, must=True),
        Key("api", "Versi soket yang dipakainya.", Shape("angka", int), must=True),
        Key("summary", "Satu kalimat tentang gunanya.", TEXT, must=True),
        Key("contact", "Siapa yang dihubungi bila ada yang salah.", TEXT, must=True),
        Key("restricted", "true: hanya dapat diatur di satuan paling atas.", FLAG, must=True),
        Key("on", "false: mati sampai seseorang menghidupkannya.", FLAG, default=True),
    ),
)
