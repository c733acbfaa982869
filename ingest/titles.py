"""The title of a notice: a line that says what it is about, never a menu, a date, a number or the name of a body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from core.types import Origin
from ingest.bodies import is_body
from ingest.dates import find_dates, stands_alone
from ingest.edges import Edges
from ingest.masthead import read_masthead
from ingest.numbers import is_number, is_ordinal, read_decree
from ingest.readers.reading import join_lines
from store.words import CJK, has_chinese

_KIND = (
    "通知|意见|办法|规定|决定|方案|公告|通报|批复|函|报告|纲要|规划|细则|条例|要点|制度|标准|指南|规程|计划|措施|请示|纪要|命令|令|章程"
    "|目录|解读|通告|准则|规则|规范|大纲|守则|法|议案|提案|要求|建议|答复|公示|公报|召开|举行"
)
_ENDS_AS_TITLE = re.compile(rf"(?:{_KIND})(?:[（(][^（）()]{{1,20}}[)）])?[》]?$")
_JUNK = re.compile(
    r"(?i)(?:microsoft (?:word|powerpoint|excel)\b.*|untitled(?:[ _-]?\d*)?|document[ _-]?\d*|\[?(?:sub)?title\]?"
    r"|slide ?\d*|powerpoint presentation|book ?\d*|sheet ?\d*|normal|template|new document|doc\d*"
    r"|无标题(?:文档)?|未命名.*|新建.*文档.*"
    r"|文档\s?\d*|幻灯片\s?\d*|标题|(?:\S+\.(?:docx?|pdf|wps|rtf|indd|qxd|xlsx?|pptx?|html?)))"
)
_NAVIGATION = re.compile(
    r"(?i)(?:skip to (?:main )?content|home(?: ?page)?|menu|main menu|search|contents|table of contents"
    r"|navigation|breadcrumbs?"
    r"|you are here.*|back to top|cookies?.*|share this.*|print(?: this page)?|download.*|log ?in|sign in"
    r"|subscribe|related content"
    r"|this page|page \d+(?: of \d+)?|page not found|error|loading|welcome|404.*|news|guidance and regulation"
    r"|首页|网站首页|主页|返回.*|目录|目\s*录|当前位置.*|您(?:现在)?(?:的位置|所在).*|政务公开|信息公开|政策文件|通知公告|新闻中心|正文|字体.*|打印.*"
    r"|分享.*|收藏.*|关闭(?:窗口)?|搜索|登录|注册|导航|附件\s*\d*[:：]?|【.{1,8}】)"
)
_SECTION = re.compile(
    r"(?i)(?:(?:section|chapter|part|article|annex|appendix|schedule|figure|table)\s+[\divxlc]+\b.*|\d{1,2}(?:\.\d{1,2})*\.?\s+\S.{0,60}"
    r"|introduction|background|overview|summary|executive summary|purpose|scope|foreword|preface|preamble"
    r"|abstract|details|documents"
    r"|第[一二三四五六七八九十百\d]+[章节条编部分].*|[一二三四五六七八九十]+、.*|（[一二三四五六七八九十]+）.*|前\s*言|引\s*言|摘\s*要|总\s*则|附\s*则|序\s*言)"
)
# What kind of document it is, how secret, how urgent: above the title, and not it.
_KIND_ALONE = re.compile(
    r"(?i)(?:press release|press notice|news (?:story|release)|for immediate release|circular|white paper"
    r"|green paper|policy paper|guidance"
    r"|statutory guidance|non-statutory guidance|notice|minutes|report|policy|research and analysis"
    r"|consultation(?: outcome)?"
    r"|correspondence|transparency data|detailed guide|guide|form|speech|draft|final|restricted|confidential"
    r"|official(?:[- ]sensitive)?"
    r"|source|公\s*文|文\s*件|[秘机绝]\s*密.*|特?\s*急|加急|通\s*知|公\s*告|通\s*报|函|征求意见稿|内部资料.*)"
)
_LABEL = re.compile(
    r"(?i)(?:to|from|cc|date|ref(?:erence)?|our ref|your ref|file|author|version|status|contact|enquiries|issued"
    r"|published|updated|last updated"
    r"|number|policy number|applies to|主送|抄送|签发人|索\s*引\s*号|来\s*源|发布(?:日期|时间|机构|单位)"
    r"|成文日期|信息(?:索引|类别)|主题(?:词|分类)|文\s*号|发文.{2,4}"
    r"|关键词|浏览次数|作者|责任编辑|原文链接|有效性)\s*[:：\t].*"
)
_NAMED = re.compile(
    r"(?im)^(?:title|subject|re|信息名称|标\s*题|名\s*称|文件名称|题\s*名)\s*[:：\t]\s*(?P<said>[^\t\n]{4,150}?)(?=\t|\s*$|\s+[\u4e00-\u9fff]{3,4}[:：])"
)
_DECREED = re.compile(r"(?:现(?:予)?(?:公布|发布|将))?《(?P<said>[^》《]{3,60})》[^《。]{0,80}(?:公布|发布|施行|通过)")
_FOREIGN = re.compile(r"https?://|www\.|@|【法宝引证码】|CLI\.\d|[\w.-]+\.(?:gov|org|com|edu)\b")
_RUNNING = re.compile(r"(?m)^(?:\d{1,3}\s*\|\s*(?P<right>\S.{10,148})|(?P<left>\S.{10,148}?)\s*\|\s*\d{1,3})$")
_SITE = re.compile(r"\s*(?P<sign>[-–—|_·»:]|::)\s*(?P<site>[^-–—|_·»]{2,60})$")
_SITE_NAME = re.compile(r"(?i)\.(?:gov|org|com|edu|net)\b|gov\.uk|网$|网站$|门户|官网|home ?page|website|official site")
# What stands around the title in a file name.
_COPY = re.compile(r"(?i)(?:\s*[（(]\d{1,2}[)）]|[-_ ]+(?:副本|copy|final|draft|clean|v\d+(?:\.\d+)*))+$")
_DAY = re.compile(r"[（(\[]?(?:19|20)\d{2}[-._年]?\d{1,2}[-._月]?\d{1,2}日?[)）\]]?")
_JOINS_ON = re.compile(r"(?i)\b(?:of|for|the|and|to|in|on|at|by|with|from|a|an|under|or)$|[,:–—-]$")
_STOPS = (".", "。", ":", "：", ";", "；", "！", "!", "?", "？")
_LIMIT_ENGLISH, _LIMIT_CHINESE, _MOST_LINES = 150, 60, 6
_LONGEST_CHINESE = 130


def find_title(path: str, edges: Edges) -> tuple[str, Origin]:
    """The title by the text's first lines or the file's name, whichever says more; else its opening words.

    '' where there is neither.
    """
    stem = read_stem(path)
    opening = [_bare(line) for line in edges.head]
    twice = next((line for line in opening if _fold(line) and _fold(line) == _fold(stem)), "")
    if twice and is_title(twice):
        return twice, Origin.text
    named = _find_named(edges.head)
    if named and is_title(named):
        return named, Origin.text
    found = _find_in(opening)
    if found and not (_ENDS_AS_TITLE.search(stem) and is_telling(stem) and not _ENDS_AS_TITLE.search(found)):
        return found, Origin.text
    running = _find_running(edges)
    if running:
        return running, Origin.text
    kind = next((line for line in opening[:4] if _KIND_ALONE.fullmatch(line) and len(line) > 3), "")
    return (stem, Origin.path) if is_telling(stem) else (kind or _open(opening), Origin.text)


def is_title(line: str) -> bool:
    """Whether a line may be the title of a notice."""
    return bool(
        any(character.isalpha() for character in line)
        and len(line) <= (_LONGEST_CHINESE if has_chinese(line) else 2 * _LIMIT_ENGLISH)
        and not any(pattern.fullmatch(line) for pattern in (_JUNK, _NAVIGATION, _SECTION, _KIND_ALONE, _LABEL))
        and not _FOREIGN.search(line)
        and not _is_letterhead(line)
    )


def cut_site(title: str) -> str:
    """A page's title without the names of its site and body behind it, as in "Teacher pay - GOV.UK"."""
    match = _SITE.search(title)
    while match and _is_of_site(match) and is_title(title[: match.start()].strip()):
        title = title[: match.start()].strip()
        match = _SITE.search(title)
    return title


