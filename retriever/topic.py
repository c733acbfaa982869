"""Whether a question stands alone: names a topic of its own, or leans on the conversation before it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from functools import lru_cache

from retriever.issuers import find_issuers
from retriever.mentions import find_mentions
from store.words import content_terms, find_numbers, has_chinese

# Words with which a question takes up the one before it: "And in 2022?", 那初中呢？
LEAD = re.compile(
    r"(?i)^\s*(?:(?:(?:and|but|so|or|also|then|ok(?:ay)?|well|now|plus)\b[,\s]*)*"
    r"(?:what\s+about|how\s+about|what\s+of|same\s+(?:for|with|in)|what\s+if|and\s+if)\b"
    r"|(?:and|but|also|then|plus)\b(?:[,\s]+(?:what|how|for|in|at|with)\s+(?:about|of)\b)?"
    r"|which\s+of\s+(?:them|these|those)\b|what\s+else\b|any\s+exceptions?\b"
    # "Even in the last grade?", "For boarding pupils?": a phrase that no clause follows.
    r"|(?:even|only|just|except|including|unless|not|for|in|at|on|with|under|from|to|by|during|after|before|within)\b"
    r"(?=(?:\s\S+){0,7}\s*$)(?!.*\b(?:is|are|was|were|be|has|have|had|do|does|did|must|may|can|could|will|would|shall"
    r"|should|how|what|who|which|where|why)\b))"
    r"|^\s*(?:那么?|还有|另外|此外|以及|至于|换成|又(?=[是有])|占|[和与跟比](?:原来|之前|以前|过去)|(?:如果|若|要是)(?:是|换成))"
)
_ASKS_ON = re.compile(r"呢\s*[？?]?\s*$")
# "A year later", 第二年: a year told from that of the conversation.
LATER_YEAR = re.compile(
    r"(?i)\b(?:a|one|two|three|four|five|\d{1,2})\s+years?\s+(?:later|after(?:wards)?|on|earlier|before|previously)\b"
    r"(?!\s+last\b)|\bthe\s+(?:following|next|subsequent|previous|preceding)\s+(?:\w+\s+)?year\b"
    r"|\bthe\s+year\s+(?:after|before)\b(?!\s+last\b)"
    r"|次年|第二年|[后下]一年|转年|翌年|[前上]一年|[一两二三四五\d]年[以之]?[前后]"
)
# A pronoun, and "that" where no clause of its own follows.
_BACK = re.compile(
    r"(?i)\b(?:it|its|they|them|their|theirs|those|these|he|she|his|him)\b"
    r"|\bthis\b(?!\s+(?:(?:academic|school)\s+)?year\b)"
    r"|\b(?:about|of|for|is|was|does|did|do|that|to|by|under|in|with|after|before|why)\s+that\b(?!(?:\s+\w+){4})"
    r"|\b(?:the\s+same|such)\b|\bthere\b(?<!\bis there)(?<!\bare there)(?<!\bwas there)(?<!\bwere there)"
    r"|[它她他]们?|这(?!几年)|那[个些份项里种次家]|(?<!应)该(?!不)|其(?![他中它实余])|上述|前者|后者|同样"
)
# "Is it allowed to …?": this "it" stands for what follows it.
_NO_BACK = re.compile(
    r"(?i)\b(?:is|was)\s+it\s+(?:\w+\s+)?(?:allowed|possible|necessary|required|true|permitted|compulsory|legal"
    r"|mandatory)\b|\bit\s+(?:rains?|snows?)\b"
)
# "Can temporary teachers apply?" does not say for what.
_UNFINISHED = re.compile(
    r"(?i)\b(?:apply|qualify|eligible|included|excluded|covered|exempt(?:ed)?|entitled|count|attend|participate"
    r"|take\spart|affected|concerned|get|receive|benefit|join|comply|decide|approve|pay|object|appeal|complain)"
    r"(?:\s(?:too|as\swell|for\sit|one))?\s*\?*$"
    r"|(?:申请|参加|享受|报名|适用|执行|减免|免除|报销|领取)吗?\s*[？?]*$"
)
# The title of a notice or the name of a law is a topic by itself.
_TITLE = re.compile(
    "《[^》]{3,}》|(?<![该本此这部项])[\u4e00-\u9fff]{2}"
    "(?:条例|(?<![办方用做无依合违非立执司说看想设])法(?!律|治|院|官|人|制|规(?!定)))"
)

# What any notice has or any question asks for: the deadline, the form, who applies. It names no topic.
_ANY_NOTICE = """
    accept address advance affect aim allow amendment amount annex annual answer another appeal appendix applicant
    application apply appoint approve arrange article ask attachment attend authority back ban begin breach bring
    bureau call case category change charge check circular city class close come compare compliance comply concern
    condition consequence contact contain content copy cost count county cover criteria date day deadline decide
    decision decline define definition delay department detail differ difference different direct district division do
    document due earlier early effect eligible else email end enforce ensure enter example exactly except exception
    exclude exempt exemption exist expire explain extend extra fail figure file final find finish first follow forbid
    force form full gave get give given go handle happen head held help hold host hour include inform instead involve
    issue issuer join keep kind last late later law lead least leave length less level limit list long longer lot main
    make many material maximum mean meant member method minimum minute miss month more most much must name necessary
    need new next notice notify number numbers obligation office officer often ok okay old open order organise others
    out page paragraph part participant participate pay payment penalty people per percent percentage period permit
    permitted person phone place plan point policy possible preside previous price procedure process prohibit
    prohibited proportion provide province provision publish punish purpose put qualify question rate reach read ready
    reason receive record refuse region regulation reject renew replace reply report request require required
    requirement respond responsible result return review right rule run same say second section see send set share
    show sign signed soon sort source speak speaker speech standard start state stay step still stop submission
    submit sum support table take talk target task tell assess calculate cancel compute consult damage deduct
    determine double drop exceed grow increase inspect lose lower measure monitor postpone raise rank reduce refund
    rise sanction select supervise suspend withdraw even term text thank thanks third time timetable total town true
    turn type under unit use valid venue version violate wait want way week welcome when whole work wrong year yearly
    yes hello hi please really ever actually briefly somebody anyone someone began begun built came chose chosen did
    done drawn fell found gone got had heard kept knew known led left lost made met paid ran said sat saw seen sent
    shown spent spoke spoken stood taken taught told took went won everyone everybody anybody nobody one two three
    four five
