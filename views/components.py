"""The two parts of the page that Streamlit does not have: an answer with labels, a text with a mark."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_ASSETS = Path(__file__).parent / "assets"


def _read(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


@cache
def _register(name: str) -> Callable[..., Any]:
    """The mounting command of a component whose script, style and root element bear its name."""
    component: Callable[..., Any] = st.components.v2.component(
        f"policy_desk_{name}",
        html=f'<div class="{name}"></div>',
        css=_read(f"{name}.css"),
        js=_read("copy.js") + "\n" + _read(f"{name}.js"),
    )
    return component


def draw_answer(values: dict[str, Any], key: str) -> tuple[int | None, int | None]:
    """Draw an answer; returns (label that was clicked, place of the nearest passage that was clicked)."""
    result = _register("answer")(
        key=key, data=values, on_opened_change=_ignore, on_neared_change=_ignore, height="content"
    )
    opened, neared = result.opened, result.neared
    return (None if opened is None else int(opened), None if neared is None else int(neared))


def draw_viewer(values: dict[str, Any], key: str) -> None:
    """Draw a notice's text with a span marked and in view."""
    _register("viewer")(key=key, data=values, height="content")


def _ignore() -> None:
    """A trigger reruns the page; what it asks for is read from the component's result."""
