"""A stored session told to somebody else: tables, figures, HTML, Markdown, JSON, CSV."""

from distq_tui.report.build import build_report
from distq_tui.report.model import Report
from distq_tui.report.write import write_report_file

__all__ = ["Report", "build_report", "write_report_file"]
