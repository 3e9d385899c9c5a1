"""The command palette: every action that applies now, titled `area: Verb`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.types import IgnoreReturnCallbackType


class ActionCommands(Provider):
    """The actions behind the keys of the screen that the palette was opened on."""

    def _actions(self) -> Iterator[tuple[str, str, IgnoreReturnCallbackType]]:
        seen: set[str] = set()
        for node, binding, enabled, _ in self.screen.active_bindings.values():
            if not (enabled and binding.description and binding.id) or binding.system or binding.action in seen:
                continue
            seen.add(binding.action)
            area = binding.id.partition(".")[0]
            if area == "list":  # moving a cursor is no command
                continue
            key = self.app.get_key_display(binding)
            told = f"{binding.tooltip or binding.description} ({key})"
            yield f"{area}: {binding.description}", told, partial(self.app.run_action, binding.action, node)

    async def discover(self) -> Hits:
        """All of them."""
        for title, told, run in self._actions():
            yield DiscoveryHit(title, run, help=told)

    async def search(self, query: str) -> Hits:
        """Those that match."""
        matcher = self.matcher(query)
        for title, told, run in self._actions():
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), run, help=told)
