"""Sample texts, one meaning in two languages, from which a model's mean vectors are measured.

They are of the kind that the desk holds, and deliberately unlike one another: what they share in the
model's eyes is what all texts of their language share.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_ENGLISH = (
    "The meeting was chaired by the deputy director, and delegates from twelve counties attended it.",
    "Applications must be submitted on the official website before 15 March; late ones are not considered.",
    "Primary school pupils in grades one and two are given no written homework.",
    "The grant is 4,500 yuan a year for each boarding student from a low-income household.",
    "A school may exclude a pupil only after the parents have been heard.",
    "This regulation takes effect on 1 September 2021; the provisional measures are repealed at the same time.",
    "Teachers complete at least ninety hours of training in each five-year cycle.",
    "The canteen displays its menu, its prices and its inspection report at the entrance.",
    "Universities publish the results of the survey by faculty and by year of study.",
    "Buses that carry children are inspected twice a year, and the driver has held a licence for three years.",
    "The river rises in the mountains and flows through two provinces before it reaches the sea.",
    "Contact the finance office by telephone or email if a payment has not arrived within ten days.",
    "The committee elects a chair and a secretary, who serve for two years.",
    "In the second quarter, output grew by 3.2 per cent, while prices hardly changed.",
    "Music, painting, dance and drama are taught for at least two lessons a week.",
    "Each district reports the number of kindergarten places and the shortfall by the end of June.",
    "The exhibition shows letters, maps and photographs from the founder's travels.",
    "Personal data of students may not be passed to third parties without written consent.",
    "Players who leave the match early lose their points and wait until the next round.",
    "He was born in a small village, studied medicine and later directed a hospital in the capital.",
    "Degree programmes with low employment are reduced, and new ones are approved by the ministry.",
    "Wash the vegetables, cut them finely and cook them over a low heat for twenty minutes.",
    "The library opens from eight in the morning until ten at night, except on public holidays.",
    "A reference number stands on every certificate, so that an employer can check it.",
)
_CHINESE = (
    "会议由副厅长主持，十二个县的代表参加了会议。",
    "申请须在3月15日前通过官方网站提交，逾期不予受理。",
    "小学一、二年级不布置书面家庭作业。",
    "对家庭经济困难的寄宿生，每生每年补助4500元。",
    "学校在听取家长意见之后，方可对学生作出停学处理。",
    "本规定自2021年9月1日起施行，原暂行办法同时废止。",
    "教师每五年一个周期内参加培训不少于九十学时。",
    "食堂应当在入口处公示菜谱、价格和检查结果。",
    "高等学校按院系和年级公布调查结果。",
    "接送学生的车辆每年检验两次，驾驶员须有三年以上驾龄。",
    "这条河发源于山区，流经两个省份后注入大海。",
    "款项十日内未到账的，请通过电话或者电子邮件联系财务处。",
    "委员会选举主任和秘书各一名，任期两年。",
    "第二季度产量增长百分之三点二，价格基本稳定。",
    "音乐、绘画、舞蹈和戏剧课程每周不少于两课时。",
    "各区县于六月底前上报幼儿园学位数量及缺口情况。",
    "展览展出了创始人旅途中的信件、地图和照片。",
    "未经书面同意，不得向第三方提供学生的个人信息。",
    "提前退出比赛的选手将被扣除积分，并须等到下一轮。",
    "他出生在一个小村庄，学医之后曾任首都一家医院的院长。",
    "压减就业率低的专业，新增专业须报教育部批准。",
    "把蔬菜洗净切碎，用小火煮二十分钟。",
    "图书馆每天早上八点至晚上十点开放，法定节假日除外。",
    "每份证书上都有编号，便于用人单位查验。",
)

SAMPLES: Mapping[str, tuple[str, ...]] = MappingProxyType({"en": _ENGLISH, "zh": _CHINESE})
