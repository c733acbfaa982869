"""A moment as the reader's clock shows it."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def show_moment(at: str) -> str:
    """Such as 2026-11-23 18:02; `at` is in UTC, as ISO 8601, and so is what is shown where no zone is known."""
    zone = _read_zone()
    shown = datetime.fromisoformat(at).astimezone(zone or UTC).strftime("%Y-%m-%d %H:%M")
    return shown if zone else f"{shown} UTC"


def _read_zone() -> tzinfo | None:
    name = st.context.timezone
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
