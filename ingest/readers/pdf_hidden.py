"""Characters of a PDF that its reader may not see: white, transparent, or drawn with no ink."""

from __future__ import annotations

import ctypes

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.readers.colours import WHITE, are_alike

_NO_INK = 3


def count_faint(textpage: pdfium.PdfTextPage) -> int:
    """How many characters of a page have the colour of paper, or no ink where others have some.

    A scan that was made searchable has no ink at all behind its picture: that is no secret. What stands
    white on a dark ground is counted too: pdfium does not tell what is behind a character.
    """
    faint = inked = bare = 0
    for place in range(textpage.count_chars()):
        if chr(pdfium_c.FPDFText_GetUnicode(textpage, place)).isspace():
            continue
        drawn = pdfium_c.FPDFText_GetTextObject(textpage, place)
        if pdfium_c.FPDFTextObj_GetTextRenderMode(drawn) == _NO_INK:
            bare += 1
        elif _is_paper(textpage, place):
            faint += 1
        else:
            inked += 1
    return faint + (bare if inked else 0)


def _is_paper(textpage: pdfium.PdfTextPage, place: int) -> bool:
    red, green, blue, cover = (ctypes.c_uint() for _ in range(4))
    if not pdfium_c.FPDFText_GetFillColor(textpage, place, red, green, blue, cover):
        return False
    return are_alike((red.value, green.value, blue.value, cover.value / 255), WHITE)