""".split()
_ANY_NOTICE_ZH = frozenset(
    """
    时间 地点 期限 截止 截止日期 日期 什么时间 申请 申报 报送 报名 提交 上报 汇总 汇总表 总表 登记 登记表 报名表 回执
    上交 表格 附件 材料 名单 名额 数量 人数 金额 标准 条件 要求 规定 程序 流程 步骤 方式 办法 对象 范围 原因 理由 例外
    负责 负责人 联系 联系人 电话 邮箱 地址 单位 部门 机构 主持 主持人 参加 出席 讲话 发言 召开 举行 举办 内容 情况
    结果 目的 目标 依据 处理 处罚 处分 惩罚 后果 违反 检查 监督 审核 审批 批准 公布 公示 发布 印发 文件 通知 意见 条例
    方案 文号 标题 收费 费用 缴纳 支付 发放 领取 补发 金 元 多久 多长 多长时间 每天 每周 每月 每年 每学期 每次 每人
    每生 最多 最少 最高 最低 至少 不得 可以 应当 必须 需要 不能 允许 禁止 是否 开始 结束 起止 执行 施行 实施 生效 有效
    有效期 截至 完成 达到 分别 具体 主要 哪些 哪几项 几项 几个 几次 几天 几年 日 月 年 天 周 次 人 名 前 后 起 止 新
    旧 原来 现在 以前 之前 以后 之后 其他 另外 谢谢 你好 您好 好的 明白 解释 说明 介绍 一下 省 市 县 区 地区 全省 全市
    全县 各市 各县 为什么 怎么办 怎样 怎么样 如何 提供 准备 包括 属于 适用 针对 算 给 让 做 用 交 发 填 找 看 说 办 定
    书面 第几 第一 第二 第三 第四 计算 确定 认定 排名 组织 安排 通报 退还 退费 扣除 增加 减少 提高 降低 取消 延期 延长
    推迟 调整 承担 资金 赔偿 损坏 购买 年龄 限制 资格 身份 人员 人人 所有 任何 全部 部分 有关 相关 上限 下限 比例 占比
    总数 共 一共 总共 合计 左右 大概 大约 以上 以下 以内 之内 之外
    """.split()
)
# What the desk is about, and heads that a first mention qualifies ("the rural teacher bursary") and a later one
# does not ("the bursary"): with a word of its own beside it, it is a topic; alone, it is none.
_DOMAIN = """
    school teacher pupil student education educational course college university kindergarten parent principal
    headteacher child children learner training trainee grade lesson staff employee programme program scheme project
    pilot allowance grant bursary loan award fund funding subsidy salary fee meeting conference event system committee
    board curriculum campus teaching learning
