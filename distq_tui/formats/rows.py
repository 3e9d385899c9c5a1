"""The reader of rows, where importers and scorers look for it; its code lies below every room that reads rows."""

from distq_tui.rows import read_rows

__all__ = ["read_rows"]
