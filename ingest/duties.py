"""What rules say of one sentence: how it binds, whom, and whether it only exhorts; the strongest of several counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.types import Strength

_RANKS = {Strength.may: 0, Strength.should: 1, Strength.must: 2, Strength.must_not: 3}
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"\n]*\"|「[^「」]*」|《[^《》]*(?:《[^《》]*》[^《》]*)*》|[〔\[]\d{4}[〕\]]")


@dataclass(frozen=True, slots=True)
class Duty:
    """That words bind so, whom ('' where they do not say); `general`: a call without a particular thing to do."""

    strength: Strength
    bound: str = ""
    general: bool = False


@dataclass(frozen=True, slots=True)
class Mood:
    """What a notice makes of its sentences: whether bare directives bind in it, and whether it reports a meeting.

    `rules`: it lays down rules, so that what others "will" do they must; of what `issuer` will do it only tells.
    """

    directive: bool = False
    meeting: bool = False
    rules: bool = False
    issuer: str = ""


def find_strongest(duties: Iterable[Duty]) -> Duty | None:
    """The strongest of coordinate duties: a prohibition, a duty, advice, a permission; of equals the first."""
    return max(duties, key=lambda duty: _RANKS[duty.strength], default=None)


def mask_quoted(words: str) -> str:
    """The words, what stands in quotation or title marks made unreadable: another text says it. Offsets stay."""
    return _QUOTED.sub(lambda match: "□" * len(match.group()), words)
