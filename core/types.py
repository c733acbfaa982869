"""The domain's values: notices, passages, sentences, hits, citations and answers, all frozen."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A half-open range [start, end) of Unicode code points in a notice's canonical text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}-{self.end}")

    def of(self, text: str) -> str:
        """The characters of `text` that the span covers."""
        return text[self.start : self.end]

    def of_offset(self, text: str, offset: int) -> str:
        """The characters that the span covers where `text` begins at `offset` of the notice."""
        return text[self.start - offset : self.end - offset]

    def holds(self, other: Span) -> bool:
        """Whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two have a character in common."""
        return self.start < other.end and other.start < self.end

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a paginated notice; `number` counts from 1 as the reader's viewer does."""

    number: int
    span: Span


class Origin(StrEnum):
    """Where a value of a card is from: the table, the file's own properties, its text, its path; '' for no value."""

    sources = "sources.csv"
    file = "file"
    text = "text"
    path = "path"
    nowhere = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the values of a card with these names are from."""

    title: Origin = Origin.nowhere
    issuer: Origin = Origin.nowhere
    number: Origin = Origin.nowhere
    issued_on: Origin = Origin.nowhere
    meeting_on: Origin = Origin.nowhere
    in_force_on: Origin = Origin.nowhere
    repealed_on: Origin = Origin.nowhere
    year: Origin = Origin.nowhere


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a notice; `number` counts from 1 what is neither heading nor table row, None for these.

    `clause` is the numbered part of the notice that it belongs to, as the notice numbers it: "第三条",
    "Section 5(1)(a)", "3.2"; "" where it is in none.
    """

    number: int | None
    span: Span
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """Where in a notice something stands, as a reader finds it: clause, paragraph, page; each if there is one."""

    clause: str = ""
    paragraph: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """What is known about a notice, without its text.

    `issued_on` is ISO 8601, complete or not: "2023", "2023-03" or "2023-03-15"; "" if unknown. So are
    `meeting_on`, the day of the meeting that it reports on or calls, `in_force_on`, from which it holds,
    and `repealed_on`, until which; `accessed_on` is the day on which the file was read, or taken from `url`.
    `provenance` says where each value is from.
    `year` is the year that the notice belongs to, None if unknown. `path` is relative to the
    folder named at ingest. `digest` is the SHA-256 of the canonical text.
    """

    notice_id: str
    path: str
    title: str
    issuer: str = ""
    number: str = ""
    issued_on: str = ""
    year: int | None = None
    language: str = "en"
    url: str = ""
    licence: str = ""
    digest: str = ""
    meeting_on: str = ""
    in_force_on: str = ""
    repealed_on: str = ""
    accessed_on: str = ""
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice: its card, its canonical text, its pages where the format has them, and its paragraphs in order."""

    card: NoticeCard
    text: str
    pages: tuple[Page, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()

    def page_of(self, span: Span) -> int | None:
        """The number of the page on which `span` begins, None where there are no pages."""
        for page in self.pages:
            if page.span.start <= span.start < page.span.end:
                return page.number
        return None

    def locate(self, span: Span) -> Pinpoint:
        """Where `span` begins."""
        after = bisect_right(self.paragraphs, span.start, key=lambda paragraph: paragraph.span.start)
        paragraph = self.paragraphs[after - 1] if after else Paragraph(None, Span(0, 0))
        return Pinpoint(paragraph.clause, paragraph.number, self.page_of(span))

    def cite(self, label: int, span: Span) -> Citation:
        """A citation of the words of `span`."""
        return Citation(label, self.card, span, span.of(self.text), self.locate(span))


class SentenceKind(StrEnum):
    """What a sentence is in the build of its notice."""

    sentence = "sentence"
    heading = "heading"
    point = "point"
    row = "row"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, heading, table row or list point of a notice.

    `ordinal` counts from 0 in the notice; `head` is the ordinal of the sentence that opens the
    list to which a point belongs, or the first row of a row's table; None elsewhere. `item` is the
    place of a point in its list, from 0: the sentences of one item share it.
    """

    ordinal: int
    span: Span
    kind: SentenceKind
    head: int | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a notice that is embedded and searched as one; `text` is its canonical text."""

    passage_id: str
    notice_id: str
    ordinal: int
    span: Span
    text: str


class Strength(StrEnum):
    """How a notice binds: a duty, advice, a permission, a prohibition."""

    must = "must"
    should = "should"
    may = "may"
    must_not = "must_not"


@dataclass(frozen=True, slots=True)
class Obligation:
    """What a sentence of a notice asks of somebody; `ordinal` and `span` are that sentence's.

    `bound` is who is bound, in the words of the sentence or of the head of its list, '' if they do not say.
    `due` is ISO 8601, complete or not: the day, month or year by which; '' if none is set. `year` is the one
    that it is about: that in which it is to be done or begins to hold, else the notice's own. `exhorts` is
    True for a speaker's general call, which binds nobody to a particular thing.
    """

    ordinal: int
    span: Span
    strength: Strength
    bound: str = ""
    due: str = ""
    year: int | None = None
    exhorts: bool = False


class LinkKind(StrEnum):
    """What one notice is to another; `amends` repeals or replaces it in part, `version_of` is of a later year."""

    replaces = "replaces"
    repeals = "repeals"
    amends = "amends"
    forwards = "forwards"
    resembles = "resembles"
    version_of = "version_of"


@dataclass(frozen=True, slots=True)
class Link:
    """That a notice is of some kind to another: `to_id`, None where the one named is not in the store.

    `named` are the words that name it, '' where none do; `span` is the sentence of `notice_id` that says so,
    None where nothing does. `measure`, 0 to 1, is how much of their words the two share, None where that was
    not asked: the Jaccard similarity, or what of the shorter one the longer one holds.
    """

    notice_id: str
    kind: LinkKind
    to_id: str | None
    named: str = ""
    span: Span | None = None
    measure: float | None = None


class YearReading(StrEnum):
    """How a passage has to do with the years that a question names: its notice is of one, or it speaks of one."""

    of_year = "of_year"
    speaks_of_year = "speaks_of_year"
    neither = "neither"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found, with its notice; scores compare within one search only.

    `reading` is None where the question names no year.
    """

    passage: Passage
    card: NoticeCard
    score: float
    reading: YearReading | None = None


