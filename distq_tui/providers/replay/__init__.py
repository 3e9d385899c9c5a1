"""Stored answers played back: of a response file, of the events of an earlier run, or of a session in the database."""

from distq_tui.providers.replay.provider import ReplayProvider

__all__ = ["ReplayProvider"]
