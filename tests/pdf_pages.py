"""PDFs for the tests, written by hand: words and ruled lines where a test wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# A page of A4.
WIDTH, HEIGHT = 595, 842


_TURNS = {
    0: "",
    90: f"0 1 -1 0 {WIDTH} 0 cm",
    180: f"-1 0 0 -1 {WIDTH} {HEIGHT} cm",
    270: f"0 -1 1 0 0 {HEIGHT} cm",
}


@dataclass(frozen=True, slots=True)
class Words:
    """Words on a page from a point on, in points from the lower left corner."""

    text: str
    left: float
    base: float
    size: float = 11

    def draw(self) -> str:
        """The operators that show them: Latin in Helvetica, Chinese in a font that pdfium replaces."""
        if self.text.isascii():
            shown = "(" + self.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") + ")"
            return f"BT /F1 {self.size} Tf {self.left} {self.base} Td {shown} Tj ET"
        return f"BT /F2 {self.size} Tf {self.left} {self.base} Td <{self.text.encode('utf-16-be').hex()}> Tj ET"


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line between two points."""

    left: float
    bottom: float
    right: float
    top: float

    def draw(self) -> str:
        """The operators that draw it."""
        return f"0.5 w {self.left} {self.bottom} m {self.right} {self.top} l S"


Page = Sequence[Words | Rule]


def column(lines: Sequence[str], left: float = 72, top: float = 740, step: float = 14, size: float = 11) -> list[Words]:
    """Lines one below the other."""
    return [Words(line, left, top - place * step, size) for place, line in enumerate(lines)]


def grid(
    cells: Sequence[Sequence[str]], left: float, top: float, width: float, height: float = 20
) -> list[Words | Rule]:
    """A ruled table whose cells have this width and height."""
    right, bottom = left + width * len(cells[0]), top - height * len(cells)
    drawn: list[Words | Rule] = [
        Words(text, left + 4 + width * place, top - height * (row + 1) + 6, 10)
        for row, texts in enumerate(cells)
        for place, text in enumerate(texts)
        if text
    ]
    drawn += [Rule(left, top - height * row, right, top - height * row) for row in range(len(cells) + 1)]
    drawn += [Rule(left + width * place, bottom, left + width * place, top) for place in range(len(cells[0]) + 1)]
    return drawn


def write_pdf(*pages: Page, turned: int = 0) -> bytes:
    """A PDF of these pages, which are stored turned so that a viewer must turn them by so many degrees."""
    fonts = (
        "<</F1 <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>/F2 <</Type/Font/Subtype/Type0/BaseFont/STSong-Light"
        "/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
        "<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>]>>>>"
    )
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>"]
    for number, page in enumerate(pages):
        shown = "\n".join([_TURNS[turned], *(part.draw() for part in page)])
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Rotate {turned}/Contents {4 + 2 * number} 0 R"
            f"/Resources<</Font{fonts}>>>>"
        )
        objects.append(f"<</Length {len(shown)}>>stream\n{shown}\nendstream")
    body = "%PDF-1.4\n" + "".join(
        f"{number} 0 obj{written} endobj\n" for number, written in enumerate(objects, start=1)
    )
    return (body + f"trailer<</Root 1 0 R/Size {len(objects) + 1}>>\n%%EOF").encode("latin-1")
