"""The embedded default: a real language model in this process, without key and network."""

from distq_tui.providers.local.models import SHIPPED_MODEL, SIBLING_MODEL, why_unavailable
from distq_tui.providers.local.provider import LocalProvider

__all__ = ["SHIPPED_MODEL", "SIBLING_MODEL", "LocalProvider", "why_unavailable"]
