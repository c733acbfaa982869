"""A large desk made of the samples: their real passages, drawn anew, with their vectors a little disturbed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.types import Notice, NoticeCard, Passage, Sentence, Span
from ingest.pipeline import ingest
from ingest.progress import ProgressBar
from ingest.readers import Limits
from ingest.sentences import parse_sentences
from store.archive import Archive
from store.catalogue import Entry, digest_text, name_notice
from store.embedder import Detail, Embedded, Embedder

# A notice has so many passages, and so many passages are made and written together.
NOTICE, BATCH = 10, 2000
# Which years have which shares of the desk; what is left is spread over the years before.
SHARES = ((2020, 0.001), (2021, 0.03), (2022, 0.28), (2023, 0.61))
_EARLIER = range(2000, 2020)
# Coprime with a thousand: each thousand notices in a row hold every share exactly.
_STRIDE, _CYCLE = 617, 1000
_NOISE = 0.02
_SAMPLES = Path(__file__).parent.parent / "corpus"
_LIMITS = Limits(50_000_000, 200_000_000, 5000)


@dataclass(frozen=True, slots=True)
class Stock:
    """Real passages of the samples from which the desk is made: texts, sentences, languages, vectors and details."""

    texts: list[str]
    sentences: list[list[Sentence]]
    languages: list[str]
    embedded: Embedded


def read_stock(folder: Path, embedder: Embedder, bar: ProgressBar) -> Stock:
    """The samples, ingested into a store in `folder` and embedded."""
    archive = Archive(folder, embedder)
    ingest([_SAMPLES], archive, _LIMITS, prune=False, progress=bar)
    entries = [archive.entry(card.notice_id) for card in archive.catalogue.cards()]
    embedded = archive.embed(entries)
    archive.close()
    texts = [passage.text for entry in entries for passage in entry.passages]
    languages = [entry.notice.card.language for entry in entries for _ in entry.passages]
    return Stock(texts, [parse_sentences(text) for text in texts], languages, embedded)


def make_batch(stock: Stock, first: int) -> tuple[list[Entry], Embedded]:
    """The passages from number `first` on, as notices with vectors and details; the same at each call."""
    random = np.random.default_rng((20231, first))
    pools = [[n for n, language in enumerate(stock.languages) if language == name] for name in ("en", "en", "zh")]
    entries: list[Entry] = []
    chosen: list[int] = []
    for place in range(first // NOTICE, (first + BATCH) // NOTICE):
        drawn = random.choice(pools[random.integers(len(pools))] or pools[0], NOTICE).tolist()
        entries.append(_make_notice(stock, place, drawn, random))
        chosen += drawn
    vectors = stock.embedded.vectors[chosen] + random.normal(0, _NOISE, (len(chosen), 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return entries, Embedded(vectors, tuple(_disturb(stock.embedded.details[n], random) for n in chosen))


def _draw_year(place: int, random: np.random.Generator) -> int:
    at = place * _STRIDE % _CYCLE / _CYCLE
    for year, share in SHARES:
        if at < share:
            return year
        at -= share
    return int(random.choice(_EARLIER))


def _make_notice(stock: Stock, place: int, drawn: Sequence[int], random: np.random.Generator) -> Entry:
    title = f"Notice {place}"
    text = "\n\n".join((title, *(stock.texts[n] for n in drawn)))
    notice_id, year, language = name_notice(text), _draw_year(place, random), stock.languages[drawn[0]]
    card = NoticeCard(
        notice_id, f"{place}.txt", title, "Bureau", "", str(year), year, language, digest=digest_text(text)
    )
    passages: list[Passage] = []
    sentences = list(parse_sentences(title))
    at = len(title) + 2
    for ordinal, n in enumerate(drawn):
        body = stock.texts[n]
        passages.append(Passage(f"{notice_id}:{ordinal}", notice_id, ordinal, Span(at, at + len(body)), body))
        sentences += [_move(sentence, len(sentences), at) for sentence in stock.sentences[n]]
        at += len(body) + 2
    return Entry(Notice(card, text), tuple(passages), tuple(sentences))


def _move(sentence: Sentence, before: int, at: int) -> Sentence:
    """A sentence of a passage as it stands in its notice, after so many others."""
    span = Span(sentence.span.start + at, sentence.span.end + at)
    head = None if sentence.head is None else sentence.head + before
    return replace(sentence, ordinal=sentence.ordinal + before, span=span, head=head)


def _disturb(detail: Detail, random: np.random.Generator) -> Detail:
    noise, one, other, last = random.integers(0, 256, (4, *detail.signs.shape), dtype=np.uint8)
    return replace(detail, signs=detail.signs ^ (noise & one & other & last))
