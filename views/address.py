"""The address under which a browser reached the desk, and the links that lead to its sources."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import streamlit as st

from core.types import Span


def read_address() -> str:
    """Such as http://127.0.0.1:8501, without page or query; '' where no browser asks."""
    parts = urlsplit(st.context.url or "")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    folder = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{parts.scheme}://{parts.netloc}" + (f"/{folder}" if folder else "")


def link_source(notice_id: str, span: Span | None = None) -> str:
    """The permanent link to a notice, or to code points of it: it opens the same words whatever becomes of the file."""
    place = f"&at={span.start}-{span.end}" if span else ""
    return f"{read_address()}/?notice={quote(notice_id, safe='')}{place}"
