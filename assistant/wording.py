"""What the desk says in its own words, in English and Chinese: one sentence for each status."""

from __future__ import annotations

from collections.abc import Iterable

from core.types import Answer, CaveatKind, Citation, Status

_STATUS = {
    "en": {
        Status.answered: "",
        Status.partly: "The notices answer a part of this. They say nothing about {missing}.",
        Status.no_evidence: "The notices do not say. {searched}",
        Status.out_of_scope_year: "There is no notice of {missing} on the desk. {searched}",
    },
    "zh": {
        Status.answered: "",
        Status.partly: "文件只回答了问题的一部分，未涉及：{missing}。",
        Status.no_evidence: "文件没有说明。{searched}",
        Status.out_of_scope_year: "库中没有{missing}的文件。{searched}",
    },
}
_EMPTY = {
    "en": "The desk is empty. Add notices with: python -m ingest FOLDER",
    "zh": "库中还没有文件。请用命令添加：python -m ingest 文件夹",
}


def say_status(answer: Answer) -> str:
    """The sentence that tells how an answer ended; '' for one that is simply answered."""
    if answer.status is not Status.answered and not answer.searched.notices and not answer.searched.years:
        return _EMPTY[answer.language]
    comma = "、" if answer.language == "zh" else ", "
    return _STATUS[answer.language][answer.status].format(
        missing=comma.join(answer.missing), searched=say_searched(answer)
    )


def say_searched(answer: Answer) -> str:
    """What was searched: how many notices, of which years."""
    years = span_years(answer.searched.years)
    count = answer.searched.notices
    if answer.language == "zh":
        return f"共检索{count}份文件" + (f"（{years}年）。" if years else "。")
    notices = "1 notice was" if count == 1 else f"{count} notices were"
    return f"{notices} searched" + (f", of {years}." if years else ".")


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
    blocks += say_caveats(answer)
    return "\n".join(blocks)


def name_notice_of(citation: Citation) -> str:
    """A notice as a heading above its sentences: its title, issuer and date."""
    card = citation.card
    about = ", ".join(part for part in (card.issuer, card.number, card.issued_on) if part)
    return f"{card.title} ({about})" if about else card.title


_CAVEATS = {
    "en": {
        CaveatKind.superseded: "What is quoted in {labels} was repealed or replaced by a later notice: see {by}.",
        CaveatKind.differ: "The notices give different figures: compare {labels}.",
        CaveatKind.garbled: "The words quoted in {labels} look garbled in the source; they stand so there.",
    },
    "zh": {
        CaveatKind.superseded: "{labels}所引文件已被后来的文件废止或取代，见{by}。",
        CaveatKind.differ: "各文件所载数字不一致，请对照{labels}。",
        CaveatKind.garbled: "{labels}所引文字在原文中疑有错乱，此处照录原文。",
    },
}


def say_caveats(answer: Answer) -> list[str]:
    """What must be known beside the answer, a sentence each, with the labels that it is about."""
    dates = {citation.label: citation.card.issued_on for citation in answer.citations}
    comma = "、" if answer.language == "zh" else ", "
    said: list[str] = []
    for caveat in answer.caveats:
        dated = caveat.kind is CaveatKind.differ
        labels = comma.join(
            f"[{label}]" + (f" ({dates[label]})" if dated and dates.get(label) else "") for label in caveat.labels
        )
        by = "" if caveat.by is None else f"[{caveat.by}]"
        said.append(_CAVEATS[answer.language][caveat.kind].format(labels=labels, by=by))
    return list(dict.fromkeys(said))
