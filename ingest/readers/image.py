"""Images of paper by OCR: PNG, JPEG, and TIFF, each of its frames a page."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import EmptyNoticeError, NoticeTooLargeError, UnknownFormatError, UnreadableNoticeError
from ingest.readers.columns import read_columns
from ingest.readers.layout import join_paragraphs
from ingest.readers.ocr import recognise
from ingest.readers.pages import bind_pages
from ingest.readers.reading import Limits, Reading
from ingest.readers.running import drop_running
from ingest.readers.scan import PageLines, warn_of_scans

_FORMATS = ("PNG", "JPEG", "TIFF")
# A3 at 600 dpi.
_MOST_PIXELS = 75_000_000


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """An image of one or several pages, read by OCR.

    Raises UnknownFormatError where OCR cannot run, UnreadableNoticeError, NoticeTooLargeError, EmptyNoticeError.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            if frames > limits.pages:
                raise NoticeTooLargeError(path, f"it has {frames} pages, the limit is {limits.pages}")
            pages = [_read_frame(path, image, number) for number in range(frames)]
    except Image.DecompressionBombError as error:
        raise NoticeTooLargeError(path, "its image has too many pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise UnreadableNoticeError(path, "the image is damaged or incomplete") from error
    if not any(page.lines for page in pages):
        raise EmptyNoticeError(path, "no words could be read in the image")
    return warn_of_scans(bind_pages([join_paragraphs(page.lines) for page in drop_running(pages)]), pages)


def _read_frame(path: str, image: Image.Image, number: int) -> PageLines:
    image.seek(number)
    if image.width * image.height > _MOST_PIXELS:
        raise NoticeTooLargeError(path, f"its image has {image.width} x {image.height} pixels", "Scan it at 200 dpi.")
    found = recognise(_flatten(image))
    if found is None:
        raise UnknownFormatError(path, "it is an image", "Make a searchable PDF of it (OCR).")
    if not found.letters:
        return PageLines((), image.height, unread=True)
    return PageLines(tuple(read_columns(found.pieces)), image.height, found.confidence)


def _flatten(image: Image.Image) -> Image.Image:
    """The image upright, in RGB, on white paper where it is transparent."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith(("I", "F")):
        # Grey of 16 bits and more: the whole range becomes that of 8 bits, which conversion would cut off.
        low, high = upright.getextrema()
        spread = max(1.0, float(high) - float(low))  # type: ignore[arg-type]
        upright = upright.convert("F").point(lambda value: (value - low) * (255 / spread)).convert("L")
    if upright.has_transparency_data:
        inked = upright.convert("RGBA")
        paper = Image.new("RGBA", inked.size, "white")
        return Image.alpha_composite(paper, inked).convert("RGB")
    return upright.convert("RGB")