def _is_of_site(match: re.Match[str]) -> bool:
    """Whether what stands behind a stroke is the name of a site, of a body, or of a column of a Chinese site."""
    site = match["site"]
    parted = match["sign"] in "|_»" or match.group().startswith(" ")
    column = match["sign"] == "_" and has_chinese(site)
    return parted and (column or bool(_SITE_NAME.search(site)) or is_body(site))


def read_stem(path: str) -> str:
    """The name of a file as words: without its ending, days, marks of copies and the name of a site."""
    stem = _COPY.sub("", PurePosixPath(path).stem)
    stem = cut_site(_DAY.sub(" ", stem))
    return re.sub(r"[-_\s]+", " ", stem).strip(" .,()（）")


def is_telling(stem: str) -> bool:
    """Whether the name of a file is words, and not a code."""
    return bool(re.search(rf"[{CJK}]{{2}}|(?:[A-Za-z]{{3,}} ){{1,}}[A-Za-z]{{3,}}", stem)) and is_title(stem)


def _bare(line: str) -> str:
    """A line without the marks of Markdown; '' for a row of a table with words in several cells."""
    cells = [cell.strip("# *").strip() for cell in line.split("\t")]
    return cells[0] if not any(cells[1:]) or _LABEL.fullmatch(line) else ""


