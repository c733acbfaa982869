"""Turns text into index terms: stemmed English, Chinese words, numbers and document numbers whole."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"

# Document numbers (教基厅〔2021〕3号, No. 12 [2021]), figures with separators (3,600; 2.5; 1/300), words, Chinese runs.
_TOKEN = re.compile(
    rf"(?P<wenhao>[{CJK}]{{1,12}}[〔\[［【(（]\d{{4}}[〕\]］】)）]\s*第?\d+\s*号)"
    r"|(?P<serial>[Nn]o\.?\s?\d{1,4}\s?[〔\[(]\d{4}[〕\])])"
    r"|(?P<number>\d+(?:[.,:/]\d+)*)"
    rf"|(?P<word>[^\W\d_{CJK}]+(?:['’][^\W\d_{CJK}]+)?)"
    rf"|(?P<chinese>[{CJK}]+)",
    re.UNICODE,
)

_SCHOOL_YEAR = re.compile(r"((?:19|20)\d{2})/(?:\d{2}|\d{4})")

_ENGLISH_STOP = frozenset(
    """a about above after again all also am an and any are as at be because been before being
    between both but by can could did do does doing during each either for from further had has have
    having he her here hers him his how i if in into is it its itself just let may me might more most
    must my no nor not now of off on once only or other our out over own per same shall she should so
    some such than that the their them then there these they this those through to too under until up
    upon us very via was we were what when where which while who whom whose why will with would you
    your say says said tell according many much please mentioned stated""".split()
)
_CHINESE_STOP = frozenset(
    """的 了 和 与 及 或 在 是 为 对 于 由 以 从 到 把 被 向 就 都 而 也 还 有 这 那 其 该 等 之 所 并 且 谁 什么
    哪 哪些 哪个 哪里 何 何时 怎么 怎样 如何 多少 几 吗 呢 吧 啊 请 问 请问 我 你 您 他 她 它 我们 你们 他们 是否
    可以 需要 应该 应 要 将 会 能 能否 关于 根据 按照 进行 提出 提到 哪年 哪一年 什么时候 哪几 一个 个 项 时候 哪家
    哪位 位 家 时间 地方 地点 中 上 下""".split()
)
_STEMMER = snowballstemmer.stemmer("english")


@lru_cache(maxsize=1)
def _load_segmenter():  # type: ignore[no-untyped-def]
    """jieba's tokenizer, its dictionary read once (about a second) at the first Chinese text."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return jieba


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


def _chinese_words(run: str) -> list[str]:
    return [str(word) for word in _load_segmenter().cut_for_search(run)]


def has_chinese(text: str) -> bool:
    """Whether any character of `text` is a Chinese one."""
    return re.search(f"[{CJK}]", text) is not None


def name_language(text: str) -> str:
    """'zh' where at least a sixth of the letters of `text` are Chinese characters, else 'en'."""
    chinese = len(re.findall(f"[{CJK}]", text))
    letters = len(re.findall(r"[^\W\d_]", text))
    return "zh" if letters and chinese * 6 >= letters else "en"


def locate_terms(text: str) -> list[tuple[str, int, int]]:
    """(term, start, end) of the index terms of a text, document numbers and Chinese runs in parts only."""
    places: list[tuple[str, int, int]] = []
    for match in _TOKEN.finditer(text):
        start, run = match.start(), match.group()
        if match.lastgroup == "chinese":
            places += [(word, start + a, start + b) for word, a, b in _load_segmenter().tokenize(run)]
        else:
            places += [(term, start, match.end()) for term in _tokens(run)]
    return places


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        token = match.group()
        if match.lastgroup == "wenhao":
            yield re.sub(r"\s|第", "", re.sub(r"[\[［【(（]", "〔", re.sub(r"[\]］】)）]", "〕", token)))
            yield from _tokens(re.sub(r"[〔〕\[\]［］【】()（）]", " ", token))
        elif match.lastgroup == "serial":
            number, year = re.findall(r"\d+", token)
            yield f"no.{number}〔{year}〕"
            yield from (number, year)
        elif match.lastgroup == "number":
            yield token.replace(",", "")
            if school_year := _SCHOOL_YEAR.fullmatch(token):
                yield school_year.group(1)
        elif match.lastgroup == "chinese":
            yield from _chinese_words(token)
        else:
            yield _stem(re.sub(r"['’]s?$|['’]", "", token.lower()))


def index_terms(text: str) -> list[str]:
    """The terms under which `text` is found, in its order, with repetitions, stop words kept.

    English is stemmed by Snowball's English stemmer (Porter 2), Chinese is cut by jieba in search
    mode, document numbers such as 教基厅〔2021〕3号 stand whole and in parts.
    """
    return [term for term in _tokens(text) if term]


_STOP_TERMS = frozenset(_stem(word) for word in _ENGLISH_STOP) | _CHINESE_STOP


def is_stop_word(word: str) -> bool:
    """Whether a word says nothing by itself, in English or Chinese."""
    return word.lower() in _ENGLISH_STOP or word in _CHINESE_STOP


def content_terms(text: str) -> list[str]:
    """The terms of `text` that carry meaning: without stop words and repetitions, in order."""
    return [term for term in dict.fromkeys(index_terms(text)) if term not in _STOP_TERMS]
