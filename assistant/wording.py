"""What the desk says in its own words, in English and Chinese: one sentence for each status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.support import Fault, FaultKind
from core.settings import EXTRACTIVE
from core.types import Answer, Caveat, CaveatKind, Citation, Fallback, Status, Withheld

_STATUS = {
    "en": {
        Status.answered: "",
        Status.partly: "The notices answer a part of this. They say nothing about {missing}.",
        Status.no_evidence: "The notices do not say. {searched}",
        Status.out_of_scope_year: "There is no notice of {missing} on the desk. {searched}",
        Status.model_failed: "The chat model {cause}. These are the notices' own sentences.",
    },
    "zh": {
        Status.answered: "",
        Status.partly: "文件只回答了问题的一部分，未涉及：{missing}。",
        Status.no_evidence: "文件没有说明。{searched}",
        Status.out_of_scope_year: "库中没有{missing}的文件。{searched}",
        Status.model_failed: "对话模型{cause}。以下为文件原文。",
    },
}
# Rules record what is required: what they do not see may be there all the same.
_NONE_RECORDED = {
    "en": {
        Status.partly: "No such requirement was found for {missing}. One in unusual words may be missed.",
        Status.no_evidence: "No such requirement was found. One in unusual words may be missed. {searched}",
    },
    "zh": {
        Status.partly: "未找到{missing}的此类要求；措辞特殊的可能遗漏。",
        Status.no_evidence: "未找到此类要求；措辞特殊的可能遗漏。{searched}",
    },
}
_FURTHER = {
    "en": "{requirements} of {notices}: see the page What was required.",
    "zh": "另有{notices}份文件中的{requirements}项要求，见“当年的要求”页。",
}
_CAUSE = {
    "en": {
        Fallback.late: "did not answer in time",
        Fallback.unreachable: "cannot be reached",
        Fallback.not_admitted: "does not accept the key",
        Fallback.broken: "broke off or failed",
        Fallback.unproved: "gave nothing that the notices say",
        Fallback.stopped: "was stopped before any of its draft was proved",
    },
    "zh": {
        Fallback.late: "未能及时作答",
        Fallback.unreachable: "无法连接",
        Fallback.not_admitted: "不接受密钥",
        Fallback.broken: "出错或中断",
        Fallback.unproved: "所答均无文件依据",
        Fallback.stopped: "在写出可核对的内容之前已被停止",
    },
}
_STOPPED = {
    "en": "Stopped: this answer is not whole. What is shown was proved before.",
    "zh": "已停止：回答不完整。以下为停止前已核对的内容。",
}
_NO_ANSWER = {
    "en": "The chat model found no answer in the passages; these are the notices' own sentences.",
    "zh": "对话模型未在文件中找到答案；以下为文件原文。",
}
_DRAFTED = {
    "en": "Drafted by {model}; every sentence proved against its source.",
    "zh": "由{model}起草，每一句均已与出处核对。",
}
_ADVICE = {
    "en": {
        Status.no_evidence: "Ask in other words or about another year, or add the notice that says it.",
        Status.out_of_scope_year: "Ask about {years}, or add the notices of {missing}.",
    },
    "zh": {
        Status.no_evidence: "可换一种说法、换一个年份再问，或加入载有此内容的文件。",
        Status.out_of_scope_year: "可改问{years}年，或加入{missing}的文件。",
    },
}
_ADVICE_FILTERED = {
    "en": "Clear the filters, ask in other words, or add the notice that says it.",
    "zh": "可清除筛选条件、换一种说法再问，或加入载有此内容的文件。",
}
_UNFIT = {
    "en": "No notice on the desk fits the filters, so nothing was searched.",
    "zh": "库中没有符合筛选条件的文件，因此未作检索。",
}
_LEFT_OUT = {"en": " The filters left out all others.", "zh": "其余文件因筛选条件未予检索。"}
_LANGUAGES = {"en": {"en": "in English", "zh": "in Chinese"}, "zh": {"en": "英文", "zh": "中文"}}
# So many issuers are named where a filter chose them.
_MOST_NAMED = 3
_EMPTY = {
    "en": "The desk is empty. Add notices with: python -m ingest FOLDER",
    "zh": "库中还没有文件。请用命令添加：python -m ingest 文件夹",
}
_FAULTS = {
    "en": {
        FaultKind.statement: "it is no statement about the notices",
        FaultKind.language: "it is in another language than the source, and cannot be checked against it word by word",
        FaultKind.figure: "the source does not give this figure{words}",
        FaultKind.date: "the source does not give this date{words}",
        FaultKind.number: "the source does not name this notice{words}",
        FaultKind.name: "the source does not name this{words}",
        FaultKind.words: "the source does not say this{words}",
        FaultKind.negation: "it forbids or denies what the source does not, or leaves out that the source does{words}",
        FaultKind.modality: "it makes the duty stronger or weaker than the source does{words}",
        FaultKind.comparison: "it bounds a figure or date otherwise than the source does{words}",
        FaultKind.quantifier: "it speaks of more or fewer than the source does{words}",
        FaultKind.condition: "it leaves out or changes a condition or exception that the source makes{words}",
        FaultKind.role: "it says of one what the source says of another",
        FaultKind.mixture: "it puts words together that stand apart in the source",
        FaultKind.unasked_language: "it is not in the language of the question",
        FaultKind.gone: "its notice is no longer in the catalogue",
        FaultKind.empty: "it is empty",
        FaultKind.altered: "its words are not those of the source at that place",
    },
    "zh": {
        FaultKind.statement: "这不是关于文件内容的陈述",
        FaultKind.language: "它与原文语言不同，无法逐字核对",
        FaultKind.figure: "原文没有这个数字{words}",
        FaultKind.date: "原文没有这个日期{words}",
        FaultKind.number: "原文没有提到这份文件{words}",
        FaultKind.name: "原文没有这个名称{words}",
        FaultKind.words: "原文没有这样说{words}",
        FaultKind.negation: "它否定或禁止的与原文不一致{words}",
        FaultKind.modality: "它所说的要求比原文更严或更宽{words}",
        FaultKind.comparison: "它对数字或日期的限定与原文不一致{words}",
        FaultKind.quantifier: "它所说的范围与原文不一致{words}",
        FaultKind.condition: "它遗漏或改变了原文的条件或例外{words}",
        FaultKind.role: "它把一方的事说成了另一方的事",
        FaultKind.mixture: "它把原文中分开的内容拼在了一起",
        FaultKind.unasked_language: "它与提问所用的语言不同",
        FaultKind.gone: "它所引的文件已不在库中",
        FaultKind.empty: "它没有内容",
        FaultKind.altered: "它与原文该处的文字不符",
    },
}


_EXPORT_TITLE = {"en": "Answers from the notices", "zh": "文件问答"}


def say_export_title(language: str) -> str:
    """The title of a file of answers, in English ("en") or Chinese ("zh")."""
    return _EXPORT_TITLE[language]


def say_fault(fault: Fault, language: str) -> str:
    """Why a drafted sentence is withheld, in English ("en") or Chinese ("zh"), without a full stop."""
    mark = "：{}" if language == "zh" else ": {}"
    return _FAULTS[language][fault.kind].format(words=mark.format(fault.words) if fault.words else "")


def say_withheld(withheld: Withheld, language: str) -> str:
    """Why a sentence was withheld, in English ("en") or Chinese ("zh"), with the words that the source lacks."""
    if withheld.fault in FaultKind.__members__:
        return say_fault(Fault(FaultKind(withheld.fault), withheld.words), language)
    return withheld.reason


def say_status(answer: Answer) -> str:
    """The sentences that tell how an answer ended; '' for one that is simply answered."""
    if answer.status is not Status.answered and not answer.searched.notices and not answer.searched.years:
        return (_UNFIT if answer.searched.is_filtered else _EMPTY)[answer.language]
    comma = "、" if answer.language == "zh" else ", "
    wordings = _STATUS[answer.language]
    if answer.further is not None:
        wordings = wordings | _NONE_RECORDED[answer.language]
    stopped = answer.fallback is Fallback.stopped and answer.status is not Status.model_failed
    parts = [_STOPPED[answer.language]] if stopped else []
    parts += [wordings[answer.status]] if wordings[answer.status] else []
    if answer.status is Status.model_failed and answer.missing:
        parts.append(wordings[Status.partly])
    cause = _CAUSE[answer.language].get(answer.fallback, "") if answer.fallback else ""
    joined = ("" if answer.language == "zh" else " ").join(parts)
    missing = comma.join(part.rstrip(" ?？.。") for part in answer.missing)
    return joined.format(missing=missing, searched=say_searched(answer), cause=cause)


def say_advice(answer: Answer) -> str:
    """What to do where the notices do not answer, with the years that there are; '' elsewhere or on an empty desk."""
    if answer.status is Status.no_evidence and answer.searched.is_filtered:
        return _ADVICE_FILTERED[answer.language]
    if answer.status not in _ADVICE[answer.language] or not answer.searched.notices:
        return ""
    comma = "、" if answer.language == "zh" else ", "
    years = span_years(answer.searched.years)
    return _ADVICE[answer.language][answer.status].format(years=years, missing=comma.join(answer.missing))


def say_who_drafted(answer: Answer) -> str:
    """That a chat model drafted what is shown, or found nothing; '' where none was asked or it failed."""
    if answer.fallback is Fallback.no_answer:
        return _NO_ANSWER[answer.language]
    return "" if answer.model == EXTRACTIVE else _DRAFTED[answer.language].format(model=answer.model)


def say_further(answer: Answer) -> str:
    """How much more was required than is quoted, and where that is listed; '' where nothing is."""
    further = answer.further
    if further is None or not further.requirements:
        return ""
    if answer.language == "zh":
        return _FURTHER["zh"].format(requirements=further.requirements, notices=further.notices)
    requirements = "1 more requirement" if further.requirements == 1 else f"{further.requirements} more requirements"
    notices = "1 notice" if further.notices == 1 else f"{further.notices} notices"
    return _FURTHER["en"].format(requirements=requirements, notices=notices)


def say_searched(answer: Answer) -> str:
    """What was searched: how many notices, of which years; where filters chose them, by whom and in which language."""
    searched, language = answer.searched, answer.language
    years, by = span_years(searched.years), _name_issuers(searched.issuers, language)
    tongue = _LANGUAGES[language].get(searched.language, searched.language)
    left_out = _LEFT_OUT[language] if searched.is_filtered else ""
    if language == "zh":
        told = "，".join(part for part in (f"{years}年" if years else "", by, tongue) if part)
        return f"共检索{searched.notices}份文件" + (f"（{told}）。" if told else "。") + left_out
    notices = "1 notice was" if searched.notices == 1 else f"{searched.notices} notices were"
    told = "".join(f", {part}" for part in (f"of {years}" if years else "", f"by {by}" if by else "", tongue) if part)
    return f"{notices} searched{told}.{left_out}"


def _name_issuers(issuers: Sequence[str], language: str) -> str:
    """Issuers by name, many by their number; '' for none."""
    if len(issuers) > _MOST_NAMED:
        return f"{len(issuers)}个发文机关" if language == "zh" else f"{len(issuers)} issuers"
    return ("、" if language == "zh" else " or ").join(issuers)


def span_years(years: Iterable[int]) -> str:
    """Years as a reader writes them: 2018–2021, 2023."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def write_answer(answer: Answer) -> str:
    """An answer as plain text: how it ended, each sentence with its labels, what must be known beside it.

    Where more than one notice answers, each notice's sentences stand under its name.
    """
    blocks = [say_status(answer)] if say_status(answer) else []
    several = len({citation.card.notice_id for citation in answer.citations}) > 1
    by_label = {citation.label: citation for citation in answer.citations}
    previous = ""
    for sentence in answer.sentences:
        citation = by_label[sentence.labels[0]]
        if several and citation.card.notice_id != previous:
            blocks.append(name_notice_of(citation))
            previous = citation.card.notice_id
        blocks.append(sentence.text + " " + "".join(f"[{label}]" for label in sentence.labels))
    blocks += [*say_caveats(answer), *filter(None, [say_further(answer)])]
    return "\n".join(blocks)