def _find_named(head: Sequence[str]) -> str:
    """The title that a label gives, or that a decree promulgates."""
    labelled = next((match["said"].strip() for line in head if (match := _NAMED.match(line))), "")
    if labelled or not any(read_decree(line) or is_number(line) for line in head[:3]):
        return labelled
    return next((match["said"] for line in head[:8] if (match := _DECREED.match(line))), "")


def _find_in(opening: Sequence[str]) -> str:
    """The first line that may be a title, with those that it goes on in; '' where prose comes first.

    One sentence may stand above a title that the name of a body, a number or a date follows, or is before.
    """
    passed = False
    for place, line in enumerate(opening):
        if not line or not is_title(line):
            if line and _is_prose(line):
                if place:
                    return ""
                passed = True
            continue
        if _is_prose(line):
            if place or len(line) > _LIMIT_ENGLISH:
                return ""
            passed = True
            continue
        joined = _join(opening[place : place + _MOST_LINES])
        title = joined if is_title(joined) else line
        if passed and not (has_chinese(title) and _ENDS_AS_TITLE.search(title)):
            beside = [*opening[1:place], *opening[place + 1 : place + 3]]
            return title if any(_is_letterhead(other) for other in beside) else ""
        return title
    return ""


def _is_prose(line: str) -> bool:
    limit = _LONGEST_CHINESE if _ENDS_AS_TITLE.search(line) else _LIMIT_CHINESE if has_chinese(line) else _LIMIT_ENGLISH
    return len(line) > limit or (line.endswith(_STOPS) and not _FOREIGN.search(line) and not _LABEL.fullmatch(line))


def _join(lines: Sequence[str]) -> str:
    """A title that was broken into lines, as one."""
    title, *rest = lines
    for line in rest:
        if not line or _is_prose(line) or _is_letterhead(line) or _LABEL.fullmatch(line):
            break
        if has_chinese(title):
            # 关于… is open until a word says what kind of document it is.
            goes_on = "关于" in title and not _ENDS_AS_TITLE.search(title) and not line.startswith("关于")
        else:
            goes_on = bool(_JOINS_ON.search(title)) or line[0].islower()
        if not goes_on or len(title) + len(line) > _LIMIT_ENGLISH:
            break
        # A last line is often spaced out: 通　知.
        title = join_lines(title, re.sub(r"\s", "", line) if has_chinese(line) and len(line) <= 6 else line)
    return title


def _is_letterhead(line: str) -> bool:
    """Whether a line above the title is the name of a body, a number or a date."""
    named = re.sub("文件$", "", line)
    numbered = is_number(line) or is_ordinal(line) or read_decree(line)
    return (
        is_body(named)
        or bool(numbered)
        or read_masthead(line) is not None
        or bool(find_dates(line, monthly=True) and stands_alone(line))
    )


def _find_running(edges: Edges) -> str:
    """The head that runs over the pages of a report, beside its page numbers."""
    for match in (match for line in edges.head for match in [_RUNNING.fullmatch(line)] if match):
        title = (match["right"] or match["left"]).strip()
        if is_title(title):
            return title
    return ""


def _open(opening: Sequence[str]) -> str:
    """The opening words of a notice whose title nothing tells."""
    first = next((line for line in opening if any(character.isalnum() for character in line)), "")
    words = first[: _LIMIT_CHINESE if has_chinese(first) else _LIMIT_ENGLISH]
    if words == first and words:
        return words
    cut = words if has_chinese(words) else words.rpartition(" ")[0] or words
    return f"{cut.rstrip(' ,;:，；：')} …".strip()


def _fold(line: str) -> str:
    return re.sub(r"[\W_]+", "", line.translate(str.maketrans("〔〕［］", "[][]"))).casefold()
