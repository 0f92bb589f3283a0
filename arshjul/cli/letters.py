"""`arshjul preview --html`: every kind of letter as files to look at. Imported only when somebody asks for it."""

from __future__ import annotations

import sys
from pathlib import Path

from arshjul.mail.render import TemplateProblemError
from arshjul.mail.samples import sample_drafts
from arshjul.rounds.reload import Loaded
from arshjul.rounds.write import writer_of

PAGE = """\
<!DOCTYPE html>
<html lang="nb"><head><meta charset="utf-8"><title>Alle brev</title></head>
<body><h1>Alle brev</h1>
<ul>
{rows}
</ul></body></html>
"""
ROW = '<li><a href="{name}.html">{name}</a> (<a href="{name}.txt">tekst</a>)</li>'


def write_samples(loaded: Loaded, folder: Path) -> int:
    """Write every kind of letter in every language into a folder, with a page that lists them."""
    writer = writer_of(loaded)
    try:
        drafts = dict(sample_drafts(writer.templates, writer.head))
    except TemplateProblemError as error:
        print(error, file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    for name, draft in drafts.items():
        (folder / f"{name}.html").write_text(draft.html, encoding="utf-8")
        (folder / f"{name}.txt").write_text(f"Emne: {draft.subject}\n\n{draft.text}", encoding="utf-8")
    rows = "\n".join(ROW.format(name=name) for name in drafts)
    (folder / "index.html").write_text(PAGE.format(rows=rows), encoding="utf-8")
    print(f"{len(drafts)} brev er skrevet i {folder}. Åpne {folder / 'index.html'} i en nettleser.")
    return 0
