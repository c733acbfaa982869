"""Which kind of document a ZIP archive of parts is."""

from __future__ import annotations

import io
import zipfile

# The part that only a document of the kind has.
_TELLING_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "ofd": "OFD.xml",
}
# What marks a package of another kind: slides, drawings, OpenDocument, e-books, programs.
_OTHER_PARTS = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"})


def name_package(content: bytes) -> str:
    """What begins as a ZIP archive does: docx, xlsx, ofd, or zip for files that were packed; '' for other packages."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        # A truncated archive has lost its list of names, but not those names themselves.
        names = {part for part in _TELLING_PARTS.values() if part[:4].encode() in content}
        names |= {part for part in _OTHER_PARTS if part.encode() in content}
    other = "" if names & _OTHER_PARTS else "zip"
    return next((kind for kind, part in _TELLING_PARTS.items() if part in names), other)
