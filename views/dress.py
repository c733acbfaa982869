"""What all pages wear: the style that Streamlit's theme cannot say."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_STYLE = Path(__file__).parent / "assets" / "page.css"


def dress_page() -> None:
    """Lay the style over the page; it takes no room."""
    st.html(_STYLE)
