"""Which lines may be the title of a notice, and which are a menu, a label, a date, a number or the name of a body."""

from __future__ import annotations

import re

from ingest.bodies import is_body
from ingest.dates import find_dates, stands_alone
from ingest.masthead import read_masthead
from ingest.numbers import is_number, is_ordinal, read_decree
from store.words import has_chinese

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
    r"(?i)(?:(?:section|chapter|part|article|annex|appendix|schedule|figure|table)\s+[\divxlc]+\b.*|\d{1,2}(?:[.)]|(?:\.\d{1,2})+\.?)\s+\S.{0,60}"
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
_FOREIGN = re.compile(r"https?://|www\.|@|【法宝引证码】|CLI\.\d|[\w.-]+\.(?:gov|org|com|edu)\b")
_SITE = re.compile(r"\s*(?P<sign>[-–—|_·»:]|::)\s*(?P<site>[^-–—|_·»]{2,60})$")
_SITE_NAME = re.compile(r"(?i)\.(?:gov|org|com|edu|net)\b|gov\.uk|网$|网站$|门户|官网|home ?page|website|official site")
_STOPS = (".", "。", ":", "：", ";", "；", "！", "!", "?", "？")
_LONGEST_CHINESE = 130
LONGEST_ENGLISH, _LONGEST_CHINESE_LINE = 150, 60


def is_title(line: str) -> bool:
    """Whether a line may be the title of a notice."""
    return bool(
        any(character.isalpha() for character in line)
        and len(line) <= (_LONGEST_CHINESE if has_chinese(line) else 2 * LONGEST_ENGLISH)
        and not any(pattern.fullmatch(line) for pattern in (_JUNK, _NAVIGATION, _SECTION, _KIND_ALONE, _LABEL))
        and not _FOREIGN.search(line)
        and not is_letterhead(line)
    )


def is_prose(line: str) -> bool:
    """Whether a line is a sentence of the notice, and no line of its own."""
    limit = _LONGEST_CHINESE_LINE if has_chinese(line) else LONGEST_ENGLISH
    limit = _LONGEST_CHINESE if _ENDS_AS_TITLE.search(line) else limit
    is_aside = (_FOREIGN.search(line) and len(line) <= LONGEST_ENGLISH) or _LABEL.fullmatch(line)
    return not is_aside and (len(line) > limit or line.endswith(_STOPS))


def is_letterhead(line: str) -> bool:
    """Whether a line above the title is the name of a body, a number or a date."""
    named = re.sub("文件$", "", line)
    numbered = is_number(line) or is_ordinal(line) or read_decree(line)
    return (
        is_body(named)
        or bool(numbered)
        or read_masthead(line) is not None
        or bool(find_dates(line, monthly=True) and stands_alone(line))
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


def ends_as_title(line: str) -> bool:
    """Whether a Chinese line ends with a word for a kind of document, as titles do."""
    return bool(_ENDS_AS_TITLE.search(line))


def is_kind(line: str) -> bool:
    """Whether a line is no more than a kind of document, such as Minutes."""
    return len(line) > 3 and bool(_KIND_ALONE.fullmatch(line))


def is_label(line: str) -> bool:
    """Whether a line is a label with its value, such as To: all schools."""
    return bool(_LABEL.fullmatch(line))
