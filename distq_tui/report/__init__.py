"""A stored session told to somebody else: tables, figures, HTML, Markdown, JSON, CSV."""
