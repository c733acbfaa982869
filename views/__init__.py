"""Streamlit pages and components: they draw what the assistant proved, and hold no rules."""
