"""What the desk says of a draft's statements, in English and Chinese: one plain sentence for each thing to know."""

from __future__ import annotations

from enum import StrEnum

from core.types import NoticeCard


class Remark(StrEnum):
    """Something that an official should know of a statement of his draft."""

    stands = "stands"
    reworded = "reworded"
    also = "also"
    elsewhere = "elsewhere"
    absent = "absent"
    unnamed = "unnamed"
    superseded = "superseded"
    amended = "amended"
    marks = "marks"
    figure = "figure"
    denial = "denial"
    duty = "duty"
    words = "words"
    limited = "limited"
    denied = "denied"
    passed = "passed"
    inserted = "inserted"
    joined = "joined"
    skipped = "skipped"
    clause = "clause"
    nowhere = "nowhere"
    unproved = "unproved"
    differs = "differs"


_REMARKS = {
    "en": {
        Remark.stands: "These words stand in the notice.",
        Remark.reworded: "It is said by the notice in other words.",
        Remark.also: "The same words stand in {count} other notice(s) on the desk.",
        Remark.elsewhere: "It stands in {card}, not in the notice that the draft names.",
        Remark.absent: "The notice that the draft names ({words}) is not on the desk.",
        Remark.unnamed: "The draft names no notice that is known; it stands in {card}.",
        Remark.superseded: "The notice was repealed or replaced by {card}.",
        Remark.amended: "A part of the notice was repealed or replaced by {card}; see whether it is this one.",
        Remark.marks: "Only punctuation differs.",
        Remark.figure: "A figure or date differs.",
        Remark.denial: "A denial (such as “not”) was left out or put in.",
        Remark.duty: "What must, should or may be done differs.",
        Remark.words: "The words differ from those of the notice.",
        Remark.limited: "In the notice the sentence goes on and limits it: “{words}”.",
        Remark.denied: "In the notice “{words}” stands just before it.",
        Remark.passed: "What the ellipsis leaves out denies or limits something.",
        Remark.joined: "The ellipsis makes one sentence of parts of several.",
        Remark.skipped: "Left out at the ellipsis: “{words}”.",
        Remark.clause: "It does not stand where the draft says ({words}), but in {place}.",
        Remark.inserted: "The words in square brackets are not the notice's: {words}.",
        Remark.nowhere: "No notice on the desk has these words.",
        Remark.unproved: "The notice does not say this.",
        Remark.differs: "The sentence that comes nearest differs: {words}.",
    },
    "zh": {
        Remark.stands: "文件中有这段文字。",
        Remark.reworded: "文件以别的说法说了此事。",
        Remark.also: "库中另有{count}份文件有同样的文字。",
        Remark.elsewhere: "它出自{card}，而不是稿中所引的文件。",
        Remark.absent: "稿中所引的文件（{words}）不在库中。",
        Remark.unnamed: "稿中未指明库中的文件；它出自{card}。",
        Remark.superseded: "该文件已被{card}废止或取代。",
        Remark.amended: "该文件有部分内容已被{card}废止或取代，请核对是否涉及此处。",
        Remark.marks: "仅标点不同。",
        Remark.figure: "数字或日期与原文不同。",
        Remark.denial: "遗漏或添加了否定词（如“不”）。",
        Remark.duty: "“必须”“应当”“可以”等要求与原文不同。",
        Remark.words: "文字与原文不同。",
        Remark.limited: "原文此句后面还有限制：“{words}”。",
        Remark.denied: "原文中它的前面有“{words}”。",
        Remark.passed: "省略号略去的文字含有否定或限制。",
        Remark.joined: "省略号把几句话连成了一句。",
        Remark.skipped: "省略号处略去了：“{words}”。",
        Remark.clause: "它不在稿中所说的{words}，而在{place}。",
        Remark.inserted: "方括号中的文字不是原文：{words}。",
        Remark.nowhere: "库中没有文件载有这段文字。",
        Remark.unproved: "该文件没有这样说。",
        Remark.differs: "最接近的原句与此不同：{words}。",
    },
}
_LONGEST = 120


def say(
    remark: Remark,
    language: str,
    *,
    card: NoticeCard | None = None,
    words: str = "",
    count: int = 0,
    place: str = "",
) -> str:
    """One remark in English ("en") or Chinese ("zh"); long words are cut."""
    folded = " ".join(words.split())
    folded = folded if len(folded) <= _LONGEST else folded[:_LONGEST] + "…"
    return _REMARKS[language][remark].format(
        card=name_card(card, language) if card else "", words=folded, count=count, place=place
    )


def name_card(card: NoticeCard, language: str) -> str:
    """A notice by its title and its number, else its date."""
    by = card.number or card.issued_on
    if language == "zh":
        return f"《{card.title.strip('《》')}》" + (f"（{by}）" if by else "")
    return f"“{card.title}”" + (f" ({by})" if by else "")


def join_remarks(remarks: list[str], language: str) -> str:
    """Remarks in a line, each once."""
    return ("" if language == "zh" else " ").join(dict.fromkeys(remark for remark in remarks if remark))
