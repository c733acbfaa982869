"""Whether words between pieces of HTML are hidden by what is open around them, as in Markdown."""

from __future__ import annotations

from html.parser import HTMLParser

from ingest.readers.colours import WHITE, are_alike, read_colour
from ingest.readers.hidden import has_tiny_letters, hides, read_style

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_NEVER_SHOWN = frozenset(
    """audio canvas datalist del head iframe noembed noframes noscript object s script select strike style svg template
    textarea title video""".split()
)
# So deep nobody nests; what goes deeper is left to be read.
_DEEPEST = 1000


class Curtain(HTMLParser):
    """Is told of pieces of HTML in their order; `is_drawn` where what follows would not be seen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._open: list[tuple[str, bool]] = []

    def set_cdata_mode(self, elem: str, *, escapable: bool = False) -> None:
        """Do nothing: what stands inside a script is Markdown, which the parser must not wait for."""

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._open)

    def close_to(self, depth: int) -> None:
        """Close what was opened since so many were."""
        del self._open[depth:]

    def lift(self, source: str) -> str:
        """Take in a piece of HTML: its lines from the first that would be seen."""
        lines = source.splitlines(keepends=True)
        hidden = 0
        while self.is_drawn and hidden < len(lines):
            self.feed(lines[hidden])
            hidden += 1
        shown = "".join(lines[hidden:])
        self.feed(shown)
        return shown

    @property
    def is_drawn(self) -> bool:
        """Whether an element that is open hides what is in it."""
        return any(hiding for _, hiding in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element opens."""
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append((tag, _hides(tag, dict(attrs))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that closes itself: browsers take the stroke for nothing."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """The innermost element of this name closes, and those inside it that were left open."""
        places = [place for place, (name, _) in enumerate(self._open) if name == tag]
        if places:
            del self._open[places[-1] :]


def _hides(tag: str, attributes: dict[str, str | None]) -> bool:
    style = read_style(attributes.get("style") or "")
    ink = read_colour(style.get("color") or attributes.get("color") or "", None)
    paper = read_colour(style.get("background-color") or style.get("background", ""), WHITE, behind=True)
    return (
        tag in _NEVER_SHOWN
        or "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (tag == "dialog" and "open" not in attributes)
        or hides(style)
        or has_tiny_letters(style)
        or (ink is not None and are_alike(ink, paper))
    )