""".split()
_DOMAIN_ZH = frozenset(
    """
    学校 教师 老师 学生 家长 校长 教育 教学 课程 培训 会议 补助 补贴 资助 津贴 奖学金 贷款 经费 资金 项目 试点 幼儿园
    小学 初中 高中 中学 大学 高校 中小学 中小学生 小学生 中学生 教职工 工作 活动 班级 年级 教育局 教育厅 服务
    管理 制度 计划
    """.split()
)
# 三项, 几所, 每人: how many, of anything.
_COUNT = re.compile("[\\d.,:/]+|.|[几多每各某].{1,2}|[一二两三四五六七八九十][次项个名所天年月条点倍]")


@lru_cache(maxsize=1)
def _weak_terms() -> tuple[frozenset[str], frozenset[str]]:
    """(terms that name no topic, terms that do so only with another)."""
    domain = frozenset(content_terms(" ".join(_DOMAIN))) | _DOMAIN_ZH
    return (frozenset(content_terms(" ".join(_ANY_NOTICE))) | _ANY_NOTICE_ZH) - domain, domain


def name_topic(text: str) -> tuple[list[str], bool]:
    """(the terms of `text` that name a topic, whether it also has a word of the desk's domain).

    Three words of the domain together name a topic too: 教师培训经费.
    """
    none, domain = _weak_terms()
    terms = [term for term in content_terms(text) if not _COUNT.fullmatch(term)]
    longest = [t for t in terms if not (has_chinese(t) and any(t != other and t in other for other in terms))]
    named = [term for term in longest if term not in none and term not in domain]
    topic = [term for term in named if not _made_of(term, none | domain)]
    of_domain = [term for term in longest if term in domain]
    return topic or (of_domain if len(of_domain) > 2 else []), bool(of_domain)


def _made_of(term: str, weak: Collection[str]) -> bool:
    """Whether a Chinese term is two weak ones joined, such as 申报材料."""
    return has_chinese(term) and any(term[:cut] in weak and term[cut:] in weak for cut in range(1, len(term)))


def _points_back(text: str) -> bool:
    """Whether a pronoun stands for something that the question itself has not named."""
    back = None if _NO_BACK.search(text) else _BACK.search(text)
    if back is None:
        return False
    topic, domain = name_topic(text[: back.start()])
    # "Must schools review their charters?" names those whom it means.
    return len(topic) < 2 and not (back.group().lower() in {"they", "their", "theirs"} and (topic or domain))


def stands_alone(asked: str, today: datetime.date, known: Collection[str] = ()) -> bool:
    """Whether a question needs nothing of the conversation: it names a notice, or a topic of its own.

    `known`: the issuers of the desk.
    """
    led = LEAD.match(asked) is not None or (_ASKS_ON.search(asked) is not None and len(asked) < 20)
    if (find_numbers(asked) or _TITLE.search(asked)) and not led:
        return True
    rest = list(asked)
    mentions = find_mentions(asked, today)
    issuers = find_issuers(asked, known)
    for start, end in [(place.start, place.end) for place in mentions] + [
        (place.start, place.end) for place in issuers
    ]:
        rest[start:end] = " " * (end - start)
    bare = LATER_YEAR.sub(" ", LEAD.sub(" ", "".join(rest)))
    topic, domain = name_topic(bare)
    if led:
        return len(topic) + domain >= 4
    if (LATER_YEAR.search(asked) and len(topic) < 2 and not mentions) or _points_back(bare):
        return False
    if _UNFINISHED.search(bare) and len(topic) < 2 and not mentions:
        return False
    helped = domain or bool(issuers)
    return len(topic) + helped >= 2 or (domain and bool(mentions))
