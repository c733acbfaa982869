"""What a notice asks of whom: its sentences that state a duty, advice, a permission or a prohibition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.types import NoticeCard, Obligation, Sentence, SentenceKind, Strength
from ingest.chinese_duties import read_chinese
from ingest.chinese_words import AIM_SECTION
from ingest.duties import Duty, Mood
from ingest.english_duties import read_english
from ingest.obligation_years import find_due, find_year
from store.obligations import Obligations
from store.words import has_chinese, name_language

# Raised by one whenever other obligations are found: notices are then examined again.
OBLIGATIONS_RULES = "4"
# Longer ones are a text that was never cut into sentences.
_LONGEST = 1500
_SHORTEST = 4
# Laws state norms in the indicative; other notices of an office direct without a modal.
_LAW = re.compile(r"(?:法|条例|规程|规定|办法|细则|准则|章程)(?:[（(].*)?$")
_DIRECTS = re.compile(r"通知|意见|方案|规划|计划|纲要|决定|要点|措施|行动|通告|公告|部署|批复|指南|指引")
_MEETING = re.compile(
    r"(?:会议?|大会|座谈会|论坛)(?:[^，。]{0,14})?(?:召开|举行|举办|闭幕|开幕|纪要|综述)?$|讲话|致辞|会[^，。]{0,12}召开"
    r"|(?i:\b(?:meeting|conference|speech|address|remarks|symposium|forum)\b)"
)
_MEETING_TEXT = re.compile(
    r"会议(?:指出|强调|要求|认为|由|听取)|出席会议|主持会议|(?i:\b(?:presided|attended|summed\s+up|was\s+held|took\s+place)\b)"
)
# What a table's head says where its rows are somebody's task.
_TASKS = re.compile(
    r"责任(?:单位|部门|人)|牵头(?:单位|部门)|(?i:\bresponsib(?:le|ility)\b|\bwho\s+must\b|\baction\s+required\b)"
)
_SHALL = re.compile(r"(?i)\bshall\b")
_POLICY = re.compile(r"(?i)\bpolic(?:y|ies)\b")
_WILL = re.compile(r"(?i)\bwill\b")
_PAST = re.compile(r"(?i)\b(?:was|were|had|did|said|says|announced)\b")
_ADDRESSED = re.compile(r"(?i)\b(?:you|your|we|us)\b")
_FEWEST_BINDING = 2
_CASES = re.compile(
    r"之一的?[^，。；]{0,30}(?:，|：|:|$)(?!.{0,30}不得有)|下列(?:情形|人员|对象|学生|儿童)|(?i:\bfollowing\b[^.;:]*\b(?:must|shall|should|may|can)\b|\bunless:?\s*$"
    r"|\b(?:if|where|when)(?:\s+(?:you|they|he|she|it))?:\s*$)"
)


@dataclass(slots=True)
class _Head:
    """What opens the list that is being read: its duty, and the year that it sets."""

    duty: Duty
    year: int | None
    due: str


def take_obligations(card: NoticeCard, text: str, sentences: Sequence[Sentence]) -> Obligations:
    """The obligations of a notice with the version of the rules, as the store keeps them."""
    return Obligations(OBLIGATIONS_RULES, tuple(find_obligations(card, text, sentences)))


def find_obligations(card: NoticeCard, text: str, sentences: Sequence[Sentence]) -> list[Obligation]:
    """What the sentences of a notice ask of whom, in its order; each sentence states one at most."""
    return list(_Reading(card, text).read(sentences))


class _Reading:
    """One notice while its sentences are read: its mood, the section, and the lists that are open."""

    def __init__(self, card: NoticeCard, text: str) -> None:
        self._card, self._text = card, text
        self._mood = _read_mood(card, text)
        self._heads: dict[int, _Head] = {}
        self._tables: dict[int, tuple[int, int]] = {}
        self._items: set[tuple[int, int]] = set()
        self._run: _Head | None = None  # of a list whose items are lines that begin small
        self._is_aim = False
        self._cases: set[int] = set()  # the heads of lists that only name cases

    def read(self, sentences: Sequence[Sentence]) -> list[Obligation]:
        found = []
        for sentence in sentences:
            words = sentence.span.of(self._text)[:_LONGEST]
            obligation = self._read_one(sentence, words) if len(words) >= _SHORTEST else None
            if obligation is not None:
                found.append(obligation)
        return found

    def _read_one(self, sentence: Sentence, words: str) -> Obligation | None:
        if re.search(r"[\u4e00-\u9fff]", words) and (sentence.kind is SentenceKind.heading or len(words) <= 14):
            self._is_aim = AIM_SECTION.search(words) is not None
        head = self._find_head(sentence, words)
        if sentence.kind is SentenceKind.row:
            duty = self._read_row(sentence, words)
        else:
            duty = self._judge(sentence, words, governed=head is not None)
        if duty is None and head is not None and not words.rstrip().endswith(("?", "？")):
            duty = head.duty
        elif duty is not None and head is not None and not duty.bound:
            duty = Duty(duty.strength, head.duty.bound, duty.general)
        self._open_list(sentence, words, duty)
        if duty is None:
            return None
        year = find_year(words) or (head.year if head else None) or self._card.year
        due = find_due(words) or (head.due if head else "")
        return Obligation(sentence.ordinal, sentence.span, duty.strength, duty.bound, due, year, duty.general)

    def _judge(self, sentence: Sentence, words: str, *, governed: bool = False) -> Duty | None:
        # An item that its list's head governs is what the head says, unless it has a modal of its own.
        complete = (
            not governed
            and sentence.kind is not SentenceKind.heading
            and not self._is_aim
            and sentence.head not in self._cases
        )
        if sentence.kind is SentenceKind.heading and not re.search(r"[a-z]{2}\s\S+\s\S+\s\S+\s\S+", words):
            return None
        if name_language(words) == "zh":
            duty = read_chinese(words, self._mood, complete=complete)
            return None if duty and self._is_own_plan(duty) else duty
        return (
            None
            if has_chinese(words[:2]) or _is_title(sentence, words)
            else read_english(words, self._mood, complete=complete)
        )

    def _is_own_plan(self, duty: Duty) -> bool:
        """Whether who issued the notice says, without a modal, what he does himself."""
        return (
            duty.strength is Strength.should
            and len(duty.bound) > 3
            and set(re.split("[、和]", duty.bound))
            <= set(re.split("[、；;和]", self._card.issuer))
            | {name[-4:] for name in re.split("[、；;和]", self._card.issuer)}
        )

    def _read_row(self, sentence: Sentence, words: str) -> Duty | None:
        """What a row says: a sentence in a cell of it, or a task where the table's head says that somebody has it."""
        cells = words.split("\t")
        if sentence.head is None:
            place = next((index for index, cell in enumerate(cells) if _TASKS.search(cell)), None)
            if place is not None and len(cells) > 1:
                self._tables[sentence.ordinal] = (place, len(cells))
            return None
        if table := self._tables.get(sentence.head):
            place, width = table
            return Duty(Strength.must, cells[place].strip()) if len(cells) == width and cells[place].strip() else None
        longest = max(cells, key=len)
        return self._judge(Sentence(sentence.ordinal, sentence.span, SentenceKind.sentence), longest, governed=True)

    def _find_head(self, sentence: Sentence, words: str) -> _Head | None:
        """What governs an item of a list: its head, for the first sentence of the item."""
        if sentence.kind is SentenceKind.point and sentence.head in self._heads:
            item = (sentence.head, sentence.item or 0)
            if item in self._items:
                return None
            self._items.add(item)
            return self._heads[sentence.head]
        if self._run is not None and sentence.kind is not SentenceKind.row and words[:1].islower():
            return self._run
        return None

    def _open_list(self, sentence: Sentence, words: str, duty: Duty | None) -> None:
        opens = words.rstrip().endswith((":", "：", "——"))
        if not opens and words[:1].islower() and self._run is not None:
            return
        self._run = None
        if opens and (_CASES.search(words) or (duty is None and not has_chinese(words))):
            self._cases.add(sentence.ordinal)
        if opens and duty is not None and not duty.general and not _CASES.search(words):
            self._run = self._heads[sentence.ordinal] = _Head(duty, find_year(words), find_due(words))


