"""smm-tui: a keyboard-driven terminal workspace for social media administrators."""

__version__ = "0.1.0"
