"""What a notice says of others: which it replaces, repeals, amends or forwards, and with which sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.types import LinkKind, NoticeCard, Sentence, SentenceKind, Span
from ingest.mentions import Mention, find_groups, find_mentions, mask_names
from ingest.relation_words import find_kind_of_list, find_kinds, may_relate
from ingest.resemblance import mark, sign
from store.names import name_terms
from store.traces import Relation, Trace
from store.words import name_language

# Raised by one whenever other relations, signatures or marks are found: notices are then examined again.
RULES_VERSION = "1"
# A list and the sentence that opens it are quoted together up to this length.
_LONGEST_QUOTE = 420
_LONGEST_SENTENCE = 3000
# Of a book so much is compared with others: some 150 pages, and never more memory than that takes.
_COMPARED = 500_000
_LONGEST_NAME = 300
# What a title says that its notice does to another: 转发……的通知, 关于修改《……》的决定, "Notice Forwarding the …".
_TITLE_FORWARDS = re.compile(r"(?:^|关于|厅|局|部|委|会|府|室|院)转发(?P<named>.+?)的?(?:通知|函)?$")
_TITLE_AMENDS = re.compile(r"关于修[改订](?P<named>《.+》)的(?:决定|通知|决议)")
_TITLE_REPEALS = re.compile(r"关于废止(?P<named>《.+》)的?(?:决定|通知|公告)")
_TITLES = (
    (LinkKind.forwards, _TITLE_FORWARDS),
    (LinkKind.amends, _TITLE_AMENDS),
    (LinkKind.repeals, _TITLE_REPEALS),
)


def trace_notice(card: NoticeCard, text: str, sentences: Sequence[Sentence]) -> Trace:
    """All that links a notice with others; the same whatever else is in the store."""
    # The text's own language, not the card's: copies of one notice are compared whatever a table says of them.
    opening = text[:_COMPARED]
    language = name_language(opening)
    signature = sign(opening, language)
    marks, characters = mark(opening, language, signature)
    return Trace(RULES_VERSION, tuple(find_relations(card, text, sentences)), signature, marks, characters)


def find_relations(card: NoticeCard, text: str, sentences: Sequence[Sentence]) -> list[Relation]:
    """What each sentence says of other notices, and what the title says, each name once a kind; in order."""
    found: dict[tuple[LinkKind, frozenset[str]], Relation] = {}
    said = list(_of_sentences(text, sentences))
    # A sentence names more exactly than the title what is forwarded.
    titled = [relation for relation in _of_title(card, text) if relation.kind not in {other.kind for other in said}]
    for relation in sorted([*said, *titled], key=lambda relation: relation.span):
        found.setdefault((relation.kind, relation.terms), relation)
    return list(found.values())


def _of_sentences(text: str, sentences: Sequence[Sentence]) -> Iterator[Relation]:
    lists: dict[int, LinkKind] = {}
    spans = {sentence.ordinal: sentence.span for sentence in sentences}
    for sentence in sentences:
        words = sentence.span.of(text)[:_LONGEST_SENTENCE]
        if sentence.head in lists and sentence.kind in (SentenceKind.point, SentenceKind.row):
            span = Span(spans[sentence.head].start, sentence.span.end)
            said = span if len(span) <= _LONGEST_QUOTE else sentence.span
            for mention in find_mentions(words):
                yield _relate(lists[sentence.head], words, mention, said)
        elif may_relate(words):
            if (kind := find_kind_of_list(words)) is not None:
                lists[sentence.ordinal] = kind
            yield from _of_words(words, sentence.span)


def _of_words(words: str, said: Span) -> Iterator[Relation]:
    groups = find_groups(words)
    masked = mask_names(words, groups)
    for group in groups:
        before, after = masked[: group[0].span.start], masked[group[-1].span.end :]
        for kind in find_kinds(before, after):
            for mention in group:
                yield _relate(kind, words, mention, said)


def _of_title(card: NoticeCard, text: str) -> Iterator[Relation]:
    place = re.search(r"\s*".join(map(re.escape, re.sub(r"\s", "", card.title))), text[:_LONGEST_SENTENCE])
    if place is None or place.start() == place.end():
        return
    for kind, pattern in _TITLES:
        if match := pattern.search(card.title):
            named = match.group("named")
            terms = name_terms(named) | (name_terms(f"{named}的通知") if kind is LinkKind.forwards else frozenset())
            yield Relation(kind, named[:_LONGEST_NAME], terms, Span(*place.span()))


def _relate(kind: LinkKind, words: str, mention: Mention, said: Span) -> Relation:
    return Relation(kind, mention.span.of(words)[:_LONGEST_NAME], mention.terms, said)
