"""What a question takes for granted: that something was raised, ended or is 500 yuan; the notice must say it too."""

from __future__ import annotations

import re

from assistant.reading import NoticeReading
from store.words import has_chinese

# Words for one and the same change: the notice may use another of them than the question.
_CHANGES = tuple(
    re.compile(rf"(?i)\b(?:{english})|{chinese}")
    for english, chinese in (
        (r"doubl(?:e|ed|es|ing)\b|twice\b", "翻[了一]*番|两倍|加倍"),
        (r"rais(?:e|es|ed|ing)\b|increas\w*|rise[sn]?\b|rose\b|higher\b|uplift\w*", "提高|增加|上调|增长"),
        (
            r"cut(?:s|ting)?\b|reduc\w+|lower\w*|decreas\w+|f[ae]ll(?:s|en)?\s+(?:in|by|to|from|below)\b",
            "减少|降低|下调|削减|压减",
        ),
        (
            r"abolish\w*|scrap\w*|stop(?:s|ped|ping)?\b|ceas\w+|cancel\w*|withdr[ae]w\w*|discontinu\w+|repeal\w*|end(?:s|ed|ing)?\b"
            r"|clos(?:e|es|ed|ing|ure)\b|no longer\b",
            "取消|废止|停止|终止|撤销|失效|结束|关闭|不再",
        ),
    )
)
_SUM = re.compile(r"[£$€¥￥]\s?(\d[\d,]*)|(\d[\d,]*)\s*(?:yuan|pounds?|dollars?|euros?|per\s?cent|[%％]|[万亿]?元)")
_TAKES_FOR_GRANTED = re.compile(
    r"(?i)\b(?:why|who|when|by\s+how\s+much|how\s+long|what\s+(?:is|was)\s+the\s+reason)\b|为什么|为何|谁|何时|什么时候|多久|幅度"
)


def is_borne_out(question: str, notice: NoticeReading) -> bool:
    """Whether a notice speaks of the change that a question takes for granted, and gives the sums that it names.

    "Why was the fee raised?" takes for granted that it was: a notice that speaks of no raise does not
    answer. In the other language only sums are compared.
    """
    sums = [first or second for first, second in _SUM.findall(question)]
    if not all(_write_sum(value).search(notice.told) for value in sums):
        return False
    if not _TAKES_FOR_GRANTED.search(question) or has_chinese(question) != (notice.card.language == "zh"):
        return True
    return all(change.search(notice.told) for change in _CHANGES if change.search(question))


def _write_sum(value: str) -> re.Pattern[str]:
    """A pattern for a sum, with its commas or without."""
    return re.compile(rf"(?<!\d){',?'.join(value.replace(',', ''))}(?!\d)")