class Status(StrEnum):
    """How an answer ended; `model_failed` is the notices' own sentences in place of a chat model's."""

    answered = "answered"
    partly = "partly"
    no_evidence = "no_evidence"
    out_of_scope_year = "out_of_scope_year"
    model_failed = "model_failed"


class Fallback(StrEnum):
    """Why a chat model's draft is not shown, or not whole (stopped by the user), although it was asked."""

    late = "late"
    unreachable = "unreachable"
    not_admitted = "not_admitted"
    broken = "broken"
    unproved = "unproved"
    no_answer = "no_answer"
    stopped = "stopped"


@dataclass(frozen=True, slots=True)
class Citation:
    """A label in an answer, bound to a span of a notice; `quote` is the text of that span, `place` where it begins."""

    label: int
    card: NoticeCard
    span: Span
    quote: str
    place: Pinpoint = Pinpoint()


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence that is shown, with the labels of the citations that prove it.

    `quoted` is False for a chat model's own words, which its citations say but do not spell.
    """

    text: str
    labels: tuple[int, ...]
    kind: SentenceKind = SentenceKind.sentence
    quoted: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A span of a notice."""

    notice_id: str
    span: Span


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sentence that was drafted and not shown, with the reason in plain English.

    `fault` is the kind of fault that was found; `nearest` is where a notice says what comes nearest,
    None where nothing does; `words` are those that the source lacks, '' where none is.
    """

    text: str
    reason: str
    fault: str = ""
    nearest: Place | None = None
    words: str = ""


class CaveatKind(StrEnum):
    """What a reader must know beside an answer."""

    superseded = "superseded"
    amended = "amended"
    differ = "differ"
    garbled = "garbled"
    respelt = "respelt"


@dataclass(frozen=True, slots=True)
class Caveat:
    """Something to know about the quotes with these labels; `by` is the label of the quote that says so, if one does.

    superseded: a later notice repeals or replaces the one quoted; amended: a part of it; differ: two
    notices give different figures for the same thing; garbled: the words are broken in the source, and
    quoted as they stand; respelt: a name in the question was read as another, `words` are (typed, read).
    """

    kind: CaveatKind
    labels: tuple[int, ...]
    by: int | None = None
    words: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Searched:
    """What an answer was looked for in: the number of notices, and their years, ascending.

    Where years were asked for and no answer was found, `asked_years` are they, and `listed` the notices of these
    years, by date; all that were searched where none is of them. `only_years`, `issuers` and `language` are the
    filters that were set; what is empty left out nothing.
    """

    notices: int
    years: tuple[int, ...]
    asked_years: tuple[int, ...] = ()
    listed: tuple[NoticeCard, ...] = ()
    only_years: tuple[int, ...] = ()
    issuers: tuple[str, ...] = ()
    language: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether a filter was set."""
        return bool(self.only_years or self.issuers or self.language)


@dataclass(frozen=True, slots=True)
class Further:
    """What was required beside what is quoted: so many requirements, of so many notices.

    They are those of `years` (all if empty), of these strengths, that bind `bound` ('' for anybody).
    """

    requirements: int
    notices: int
    years: tuple[int, ...] = ()
    strengths: tuple[Strength, ...] = ()
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, proved: each sentence shown has labels, each label resolves to a citation.

    `missing` names the parts of the question for which nothing was found (status partly);
    `nearest` are the passages that came nearest where the notices do not say. `confidence` is the
    calibrated probability, 0 to 1, that the notices answer. `model` names the chat model that drafted
    what is shown, "extractive" where that is the notices' own sentences; `fallback` says why it is,
    where a chat model was asked, or that its draft was stopped and what is shown is not whole. `further` is
    what else was recorded as required, None where that was not asked.
    """

    question: str
    language: str
    status: Status
    searched: Searched
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    missing: tuple[str, ...] = ()
    nearest: tuple[Hit, ...] = field(default=())
    confidence: float = 0.0
    caveats: tuple[Caveat, ...] = ()
    model: str = "extractive"
    fallback: Fallback | None = None
    further: Further | None = None
