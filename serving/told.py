"""What other programs are told: the JSON of the commands, described field by field."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.types import CaveatKind, Status, Strength, YearReading


class _Exact(BaseModel):
    # A field that a command has and this does not describe is a fault of ours, and found by the tests.
    model_config = ConfigDict(extra="forbid")


class Fault(_Exact):
    """What went wrong, and what to do."""

    error: str = Field(examples=["no notice has the id 'x'"])
    help: str = Field(examples=["The list of notices has their ids."])


class Health(_Exact):
    """That the desk can answer, and from how many notices."""

    status: Literal["ok"]
    notices: int


class Citation(_Exact):
    """A label of an answer, bound to a span of a notice's text; `quote` is that span to the character."""

    label: int
    notice_id: str
    path: str
    title: str
    issuer: str
    number: str
    issued_on: str = Field(description="ISO 8601, complete or not; '' if unknown.")
    page: int | None
    clause: str
    paragraph: int | None
    start: int = Field(description="In code points of the notice's text.")
    end: int
    quote: str


class Sentence(_Exact):
    """A sentence that is proved by the citations with these labels; `quoted`: it is the notices' own words."""

    text: str
    labels: list[int]
    quoted: bool


class Withheld(_Exact):
    """A sentence that a chat model drafted and that was not proved."""

    text: str
    reason: str


class Listed(_Exact):
    """A notice that was searched in vain."""

    notice_id: str
    title: str


class Searched(_Exact):
    """What was searched: how many notices, of which years; in vain for a year, the first 50 of it in `listed`."""

    notices: int
    years: list[int]
    listed: list[Listed]


class Further(_Exact):
    """What else is recorded as required, beside what is quoted: of these years, strengths and party."""

    requirements: int
    notices: int
    years: list[int]
    strengths: list[Strength]
    bound: str


class Caveat(_Exact):
    """What must be known beside the quotes with these labels; `by` is the quote that says so."""

    kind: CaveatKind
    labels: list[int]
    by: int | None
    words: list[str]


class Answer(_Exact):
    """An answer, every sentence of it proved; or that the notices do not say (status no_evidence)."""

    id: str
    question: str
    status: Status
    answer: str = Field(description="The whole as text, with labels and what must be known beside it.")
    model: str
    fallback: str
    sentences: list[Sentence]
    citations: list[Citation]
    withheld: list[Withheld]
    searched: Searched
    missing: list[str]
    caveats: list[Caveat]
    further: Further | None
    confidence: float = Field(ge=0, le=1)
    seconds: float


class Passage(_Exact):
    """A passage of a notice; `text` is its span to the character."""

    notice_id: str
    path: str
    title: str
    issued_on: str
    start: int
    end: int
    text: str
    score: float
    year_reading: YearReading | None


class Passages(_Exact):
    """The passages that fit a question best, best first."""

    id: str
    question: str
    years: list[int]
    seconds: float
    hits: list[Passage]


class Link(_Exact):
    """What a notice is to another, with the span that says so."""

    kind: str
    notice_id: str | None
    named: str
    start: int | None
    end: int | None
    measure: float | None


class NoticeLine(_Exact):
    """What is known of a notice; `provenance` says where each value is from."""

    notice_id: str
    path: str
    title: str
    issuer: str
    number: str
    issued_on: str
    year: int | None
    language: str
    characters: int
    passages: int
    digest: str
    meeting_on: str
    in_force_on: str
    repealed_on: str
    accessed_on: str
    provenance: dict[str, str]
    links: list[Link]


class Notice(NoticeLine):
    """A notice with its canonical text; null where it was not asked for."""

    text: str | None


class Notices(_Exact):
    """A part of the notices; `total` is how many fit in all."""

    total: int
    notices: list[NoticeLine]


class Requirement(_Exact):
    """What a sentence of a notice asks of somebody; `quote` is its span to the character."""

    notice_id: str
    path: str
    title: str
    issued_on: str
    start: int
    end: int
    quote: str
    strength: Strength
    bound: str
    year: int | None
    due: str
    topic: str
    exhorts: bool
    superseded_by: str | None


class Requirements(_Exact):
    """A part of the requirements; `total` is how many fit in all."""

    total: int
    requirements: list[Requirement]


class Change(_Exact):
    """What became of a statement."""

    kind: Literal["new", "dropped", "changed"]
    before: Citation | None
    after: Citation | None


class Changes(_Exact):
    """A part of the changes; `total` is how many there are in all."""

    total: int
    changes: list[Change]


class Cited(_Exact):
    """A citation, ready to paste; `quote` is the text of the span, '' where none was given."""

    notice_id: str
    style: str
    citation: str
    quote: str


class Piece(_Exact):
    """A piece of a compared statement: kept, or what was taken out or put in."""

    kind: str
    text: str


class Statement(_Exact):
    """A statement of a draft with its verdict; start and end are code points of the draft."""

    text: str
    kind: Literal["quotation", "claim"]
    verdict: Literal["exact", "altered", "other_notice", "not_found", "superseded"]
    difference: str
    pieces: list[Piece]
    citation: Citation | None
    note: str
    named: str
    start: int
    end: int


class Draft(_Exact):
    """The statements of a draft, in order."""

    statements: list[Statement]


class Reference(_Exact):
    """The citation of a span, ready to paste."""

    notice_id: str
    start: int
    end: int
    citation: str
