"""What obligations are about: those of a desk in clusters, each named by its most telling words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from store.archive import Archive
from store.topics import Place, read_topics, write_topics
from store.words import content_terms, has_chinese, index_terms, is_stop_term, locate_terms, name_language

# Raised by one whenever the same obligations get other topics: those that are kept are thrown away then.
TOPICS_RULES = "1"
# So many words name a topic.
_NAMING = 3
# One topic for so many obligations at the square: 100 make 5, 10,000 make 50.
_DENSITY, _MOST = 2.0, 60
_DIMENSIONS = 64
# Clusters are found among so many, spread over all; the others join the nearest.
_FITTED = 20_000
# What more than this share of them have is no topic's, unless there are but a few.
_COMMON, _FEWEST = 0.25, 12
# Words that every obligation may have say nothing of its matter.
_BINDING = """应当 必须 不得 可以 加强 建立 开展 进行 有关 相关 规定 要求 积极 进一步 工作 落实 推进 完善 制度
    各级 各类 情况 组织 实施 责任 提高 充分 确保 鼓励 支持 以及 负责 按照 依法 部门 推动 机制 作为 纳入 或者
    以上 其他 主要 结合 形式 阶段 多种 单位 应该 必要 具有 符合 下列 条件 加大 发挥 作用 力度
    must shall should may required make ensure following include provide use take set keep new able need"""
_known: dict[tuple[Path, int], Mapping[Place, str]] = {}
_lock = Lock()


def find_topics(archive: Archive) -> Mapping[Place, str]:
    """The name of the topic of each obligation of the desk; '' for none. The same for the same notices.

    It is found once for each generation of the archive, and kept with the store and in memory until the next.
    """
    key = (archive.folder, archive.catalogue.generation)
    with _lock:
        if key not in _known:
            for old in [known for known in _known if known[0] == archive.folder]:
                del _known[old]
            _known[key] = _recall(archive)
        return _known[key]


def _recall(archive: Archive) -> Mapping[Place, str]:
    """The topics that the store keeps, where they are those of its obligations now; else found, and kept."""
    generation = archive.catalogue.generation
    kept = read_topics(archive.folder, TOPICS_RULES, generation)
    # A catalogue that was put back from a copy may be at a generation that another was at before.
    if kept is not None and kept.keys() == set(archive.catalogue.obligation_places()):
        return kept
    found = _name_topics(archive)
    # What another process writes while these are found makes them those of no generation.
    if archive.catalogue.generation == generation:
        write_topics(archive.folder, TOPICS_RULES, generation, found)
    return found


def fits_topic(name: str, asked: str) -> bool:
    """Whether a topic is the one asked for: its name, or any word of it, in whatever form of the word."""
    if asked.casefold() == name.casefold():
        return True
    return bool(set(content_terms(asked)) & set(content_terms(name)))


def _name_topics(archive: Archive) -> dict[Place, str]:
    quotes: dict[Place, str] = {}
    for notice_id, found in archive.catalogue.obligations().items():
        text = archive.catalogue.text(notice_id)
        quotes |= {(notice_id, each.ordinal): each.span.of(text) for each in found}
    terms = _drop_common([[term for term, *_ in locate_terms(quote) if _tells(term)] for quote in quotes.values()])
    clusters = _cluster(terms)
    names = _name_clusters(list(quotes.values()), terms, clusters)
    return {place: names[int(cluster)] for place, cluster in zip(quotes, clusters, strict=True)}


def _drop_common(terms: Sequence[list[str]]) -> list[list[str]]:
    """The terms without those that so many obligations have that they part none."""
    spread = Counter(term for row in terms for term in set(row))
    most = max(len(terms) * _COMMON, _FEWEST)
    return [[term for term in row if spread[term] <= most] for row in terms]


@lru_cache(maxsize=1)
def _list_binding() -> frozenset[str]:
    return frozenset(term for word in _BINDING.split() for term in index_terms(word))


@lru_cache(maxsize=65536)
def _tells(term: str) -> bool:
    """Whether a term may tell what an obligation is about: no stop word, no figure, no single Chinese character."""
    if len(term) < 2 or not term.isalpha() or term.startswith("第"):
        return False
    return not is_stop_term(term) and term not in _list_binding()


def _cluster(terms: Sequence[Sequence[str]]) -> NDArray[np.int64]:
    """The cluster of each list of terms: spherical k-means over their TF-IDF, reduced by latent semantic analysis."""
    total = min(_MOST, round(math.sqrt(len(terms)) / _DENSITY))
    if total < 2 or len({term for row in terms for term in row}) < 2:
        return np.zeros(len(terms), np.int64)
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    weighed = TfidfVectorizer(analyzer=list, sublinear_tf=True).fit_transform(terms)
    fitted = slice(None, None, math.ceil(len(terms) / _FITTED))
    dimensions = min(_DIMENSIONS, weighed.shape[1] - 1, weighed.shape[0] - 1)
    reducer = TruncatedSVD(max(1, dimensions), random_state=0).fit(weighed[fitted])
    points = normalize(reducer.transform(weighed))
    means = MiniBatchKMeans(total, random_state=0, n_init=3).fit(points[fitted])
    return np.asarray(means.predict(points), np.int64)


def _name_clusters(
    quotes: Sequence[str], terms: Sequence[Sequence[str]], clusters: NDArray[np.int64]
) -> dict[int, str]:
    """A name for each cluster: the words that most of its obligations have and few others, as they are written most."""
    spread = Counter(term for row in terms for term in set(row))
    members: dict[int, list[int]] = {}
    for place, cluster in enumerate(clusters):
        members.setdefault(int(cluster), []).append(place)
    names: dict[int, str] = {}
    for cluster, places in members.items():
        chinese = sum(name_language(quotes[place]) == "zh" for place in places) * 2 >= len(places)
        inside = Counter(term for place in places for term in set(terms[place]) if has_chinese(term) is chinese)
        ranked = sorted(inside, key=lambda term: (-inside[term] * math.log(1 + len(terms) / spread[term]), term))
        chosen = _drop_parts(ranked)[:_NAMING]
        separator = "、" if chinese else ", "
        names[cluster] = separator.join(_write_out(term, [quotes[place] for place in places]) for term in chosen)
    return names


def _drop_parts(ranked: Sequence[str]) -> list[str]:
    """The first terms, without those that are a part of one before or hold it: 教师, 美育教师."""
    kept: list[str] = []
    for term in ranked[: _NAMING * 4]:
        if not any(term in other or other in term for other in kept):
            kept.append(term)
    return kept


def _write_out(term: str, quotes: Sequence[str]) -> str:
    """The word that stands most often for a stemmed term."""
    if has_chinese(term):
        return term
    words = Counter(word for quote in quotes for word in quote.lower().split() if index_terms(word) == [term])
    word = min(words, key=lambda word: (-words[word], word), default=term)
    return word.strip(".,;:()[]\"'“”‘’•*-") or term
