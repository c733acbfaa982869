"""The record of BibTeX, which pybtex writes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pybtex.database import BibliographyData
from pybtex.database import Entry as Record
from pybtex.database.output.bibtex import Writer

from cite.dates import write_iso
from cite.entries import Entry
from cite.kinds import NoticeKind

# No brace may stand alone, even escaped: BibTeX counts them.
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
        "%": r"\%", "&": r"\&", "#": r"\#", "$": r"\$", "_": r"\_",
    }
)  # fmt: skip
_KINDS = {
    ("en", NoticeKind.notice): "Notice",
    ("zh", NoticeKind.notice): "文件",
    ("en", NoticeKind.meeting_report): "Meeting report",
    ("zh", NoticeKind.meeting_report): "会议文件",
}


class _Writer(Writer):  # type: ignore[misc]
    """Writes values that are LaTeX already, each in braces."""

    def quote(self, s: str) -> str:
        """The value in braces; raises BibTeXError where its own do not pair."""
        self.check_braces(s)
        return f"{{{s}}}"

    def _encode(self, text: str) -> str:
        # pybtex escapes neither backslashes nor braces, and would escape ours and the address a second time.
        return text


def write_bibtex(entries: Sequence[tuple[Entry, str]]) -> str:
    """A .bib file with a record for each entry and its note, in their order."""
    return str(_Writer().to_string(BibliographyData({entry.key: _record(entry, note) for entry, note in entries})))


def _record(entry: Entry, note: str) -> Record:
    """@techreport, @misc for laws and guidance; a second pair of braces keeps bodies whole and capitals as they are."""
    report = entry.kind in (NoticeKind.notice, NoticeKind.meeting_report)
    number = escape_latex(entry.number)
    fields = {
        "author": " and ".join(f"{{{escape_latex(issuer)}}}" for issuer in entry.issuers),
        "title": f"{{{escape_latex(entry.title)}}}",
        "institution": f"{{{escape_latex(', '.join(entry.issuers))}}}" if report and entry.issuers else "",
        "type": _KINDS.get((entry.language, entry.kind), ""),
        "number": number,
        # The classic styles print no number of @misc.
        "howpublished": "" if report else number,
        "year": write_iso(entry.issued[:1]),
        "date": write_iso(entry.issued),
        "url": escape_url(entry.url),
        "urldate": write_iso(entry.accessed),
        "langid": "chinese" if entry.language == "zh" else "english",
        "note": escape_latex(note),
    }
    return Record("techreport" if report else "misc", {name: value for name, value in fields.items() if value})


def escape_latex(text: str) -> str:
    """Text with the ten characters that mean something to LaTeX written as commands."""
    return text.translate(_LATEX)


def escape_url(url: str) -> str:
    r"""A URL as \\url takes it: as it is, without braces and backslashes."""
    return re.sub(r"[{}\\]", lambda match: f"%{ord(match[0]):02X}", url)
