"""Every sentence a user reads says it in the glossary's words: the words of `words.toml` stand in none of them.

Read are the sources (templates, labels and sentences in TOML, Indonesian text in Python) and the pages of the demo
world as they are sent, for there words of several sources stand together. Comments and docstrings are not for users.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kinerja.kernel import Kernel
from tests.browser.axe_world import played

ROOT = Path(__file__).resolve().parent.parent
SPOKEN = ("alt", "aria-label", "placeholder", "title")
"""Attributes that are read out or shown."""
UNSPOKEN = {"id", "sumber", "alias", "applies_to", "contact"}
"""Keys of TOML that name things, the papers they come from, or other spellings to be recognised, and are not drawn."""
CODE = re.compile(
    r"[\W\d_]*|[a-z0-9_.:#?=&%{}*-]+|/\S*|(?:SELECT|INSERT|UPDATE|DELETE|CREATE|FOR UPDATE|FOR NO KEY UPDATE|PRAGMA)\b.*", re.S
)
"""Not a sentence: names, addresses, statements of SQL."""
HOLE = re.compile(r"\{\w*\}")
"""Where a word is put in later; its name is no word of a sentence."""

Said = tuple[str, str]
"""Where it is said, and what."""


@dataclass(frozen=True)
class Word:
    """One entry of words.toml."""

    example: str
    pattern: re.Pattern[str]
    say: str
    row: str
    excused: tuple[str, ...]

    def found(self, text: str) -> bool:
        for sentence in self.excused:
            text = text.replace(sentence, "…")
        return self.pattern.search(text) is not None


LIST = tomllib.loads((ROOT / "tests" / "words.toml").read_text("utf-8"))


def words() -> list[Word]:
    made = []
    for one in LIST["word"]:
        plain = rf"(?<![\w-]){re.escape(one['not'])}(?![\w-])"
        pattern = re.compile(one.get("only", plain), 0 if one.get("exactly") else re.IGNORECASE)
        excused = tuple(each["text"] for each in one.get("except", ()))
        made.append(Word(one["not"], pattern, one["say"], one["row"], excused))
    return made


WORDS = words()


def judged(said: Iterable[Said]) -> list[str]:
    """One line for each word that is not to appear: where, which, what to say instead, and the sentence."""
    found: dict[str, None] = {}
    for where, text in said:
        plain = HOLE.sub("…", " ".join(text.split()))
        for word in WORDS:
            if word.found(plain):
                found[f"{where}: «{word.example}» → {word.say} (glosarium {word.row}): {plain[:200]}"] = None
    return list(found)


@pytest.fixture
def engine() -> str:
    """SQLite alone: what is said does not depend on the database."""
    return "sqlite"


# --- what is said -----------------------------------------------------------------------------------------------------


class Spoken(HTMLParser):
    """The pieces of text of a page, one a block, and the attributes that are read out. A button begins with «[tombol]»."""

    INLINE = frozenset(["a", "b", "i", "em", "strong", "small", "span", "del", "ins", "output", "label"])

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = [""]
        self._quiet = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._quiet += tag in ("script", "style")
        if tag not in self.INLINE:
            self.pieces.append("[tombol] " if tag == "button" else "")
        self.pieces[-1:-1] = [value for key, value in attrs if key in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._quiet -= tag in ("script", "style")
        if tag not in self.INLINE:
            self.pieces.append("")

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.pieces[-1] += data


def templates() -> Iterator[Said]:
    """Text and read-out attributes of each template, and the words within its braces."""
    for path in sorted([*(ROOT / "web").rglob("*.html"), *(ROOT / "plugins").rglob("*.html")]):
        source = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        for inner in re.findall(r"\{[{%](.*?)[%}]\}", source, re.DOTALL):
            yield from ((name(path), text) for text in re.findall(r"'([^']*)'", inner) if not CODE.fullmatch(text))
        shown = re.sub(r"\{%.*?%\}", "", re.sub(r"\{\{.*?\}\}", "…", source, flags=re.DOTALL), flags=re.DOTALL)
        yield from ((name(path), piece) for piece in Spoken(shown).pieces)


def tables() -> Iterator[Said]:
    """Every text in the TOML of plugins and of the demo that is not a name."""

    def within(where: str, value: Any) -> Iterator[Said]:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key not in UNSPOKEN:
                    yield from within(where, inner)
        elif isinstance(value, list):
            for inner in value:
                yield from within(where, inner)
        elif isinstance(value, str) and not CODE.fullmatch(value):
            yield where, value

    for path in sorted([*(ROOT / "plugins").rglob("*.toml"), *(ROOT / "config").rglob("*.toml")]):
        yield from within(name(path), tomllib.loads(path.read_text("utf-8")))


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of the constants of a module that read like text; the pieces of an f-string stand together."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    faces = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    docs |= {id(part) for face in faces for part in ast.walk(face)}  # names of code, however they are spelt
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (docs | inner):
            text = node.value
        else:
            continue
        if not CODE.fullmatch(text):
            yield node.lineno, text


def modules() -> Iterator[Said]:
    unread = {path for one in LIST["unread"] for path in ROOT.glob(one["path"])}
    for path in sorted({path for root in ("core", "web", "plugins") for path in (ROOT / root).rglob("*.py")} - unread):
        yield from ((f"{name(path)}:{line}", text) for line, text in texts(path))


def scripts() -> Iterator[Said]:
    path = ROOT / "web" / "kinerja_web" / "static" / "kinerja.js"
    lines = re.sub(r"^\s*//.*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
    yield from ((name(path), text) for text in re.findall(r'"([^"\n]*)"', lines) if not CODE.fullmatch(text))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- the tests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [templates, tables, modules, scripts])
def test_no_source_says_what_the_glossary_does_not(source: Callable[[], Iterator[Said]]) -> None:
    said = list(source())
    assert said != []
    assert judged(said) == []


def test_no_page_of_the_demo_world_says_what_the_glossary_does_not(demo: Kernel) -> None:
    said = [
        (f"{sent.path} ({sent.who}, {sent.when})", text)
        for sent in played(demo).sent
        for text in Spoken(sent.html).pieces
    ]
    assert judged({text: (where, text) for where, text in said}.values()) == []


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.example)
def test_every_word_of_the_list_is_found_where_it_stands_and_what_is_said_instead_is_not(word: Word) -> None:
    assert word.found(word.example) and word.row and word.say
    assert not any(word.found(text) for text in word.excused)
    assert word.found(f"{word.excused[0]} {word.example}") if word.excused else True


def test_every_exception_has_a_reason_and_excuses_its_own_word() -> None:
    for one, word in zip(LIST["word"], WORDS, strict=True):
        for each in one.get("except", ()):
            assert each["why"] and word.pattern.search(each["text"]), each
    assert [one for one in LIST["unread"] if not one["why"] or not list(ROOT.glob(one["path"]))] == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Pilih jenjang", ["jenjang"]),
        ("Jenjang jabatan dan jenjang sekolah", []),
        ("Sasaran Kinerja Pegawai (SKP)", []),
        ("Sasaran pembelajaran", ["sasaran"]),
        ("Diskusi tindak lanjut, lalu tindak lanjut hasil evaluasi", []),
        ("Ada tindak lanjut", ["tindak lanjut"]),
        ("PPK menyetujui", ["PPK"]),
        ("PPPK Paruh Waktu", []),
        ("Unggah file", ["file"]),
        ("Profil Anda dan perencanaan", []),
        ("Sekolah induk (satminkal)", []),
        ("Pilih satminkal", ["satminkal"]),
    ],
)
def test_words_are_found_at_their_edges_and_in_their_company_alone(text: str, wrong: list[str]) -> None:
    assert [word.example for word in WORDS if word.found(text)] == wrong


def test_text_is_read_out_of_templates_tables_and_code(tmp_path: Path) -> None:
    page = Spoken('<p>Satu <b>dua</b></p><input placeholder="Tiga" value="empat"><script>lima()</script>')
    assert [" ".join(piece.split()) for piece in page.pieces if piece.strip()] == ["Satu dua", "Tiga"]
    module = tmp_path / "m.py"
    module.write_text('"""Doc."""\nA = "nama-saja"\nB = f"Batas {A} lewat"\nC = say("Ini kalimat.")\n', "utf-8")
    assert list(texts(module)) == [(3, "Batas … lewat"), (4, "Ini kalimat.")]
