"""Turns text into index terms: stemmed English, Chinese words, numbers, document numbers and codes whole."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
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

_NOT_PLAIN = re.compile(r"[^\x00-\x7f]|[\d']")
_PLAIN_WORD = re.compile(r"[a-z]+")
# Longer than any run in a passage, so that no index term depends on it.
_LONGEST_RUN = 1000
_SCHOOL_YEAR = re.compile(r"((?:19|20)\d{2})/(?:\d{2}|\d{4})")
_OPEN, _CLOSE = "[〔﹝\\[［【(（]", "[〕﹞\\]］】)）]"
# How notices are numbered and coded. `_TOKEN` knows the commonest of these; what it does not keep
# whole is found here and stands beside its parts.
_NUMBER = re.compile(
    rf"(?P<organ>[{CJK}]{{0,12}}){_OPEN}\s?(?P<year>\d{{4}})\s?{_CLOSE}\s?第?\s?(?P<place>\d{{1,5}})\s?号"
    rf"|(?<![A-Za-z])[Nn][Oo]\.?\s?(?P<serial>\d{{1,5}})"
    rf"\s?(?:{_OPEN}\s?(?P<in_brackets>\d{{4}})\s?{_CLOSE}|(?:of\s|/\s?)(?P<of>(?:19|20)\d{{2}})(?!\d))"
    rf"|{_OPEN}\s?(?P<first>\d{{4}})\s?{_CLOSE}\s?[Nn]o\.?\s?(?P<second>\d{{1,5}})(?!\d)"
    r"|(?<!\d)(?P<yearly>(?:19|20)\d{2})\s?年第\s?(?P<ordinal>\d{1,5})\s?号"
    r"|令\s?第?\s?(?P<order>\d{1,4})\s?号"
    r"|(?<![A-Za-z0-9_-])(?P<code>(?=[A-Za-z])(?:[A-Z0-9]{1,12}(?:[-‐‑][A-Z0-9]{1,12}){1,5}"
    r"|(?=[A-Za-z‐‑-]{0,60}\d)[A-Za-z0-9]{1,12}(?:[-‐‑][A-Za-z0-9]{1,12}){1,5}))(?![A-Za-z0-9_-])"
    r"|(?<![A-Za-z0-9_-])(?P<letters>(?!RMB|CNY|USD|EUR|GBP|HKD)[A-Z]{2,5})"
    r"(?:\s(?!(?:19|20)\d{2}(?!\d)))?(?P<figures>\d{3,8})(?![A-Za-z0-9_]|[.,]\d)"
    r"|(?<![A-Za-z])(?P<house>[HhSs])(?:ouse|OUSE|enate|ENATE)\s[Bb](?:ill|ILL)\s(?P<bill>\d{1,5})(?!\d)"
    r"|(?<=[Pp]olicy )(?P<policy>[A-Z]{2,6})(?![A-Za-z0-9_])"
    r"|(?P<wide>[０-９]+)"
)
# What stands in every number and code; most sentences, also of those with figures, have none of it.
_MAY_NUMBER = re.compile(
    r"[〔﹝\[［【(（]\s?\d{4}|[Nn][Oo]\.?\s?\d|年第|令\s?第?\s?\d|[A-Za-z0-9][-‐‑][A-Za-z0-9]|[A-Z]{2}\s?\d|[Bb](?:ill|ILL)\s\d"
    r"|olicy [A-Z]|[０-９]"
)
_WIDE_FIGURES = str.maketrans("０１２３４５６７８９", "0123456789")
# What may stand before the letters of an issuer's office, without a space: 根据教基厅〔2021〕3号.
_LEADS_IN = re.compile(
    ".*(?:关于|根据|按照|依据|依照|遵照|参照|贯彻|落实|执行|转发|印发|通知|文件|意见|规定|废止|文号|请问|一下|以及|还有"
    "|什么|这个|那个|和|与|及|的|对|在|见|据|按|由|以|于|给|将|是|为|说|讲|请|问|查|找|看|读|该)"
)

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
_PLACE = r".{2,}(?:省|市|县|区|州|大学|学院)"
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


# Half of the runs of a desk stand in it more than once: the set phrases of its notices.
@lru_cache(maxsize=65536)
def _chinese_words(run: str) -> tuple[str, ...]:
    segmenter = _load_segmenter()
    return tuple(str(word) for piece in _cut_run(run) for word in segmenter.cut_for_search(piece))


def _cut_run(run: str) -> list[str]:
    """A run of Chinese in pieces: jieba's time grows with the square of a run, and text without stops has no end."""
    return [run[first : first + _LONGEST_RUN] for first in range(0, len(run), _LONGEST_RUN)]


def has_chinese(text: str) -> bool:
    """Whether any character of `text` is a Chinese one."""
    return re.search(f"[{CJK}]", text) is not None


def name_language(text: str) -> str:
    """'zh' where at least a sixth of the letters of `text` are Chinese characters, else 'en'."""
    chinese = len(re.findall(f"[{CJK}]", text))
    letters = len(re.findall(r"[^\W\d_]", text))
    return "zh" if letters and chinese * 6 >= letters else "en"


