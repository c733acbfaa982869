"""Made-up notices of each kind and language as cards, and any card at all, for the tests of citations."""

from __future__ import annotations

from hypothesis import strategies as st

from core.types import NoticeCard, Pinpoint

_URL, _READ = "https://edu.example/7", "2026-11-23"

CITED = {
    "notice_en": (
        NoticeCard(
            "a1", "a.pdf", "Warm Meals in Primary Schools.", "Bureau of Education", "No. 7 [2022]", "2022-03-25",
            url=_URL, accessed_on=_READ,
        ),
        Pinpoint("", 4, 2),
    ),
    "notice_zh": (
        NoticeCard(
            "a2", "a.pdf", "《青湖市教育局关于印发〈学校供餐办法〉的通知》", "青湖市教育局、青湖市财政局",
            "青教〔2022〕18号", "2022-03-25", language="zh", url=_URL, accessed_on=_READ,
        ),
        Pinpoint("第三条", 9, 3),
    ),
    "law_en": (
        NoticeCard(
            "a3", "a.pdf", "School Meals Act 2021", "Parliament of Harbour", "c. 14", "2021-06",
            url=_URL, accessed_on=_READ,
        ),
        Pinpoint("Section 5(1)", 9),
    ),
    "law_zh": (
        NoticeCard(
            "a4", "a.pdf", "青湖市学校供餐条例（2019年修正）", "青湖市人民代表大会常务委员会", "", "2019-11-30",
            language="zh", url=_URL, accessed_on=_READ,
        ),
        Pinpoint("第十二条"),
    ),
    "guidance_en": (
        NoticeCard(
            "a5", "a.html", "How do you apply for free meals?", "Department for Families (Meals Service)", "", "2024",
            url=_URL, accessed_on=_READ,
        ),
        Pinpoint("", 6),
    ),
    "guidance_zh": (
        NoticeCard("a6", "a.html", "供餐补贴申请指南", "青湖市教育局", language="zh", url=_URL, accessed_on=_READ),
        Pinpoint("", 6),
    ),
    "meeting_en": (
        NoticeCard(
            "a7", "a.docx", "Report of the Meeting on School Meals",
            "Meals Council; Bureau of Education; Bureau of Health; Audit Office", "12/2023", "2023-01-09",
            meeting_on="2023-01-05", accessed_on=_READ,
        ),
        Pinpoint("3.2", 9, 5),
    ),
    "meeting_zh": (
        NoticeCard(
            "a8", "a.docx", "学校供餐工作会议纪要", "教育局、财政局、卫生局、审计局", "", "2023-01-09",
            language="zh", accessed_on=_READ,
        ),
        Pinpoint("", 2, 1),
    ),
    "bare_en": (NoticeCard("a9", "a.txt", "On Meals"), Pinpoint("", None, 8)),
    "bare_zh": (NoticeCard("b1", "a.txt", "供餐安排", language="zh", url=_URL), Pinpoint("", 3)),
}  # fmt: skip

# What means something to LaTeX, HTML, RIS or a style; what is not seen; halves of characters.
_NASTY = (
    "{}\\%$#_~^&\"'`<>@=,;；、.。?()（）[]《》〈〉“”-|a7文号法 \n\r\t\x00\x1b\x85\u2028\u200f\u202e\ufeff\ud800\uffff"
)
texts = st.text(st.one_of(st.sampled_from(_NASTY), st.characters(codec="utf-8")), max_size=40)
_days = st.one_of(st.sampled_from(["", "2023", "2023-03", "2023-03-15", "2023-13-40", "0000", "２０２３"]), texts)
_addresses = st.one_of(st.sampled_from(["", "https://x.example/a_b?c=%20&d={e}\\f#g;h", "www.x.example"]), texts)
cards = st.builds(
    NoticeCard,
    notice_id=texts,
    path=texts,
    title=texts,
    issuer=texts,
    number=texts,
    issued_on=_days,
    language=st.sampled_from(["en", "zh", "fr"]),
    url=_addresses,
    meeting_on=_days,
    accessed_on=_days,
)
places = st.builds(
    Pinpoint, texts, st.one_of(st.none(), st.integers(0, 9999)), st.one_of(st.none(), st.integers(0, 9999))
)
