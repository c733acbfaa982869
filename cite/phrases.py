"""What an export says in words of its own, in English and Chinese."""

from __future__ import annotations

_PHRASES = {
    "en": {
        "references": "References",
        "sources": "Sources",
        "exported": "Exported on {date}",
        "note": "note {number}",
        "again": "See note {number}.",
        "see": "See",
        "open": "Source text",
        "withheld": "{count} of the sentences are left out here, since their words are not those of their sources.",
        "withheld_one": "One sentence is left out here, since its words are not those of its source.",
    },
    "zh": {
        "references": "参考文献",
        "sources": "出处",
        "exported": "导出日期：{date}",
        "note": "注{number}",
        "again": "同注{number}。",
        "see": "见",
        "open": "查看原文",
        "withheld": "此处略去{count}句：其文字与出处不符。",
        "withheld_one": "此处略去一句：其文字与出处不符。",
    },
}


def say(phrase: str, language: str) -> str:
    """A phrase in Chinese ("zh"), else in English; what stands in braces is to be filled in."""
    return _PHRASES["zh" if language == "zh" else "en"][phrase]
