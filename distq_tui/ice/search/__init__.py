"""Adaptive probing: a search for templates under which a target claims another maker. Exploration, never a rate."""

from distq_tui.ice.search.lines import TreeLine, tree_lines
from distq_tui.ice.search.source import AdaptiveSearch

__all__ = ["AdaptiveSearch", "TreeLine", "tree_lines"]