def name_notice_of(citation: Citation) -> str:
    """A notice as a heading above its sentences: its title, issuer and date."""
    card = citation.card
    about = ", ".join(part for part in (card.issuer, card.number, card.issued_on) if part)
    return f"{card.title} ({about})" if about else card.title


_CAVEATS = {
    "en": {
        CaveatKind.superseded: "What is quoted in {labels} was repealed or replaced by a later notice: see {by}.",
        CaveatKind.amended: "A later notice repeals or replaces at least a part of the one quoted in {labels}: "
        "see {by}.",
        CaveatKind.differ: "The notices give different figures: compare {labels}.",
        CaveatKind.garbled: "The words quoted in {labels} look garbled in the source; they stand so there.",
        CaveatKind.respelt: "No notice has “{typed}”; it was read as “{read}”.",
    },
    "zh": {
        CaveatKind.superseded: "{labels}所引文件已被后来的文件废止或取代，见{by}。",
        CaveatKind.amended: "{labels}所引文件至少有部分内容已被后来的文件废止或取代，见{by}。",
        CaveatKind.differ: "各文件所载数字不一致，请对照{labels}。",
        CaveatKind.garbled: "{labels}所引文字在原文中疑有错乱，此处照录原文。",
        CaveatKind.respelt: "各文件中没有“{typed}”，已按“{read}”理解。",
    },
}


def say_caveats(answer: Answer) -> list[str]:
    """What must be known beside the answer, a sentence each, with the labels that it is about."""
    return list(dict.fromkeys(say_caveat(answer, caveat) for caveat in answer.caveats))


def say_caveat(answer: Answer, caveat: Caveat) -> str:
    """One thing to know beside the answer; its labels stand in it as [3]."""
    dates = {citation.label: citation.card.issued_on for citation in answer.citations}
    dated = caveat.kind is CaveatKind.differ
    labels = ("、" if answer.language == "zh" else ", ").join(
        f"[{label}]" + (f" ({dates[label]})" if dated and dates.get(label) else "") for label in caveat.labels
    )
    by = "" if caveat.by is None else f"[{caveat.by}]"
    typed, read = caveat.words or ("", "")
    return _CAVEATS[answer.language][caveat.kind].format(labels=labels, by=by, typed=typed, read=read)