def _is_title(sentence: Sentence, words: str) -> bool:
    """Whether a heading is one: "What teachers must do" tells nobody anything."""
    return sentence.kind is SentenceKind.heading and not words.rstrip().endswith((".", ";", ":"))


def _lays_down_rules(text: str) -> bool:
    """Whether a text is a law, a policy or the like: it says "shall", or speaks of policy, and addresses nobody.

    Or it says of others what they will do, and neither addresses anybody nor tells of what was.
    """
    binding, named, addressed = (len(pattern.findall(text)) for pattern in (_SHALL, _POLICY, _ADDRESSED))
    if binding + named >= _FEWEST_BINDING:
        return addressed <= (binding + named) / 2
    return not addressed and len(_WILL.findall(text)) >= _FEWEST_BINDING and _PAST.search(text) is None


def _read_mood(card: NoticeCard, text: str) -> Mood:
    title = re.sub(r"\s", "", card.title) if has_chinese(card.title) else card.title
    meeting = bool(_MEETING.search(title) and _MEETING_TEXT.search(text[:6000])) and not _DIRECTS.search(title)
    directive = bool(_DIRECTS.search(title)) and not meeting
    if not has_chinese(title):
        return Mood(not meeting, meeting, not meeting and _lays_down_rules(text), card.issuer)
    return Mood(directive or not (meeting or _LAW.search(title) or not card.issuer), meeting)