@dataclass(frozen=True, slots=True)
class Number:
    """A document number or code in a text: its place, and the terms under which it is found whole.

    The first term is the number itself. `of_notice` is False for what is shaped like a code and
    seldom numbers a notice (COVID-19, K-12).
    """

    start: int
    end: int
    terms: tuple[str, ...]
    of_notice: bool


def find_numbers(text: str) -> list[Number]:
    """The numbers and codes of notices in `text`, in its order: 教基厅〔2021〕3号, No. 12 [2021], HB 2417, KD-REV."""
    return [number for number in _find_whole(text) if number.of_notice]


def _find_whole(text: str) -> Iterator[Number]:
    if _MAY_NUMBER.search(text) is None:
        return
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        found = {name: value.translate(_WIDE_FIGURES) for name, value in match.groupdict().items() if value}
        of_notice = True
        if "place" in found:
            organ = _LEADS_IN.sub("", found.get("organ", ""))
            start += len(found.get("organ", "")) - len(organ)
            bare = f"〔{found['year']}〕{found['place']}号"
            # Bare too: where words run into the letters of the office, the year and place still match.
            terms: tuple[str, ...] = (organ + bare, bare) if organ else (bare,)
        elif "serial" in found:
            terms = (f"no.{found['serial']}〔{found.get('in_brackets') or found['of']}〕",)
        elif "second" in found:
            terms = (f"no.{found['second']}〔{found['first']}〕",)
        elif "ordinal" in found:
            terms = (f"〔{found['yearly']}〕{found['ordinal']}号",)
        elif "order" in found:
            terms = (f"令{found['order']}号",)
        elif "code" in found:
            code = re.sub("[‐‑]", "-", found["code"])
            terms = (code.lower(),)
            of_notice = code.isupper() and (re.search(r"\d{3}", code) is not None or not re.search(r"\d", code))
        elif "letters" in found:
            terms = (found["letters"].lower() + found["figures"],)
        elif "bill" in found:
            terms = (f"{found['house'].lower()}b{found['bill']}",)
        elif "policy" in found:
            terms = (_stem(found["policy"].lower()),)
        else:
            terms, of_notice = (found["wide"],), False
        yield Number(start, end, terms, of_notice)


def find_places(text: str) -> list[str]:
    """The names of places in a Chinese text, as jieba's dictionary knows them, and universities."""
    import jieba.posseg

    _load_segmenter()
    words = [(pair.word, pair.flag) for pair in jieba.posseg.cut(text)]
    return [
        word
        for word, flag in words
        if len(word) >= 2 and ((flag == "ns" and not word.endswith("园")) or re.fullmatch(_PLACE, word))
    ]


def locate_terms(text: str) -> list[tuple[str, int, int]]:
    """(term, start, end) of the index terms of a text, document numbers and Chinese runs in parts only."""
    places: list[tuple[str, int, int]] = []
    for match in _TOKEN.finditer(text):
        start, run = match.start(), match.group()
        if match.lastgroup == "chinese":
            for piece in _cut_run(run):
                places += [(word, start + a, start + b) for word, a, b in _load_segmenter().tokenize(piece)]
                start += len(piece)
        else:
            places += [(term, start, match.end()) for term in _tokens(run)]
    return places


def _tokens(text: str) -> Iterator[str]:
    if _NOT_PLAIN.search(text) is None:
        # Most English sentences: the same, five times as fast.
        yield from map(_stem, _PLAIN_WORD.findall(text.lower()))
        return
    for match in _TOKEN.finditer(text):
        token = match.group()
        if match.lastgroup == "word":
            yield _stem(re.sub(r"['’]s?$|['’]", "", token.lower()) if "'" in token or "’" in token else token.lower())
        elif match.lastgroup == "wenhao":
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
        else:
            yield from _chinese_words(token)


def index_terms(text: str) -> list[str]:
    """The terms under which `text` is found, with repetitions, stop words kept: numbers and codes, then in its order.

    English is stemmed by Snowball's English stemmer (Porter 2), Chinese is cut by jieba in search
    mode, document numbers and codes such as 教基厅〔2021〕3号, HB 2417 and KD-REV stand whole and in
    parts, full-width figures as they are and as plain ones.
    """
    parts = [term for term in _tokens(text) if term]
    standing = frozenset(parts)
    whole = [term for number in _find_whole(text) for term in number.terms if term not in standing]
    return whole + parts


_STOP_TERMS = frozenset(_stem(word) for word in _ENGLISH_STOP) | _CHINESE_STOP


def is_stop_word(word: str) -> bool:
    """Whether a word says nothing by itself, in English or Chinese."""
    return word.lower() in _ENGLISH_STOP or word in _CHINESE_STOP


def is_stop_term(term: str) -> bool:
    """Whether an index term says nothing by itself."""
    return term in _STOP_TERMS


def content_terms(text: str) -> list[str]:
    """The terms of `text` that carry meaning: without stop words and repetitions, in order."""
    return [term for term in dict.fromkeys(index_terms(text)) if term not in _STOP_TERMS]
