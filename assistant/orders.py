"""Sentences of a notice that speak to a machine: orders to whoever answers, marks of prompts and of formats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.types import Sentence

_LEAVE = r"\b(?:ignore|disregard|forget|override|bypass)"
_SAY = r"(?:answer|reply|respond|say|output|write)"
_MACHINE = r"(?:AI (?:assistant|model|system|agent)s?|chatbots?|(?:chat|language) models?|LLMs?)"
_MACHINE_ZH = "(?:助手|助理|模型|机器人|人工智能|AI)"
_ORDERS = re.compile(
    "|".join(
        [
            rf"{_LEAVE}\b[^.;]{{0,30}}\b(?:all|any|previous|prior|earlier|above|your|system)\b[^.;]{{0,30}}"
            r"\b(?:instructions?|prompts?|passages|context)\b",
            rf"{_LEAVE}\b[^.;]{{0,80}}\band {_SAY}\b",
            rf"{_LEAVE} (?:everything|all|anything)\s(?:above|before|else|that|you)\b",
            rf"\byou are (?:now |no longer )?(?:an? )?(?:\w+ )?(?:{_MACHINE}|AI|assistant\b|DAN\b|in \w+ mode)",
            r"\b(?:developer|jailbreak|debug) mode\b|\bsystem (?:prompt|message|override|instruction)s?\b",
            r"\b(?:new|updated|secret|hidden) instructions?\s*[:：]|^\W*(?:system|developer)\s*[:：]",
            rf"\b{_MACHINE}\b[^.]{{0,40}}\b(?:must|should|shall|will|please)\s(?:now )?(?:{_SAY}|ignore)\b",
            rf"\b{_SAY}\s(?:\w+\s){{0,4}}(?:only|always|nothing but|exactly)\b[^.]{{0,20}}[\"“'‘:：]",
            rf"(?:^|[.,:;\"“]|\band|\bplease|\byou (?:must|should|will))\s*{_SAY}\s(?:to )?"
            r"(?:every|all|any) questions?\b",
            r"(?:忽略|无视|忘记|忘掉|不要理会|不必理会|绕过)[^。；，]{0,16}(?:指令|指示|提示|规则|文件|内容|设定|命令)",
            rf"你(?:现在|从现在起|从此)?(?:是|扮演)[^。；，]{{0,8}}{_MACHINE_ZH}|(?:系统|开发者)(?:提示词?|指令|模式)",
            rf"{_MACHINE_ZH}[^。；，]{{0,4}}(?:必须|应当|应|请|务必|只能|一律)(?:回答|回复|输出|答复|说)",
            r"(?:一律|只需|只能|务必|请)(?:回答|输出)[^。；]{0,6}[“\"「：:]",
        ]
    ),
    re.IGNORECASE,
)
_TAG = "think(?:ing)?|reason(?:ing)?|thought|passages?|question|system|user|assistant|instructions?|tool"
_KEY = "role|labels|status|sentences|citations|answer|content"
_MARKS = re.compile(
    rf"\bNO_ANSWER\b|[<＜]\s*[/／]?\s*(?:{_TAG})\s*[>＞]|<\|\w+\|>|\[/?(?:INST|SYS)\]|<<\s*/?SYS\s*>>"
    rf"|[\"“']\s*(?:{_KEY})\s*[\"”']\s*:",
    re.IGNORECASE,
)


# One of these stands in whatever is an order: most sentences are let pass without a closer look.
_TELLTALE = (
    "ignore", "disregard", "forget", "override", "bypass", "you are", "developer", "jailbreak", "debug", "system",
    "instruction", "assistant", "model", "agent", "chatbot", "llm", "only", "always", "nothing but", "exactly",
    "question", "role", "label", "status", "sentence", "citation", "answer", "content", "<", "＜", "[", "忽略", "无视",
    "忘", "理会", "绕过", "你", "系统", "开发者", "回答", "回复", "输出", "答复", "说",
)  # fmt: skip


def gives_orders(text: str) -> bool:
    """Whether a sentence speaks to a machine that reads it, and not to those whom a notice is for.

    What it says may be quoted: it stands in the notice. But no claim is proved by it: a model that
    makes it has obeyed.
    """
    plain = " ".join(text.split())
    # As the patterns, which ignore case, take İ, ı and ſ for i and s.
    small = plain.casefold().replace("\u0307", "").replace("ı", "i")
    if not any(word in small for word in _TELLTALE):
        return False
    return _ORDERS.search(plain) is not None or _MARKS.search(plain) is not None


def without_orders(sentences: Iterable[Sentence], text: str) -> Iterator[Sentence]:
    """The sentences of a notice with this text that stand in no paragraph behind an order, nor are one.

    `sentences` are in their order. What follows an order in its paragraph is most often what it wants said.
    """
    end_of_order: int | None = None
    for sentence in sentences:
        if end_of_order is not None and "\n\n" in text[end_of_order : sentence.span.start]:
            end_of_order = None
        if gives_orders(sentence.span.of(text)):
            end_of_order = sentence.span.end
        if end_of_order is None:
            yield sentence
