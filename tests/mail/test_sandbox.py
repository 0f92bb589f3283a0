"""A template is no shell, reads no other file, and comes to an end; what it may not do is said in Norwegian."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from arshjul.letters.render import TemplateProblemError, Templates
from tests.mail.test_render import HEAD
from tests.sample_letters import letter, reminder

INTO = "den når inn i programmet, og det kan ingen mal"
ENDLESS = "den blir aldri ferdig"


def subject_of(folder: Path, template: str) -> str:
    (folder / "email").mkdir(exist_ok=True)
    (folder / "email" / "reminder-subject.txt").write_text(template, encoding="utf-8")
    return Templates((folder,)).render(letter(reminder()), HEAD).subject


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", INTO),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", INTO),
        ("{{ self.__init__.__globals__ }}", INTO),
        ("{{ (head|attr('__class__')).__init__ }}", INTO),
        ("{{ '{0.__class__.__init__.__globals__}'.format(head) }}", INTO),
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", ENDLESS),
        ("{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}", ENDLESS),
        ("{% set s = 'abcdefghij' * 9 %}" + "".join(f"{{% for {name} in s %}}" for name in "abcdef") + "x"
         + "{% endfor %}" * 6, ENDLESS),
        ("{{ 'a' * 1000001 }}", "teksten blir for lang"),
        ("{{ 1000001 * ['a'] }}", "teksten blir for lang"),
        ("{{ 9 ** 9 ** 9 }}", "regnestykket blir for stort"),
        ("{% for a in range(1001) %}{{ 'a' * 1000 }}{% endfor %}", "brevet blir for langt"),
    ],
)  # fmt: skip
def test_template_that_does_what_it_may_not_is_refused(tmp_path: Path, template: str, said: str) -> None:
    with pytest.raises(TemplateProblemError) as raised:
        subject_of(tmp_path, template)

    assert str(raised.value) == f"Malen «email/reminder-subject.txt» kan ikke brukes: {said}"


def test_template_cannot_change_what_the_next_one_is_given(tmp_path: Path) -> None:
    with pytest.raises(TemplateProblemError, match=INTO):
        subject_of(tmp_path, "{{ items.append(1) }}")


def test_template_may_count_and_loop_as_letters_do(tmp_path: Path) -> None:
    template = "{% for n in range(3) %}{{ 2 ** n }}{{ '-' * n }}{% endfor %} {{ '%02d' % 7 }}"
    assert subject_of(tmp_path, template) == "12-4-- 07"


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "large"])
def test_template_that_is_no_file_of_some_pages_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "email" / "reminder-subject.txt"
    path.parent.mkdir()
    match kind:
        case "link":
            path.symlink_to("/etc/passwd")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "large":
            path.write_text("a" * 256_001, encoding="utf-8")
    said = {"link": "den er en lenke til en annen mappe", "large": "den er større enn 256 kB"}.get(
        kind, "den er ingen vanlig fil"
    )

    with pytest.raises(TemplateProblemError) as raised:
        Templates((tmp_path,)).render(letter(reminder()), HEAD)

    assert str(raised.value) == f"Malen «email/reminder-subject.txt» kan ikke brukes: {said}."


def test_template_that_is_linked_to_within_its_folder_is_read(tmp_path: Path) -> None:
    """As a container mounts the files of a settings volume."""
    (tmp_path / "email" / "..data").mkdir(parents=True)
    (tmp_path / "email" / "..data" / "emne.txt").write_text("Et emne", encoding="utf-8")
    (tmp_path / "email" / "reminder-subject.txt").symlink_to("..data/emne.txt")

    assert Templates((tmp_path,)).render(letter(reminder()), HEAD).subject == "Et emne"
