"""The words of the page, in English and Chinese, in one place."""

from __future__ import annotations

from views.pieces import show_turns

_ENGLISH = {
    "title": "Policy Desk",
    "tagline": "Ask the notices. Every sentence of an answer is a quotation that you can open and paste.",
    "tagline_drafted": "Ask the notices. Every sentence of an answer is proved by a quotation "
    "that you can open and paste.",
    "empty": "The desk is empty. Put notices into a folder and run: python -m ingest FOLDER",
    "on_desk": "On the desk",
    "notices": "notices",
    "of_notices": "Notices",
    "of_years": "Years",
    "of_issuers": "Issuers",
    "try": "Questions to begin with",
    "ask": "Ask about the notices, in English or Chinese",
    "filter": "Years to search",
    "all_years": "All years",
    "filter_help": "Only notices of these years are searched.",
    "new": "New conversation",
    "searching": "Searching {count} notices …",
    "source": "Source",
    "sources": "Sources",
    "open": "Open",
    "copy": "Copy citation",
    "copied": "Copied",
    "not_copied": "Copying was refused by the browser; select the text instead.",
    "nearest": "The passages that came nearest",
    "open_nearest": "What the notices say nearest to it",
    "withheld": "{count} sentences withheld",
    "withheld_one": "1 sentence withheld",
    "changed": "The source has changed since this answer; the sentence is no longer shown.",
    "back": "Back to the questions",
    "own_page": "Open on a page of its own",
    "replaced_since": "replaced since",
    "table": "Rows of a table",
    "drafting": "{model} is drafting; only what is proved is shown.",
    "issued": "Issued",
    "number": "Number",
    "issuer": "Issuer",
    "licence": "Licence",
    "file": "File",
    "gone": "This notice is not on the desk. It may have been changed or removed since the link was made.",
    "replaced": "The notice that this link leads to has changed since. What stood there is no longer on the desk; "
    "its present text is below.",
    "bad_span": "The link names a place that this notice does not have; it is shown from its beginning.",
    "cut_before": "… the notice begins further up",
    "cut_after": "the notice goes on …",
    "failed": "The question could not be answered",
    "english_model": "The multilingual model is not installed here: notices in Chinese are found by their words alone.",
    "samples": "{count} of these notices are samples of a fictional province, written to try the desk with.",
    "reading": "Reading the notices …",
}
_CHINESE = {
    "title": "政策咨询台",
    "tagline": "向文件提问。回答中的每一句都是原文，可打开核对、可直接引用。",
    "tagline_drafted": "向文件提问。回答中的每一句都有原文为据，可打开核对、可直接引用。",
    "empty": "库中还没有文件。请把文件放入文件夹，然后运行：python -m ingest 文件夹",
    "on_desk": "库中文件",
    "notices": "份文件",
    "of_notices": "文件",
    "of_years": "年份",
    "of_issuers": "发文机关",
    "try": "可以这样提问",
    "ask": "请用中文或英文提问",
    "filter": "检索年份",
    "all_years": "全部年份",
    "filter_help": "只检索所选年份的文件。",
    "new": "新的对话",
    "searching": "正在检索{count}份文件……",
    "source": "出处",
    "sources": "出处",
    "open": "打开",
    "copy": "复制引文",
    "copied": "已复制",
    "not_copied": "浏览器不允许复制，请手动选择文字。",
    "nearest": "最接近的段落",
    "open_nearest": "查看最接近的原文",
    "withheld": "未予显示的句子：{count}句",
    "withheld_one": "未予显示的句子：1句",
    "changed": "出处在回答之后已有变动，此句不再显示。",
    "back": "返回提问",
    "own_page": "在单独页面打开",
    "replaced_since": "已被取代",
    "table": "表格摘录",
    "drafting": "{model}正在起草，仅显示已核对的句子。",
    "issued": "发布日期",
    "number": "文号",
    "issuer": "发文机关",
    "licence": "许可",
    "file": "文件",
    "gone": "库中没有这份文件，可能在链接生成之后已被更改或移除。",
    "replaced": "该链接所指的文件已有变动，原处文字已不在库中；以下为现行文本。",
    "bad_span": "链接所指的位置在本文件中不存在，以下从头显示。",
    "cut_before": "……上文从略",
    "cut_after": "下文从略……",
    "failed": "无法回答该问题",
    "english_model": "此处未安装多语言模型：中文文件仅按字词检索。",
    "samples": "其中{count}份是为试用而编写的虚构省份示例文件。",
    "reading": "正在阅读文件……",
}


def read_words(locale: str | None) -> dict[str, str]:
    """The words for a browser's language such as 'zh-CN'; English where it is not Chinese."""
    return _CHINESE if (locale or "").lower().startswith("zh") else _ENGLISH


def escape_markdown(text: str) -> str:
    """Text that Streamlit's Markdown shows as it stands: no mark, link, image, colour or HTML in it."""
    escaped = show_turns(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{character}" if character in "\\`*_{}[]()#+-.!|~$:" else character for character in escaped)
