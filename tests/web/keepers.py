"""The small world with those who keep people: Rina at Ani's house, Eko at the other, Pusat above both."""

from __future__ import annotations

import tomllib
from datetime import date

from kinerja import Content, Correction, Field, Form, hookimpl
from kinerja.models import Identity, Person
from kinerja.testing import add_person, manifest, person, unit
from kinerja_web import Login
from tests import small
from tests.kept import kept

LISTS = (
    """
jenis = "roles"
id = "uji-jaga"
label = "Peran"
[[butir]]
id = "penjaga"
label = "Penjaga data"
izin = ["manage_people", "import"]
[[butir]]
id = "pengurus"
label = "Pengurus"
izin = ["manage_people", "import", "read_states"]
""",
    """
jenis = "alasan-penutupan"
id = "uji"
label = "Alasan"
[[butir]]
id = "pergi"
label = "Mutasi"
menutup = true
""",
    """
jenis = "conditions"
id = "uji"
label = "Kedudukan"
[[butir]]
id = "libur"
label = "Cuti"
diam = true
[[butir]]
id = "biasa-saja"
label = "Hukuman uji"
diam = false
""",
    """
jenis = "bantuan-masuk"
id = "uji"
label = "Mengapa"
[[butir]]
id = "akun"
label = "Akun dimatikan"
siapa = "Admin akun"
lakukan = "Minta dinyalakan."
""",
)


class Door:
    """Signs anybody in by name."""

    @hookimpl
    def register_login(self):
        return Login("pintu", "Pintu uji", lambda: (), lambda answers: ("uji", str(answers.get("akun"))))


class Lists:
    """Brings the lists."""

    @hookimpl
    def register_content(self):
        return [Content.parse(tomllib.loads(text)) for text in LISTS]


def story(context):
    """Ani's story, beside which she may ask for her name to be mended, and for the step to be unlocked."""
    return Form(
        "Cerita",
        (Field("isi", "Isi", "longtext", required=True), Field("catatan", "Catatan", "text")),
        example=(("Isi", "Contoh cerita"),),
        corrections=(
            Correction("nama", "Nama", context.case.labels.get("nama", ""), "Penjaga data memperbaikinya."),
            Correction("satuan", "Rumah", context.case.labels.get("satuan", ""), "Penjaga data memperbaikinya."),
        ),
        locked="" if context.grants else "Nama panggilan sudah diubah satu kali.",
    )


def build(kernel, monkeypatch):
    """The kernel with the case of Ani on which Budi decides, and everybody able to sign in."""
    monkeypatch.setattr(small, "_story", story)
    monkeypatch.setattr(small, "SCHEME", 'penutup = ["memutuskan"]\n' + small.SCHEME)
    kernel.host.add(Door(), manifest("pintu"))
    kernel.host.add(Lists(), manifest("daftar"))
    small.wire(kernel)
    kernel.case = kept(kernel, lambda: live(kernel), "keepers", small.SCHEME)
    return kernel


def live(kernel):
    """What `build` writes; the case of Ani."""
    case, since = small.live(kernel), date(2029, 7, 1)
    add_person("Rina Contoh", "penjaga", unit("rumah-a"), "tetap", since, sex="P")
    add_person("Eko Contoh", "penjaga", unit("rumah-b"), "tetap", since, sex="L")
    add_person("Pusat Contoh", "pengurus", unit("negeri"), "tetap", since)
    for one in Person.select():
        Identity.create(issuer="uji", subject=one.name, person=person(one.name))
    return case
