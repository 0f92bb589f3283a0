"""Every kind of letter held against what mail programs can show: tags, CSS, contrast, size; and text beside HTML."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from arshjul.letters.render import Templates
from arshjul.letters.templating import PACKAGED
from arshjul.mail.message import Draft, Letterhead
from arshjul.plan.model import Recipient
from arshjul.rounds.write import OFFICE, sample_drafts
from arshjul.wording import SAY
from tests.colours import contrast

HEAD = Letterhead("Prøverådet", Recipient("arshjul@example.no", "Årshjul"), OFFICE, "https://arshjul.example.no/")
DRAFTS = dict(sample_drafts(Templates([]), HEAD))

TAGS = set("html head meta title style body table tbody tr td h1 h2 p a ul li br".split())  # noqa: SIM905  (a list to read)
CSS = {
    "background-color", "border-left", "border-left-color", "border-top", "color", "font-family", "font-size",
    "font-weight", "line-height", "margin", "margin-bottom", "margin-top", "max-width", "padding", "padding-bottom",
    "padding-top", "text-align", "text-decoration", "width",
}  # fmt: skip
"""What the Word engine of classic Outlook shows or leaves out without harm."""


class Reader(HTMLParser):
    """Collects tags, inline CSS and links, and follows which colours each piece of text has."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.properties: set[str] = set()
        self.links: list[str] = []
        self.pairs: set[tuple[str, str]] = set()
        self.open: list[tuple[str, str, str]] = [("", "#000000", "#ffffff")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        parts = [part.partition(":") for part in (found.get("style") or "").split(";") if ":" in part]
        style = {name.strip(): value.strip() for name, _, value in parts}
        self.properties |= set(style)
        if found.get("href"):
            self.links.append(found["href"] or "")
        _, colour, background = self.open[-1]
        if tag not in ("meta", "br"):
            self.open.append((tag, style.get("color", colour), style.get("background-color", background)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open[-1][0] not in ("style", "title"):
            self.pairs.add(self.open[-1][1:])


def read(draft: Draft) -> Reader:
    reader = Reader()
    reader.feed(draft.html)
    assert [tag for tag, _, _ in reader.open] == [""]
    return reader


@pytest.mark.parametrize("name", DRAFTS)
def test_letter_has_only_tags_and_css_that_mail_programs_know(name: str) -> None:
    found = read(DRAFTS[name])

    assert set(found.tags) - TAGS == set()
    assert found.properties - CSS == set()
    assert (found.tags.count("h1"), found.tags.count("title")) == (1, 1)
    assert len(DRAFTS[name].html.encode()) < 60_000


@pytest.mark.parametrize("name", DRAFTS)
def test_all_text_of_a_letter_stands_out_in_the_light(name: str) -> None:
    pairs = read(DRAFTS[name]).pairs

    assert len(pairs) >= 2
    assert {pair: round(contrast(*pair), 1) for pair in pairs if contrast(*pair) < 4.5} == {}


def test_every_colour_stands_out_in_the_dark_and_overrides_its_light_one() -> None:
    sheet = (PACKAGED / "email" / "frame.html").read_text(encoding="utf-8").partition("<style>")[2]
    light, _, dark = sheet.partition("</style>")[0].partition("@media (prefers-color-scheme: dark)")
    (background,) = set(re.findall("background-color: (#[0-9a-f]{6})", dark))
    colours = re.findall("(?<![a-z-])color: (#[0-9a-f]{6}) !important", dark)

    assert [colour for colour in colours if contrast(colour, background) < 4.5] == []
    assert len(colours) == len(set(re.findall("(?<![a-z-])color: (#[0-9a-f]{6})", light))) == 3
    assert dark.count("!important") == dark.count(";")


@pytest.mark.parametrize("name", DRAFTS)
def test_text_part_says_all_that_the_html_part_says(name: str) -> None:
    draft = DRAFTS[name]
    body = draft.html.partition("<body")[2].partition(">")[2]
    shown = unescape(re.sub("<[^>]*>", " ", re.sub("(<a [^>]*>).*?</a>", r"\1", body)))
    links = [link.removeprefix("mailto:") for link in read(draft).links]

    assert words(shown) - words(draft.text) == set()
    assert [link for link in links if link not in draft.text] == []


def words(text: str) -> set[str]:
    return {word.strip(":") for word in re.findall(r"[\w:/@-]+", text.casefold())}


@pytest.mark.parametrize("name", DRAFTS)
def test_lines_of_the_text_part_are_short_and_the_first_one_says_what_it_is_about(name: str) -> None:
    lines = DRAFTS[name].text.splitlines()

    assert [line for line in lines if len(line) > 76 and "http" not in line] == []
    assert lines[0].strip()
    assert lines.count("-- ") == 1


@pytest.mark.parametrize("name", DRAFTS)
def test_letter_is_in_its_own_language(name: str) -> None:
    language = name.rpartition("-")[2]

    assert DRAFTS[name].html.startswith(f'<!DOCTYPE html><html lang="{language}">')
    others = {say["why"] for code, say in SAY.items() if say["why"] != SAY[language]["why"]}
    assert [words for words in others if words in DRAFTS[name].text] == []


def blanks(words: dict[str, str]) -> dict[str, list[str]]:
    return {name: sorted(re.findall(r"{(\w+)}", text)) for name, text in words.items()}


def test_all_languages_have_the_same_words_with_the_same_blanks() -> None:
    assert blanks(dict(SAY["nb"])) == blanks(dict(SAY["nn"])) == blanks(dict(SAY["en"]))


def test_a_moved_meeting_in_nynorsk_and_in_english() -> None:
    assert DRAFTS["moved-nn"].subject == "Flytta: Styremøte – tysdag 8. desember → fredag 11. desember"
    assert DRAFTS["moved-en"].subject == "Moved: Styremøte – Tuesday 8 December → Friday 11 December"
    assert DRAFTS["late-nn"].text.splitlines()[:5] == [
        "Frist tysdag 15. desember 2026 (førebels): Innspill til statsbudsjettet",
        "",
        "Forseinka: skulle vore sendt tysdag 17. november 2026.",
        "Om 15 virkedagar. Du er hovudansvarleg.",
        "Periode: 1. oktober–15. desember 2026",
    ]
