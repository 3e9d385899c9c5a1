"""Vectors of texts, by what was embedded, where and by which model; and the similarities that were made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from distq_tui.events import SemanticScored
from distq_tui.store.connection import Connected, to_json

_ADD = "INSERT OR IGNORE INTO embeddings (text_hash, endpoint, model, vector, created_at) VALUES (?, ?, ?, ?, ?)"
_FIND = "SELECT vector FROM embeddings WHERE text_hash = ? AND endpoint = ? AND model = ?"
_ADD_SCORE = "INSERT OR REPLACE INTO semantic_scores (response_a, response_b, version, semantic) VALUES (?, ?, ?, ?)"


class SemanticTables(Connected):
    """What the semantic aspect stores; vectors are keyed apart from responses, which may share a text."""

    def vectors(self, hashes: Iterable[str], *, endpoint: str, model: str) -> dict[str, list[float]]:
        """The stored vectors of these texts, by their hash."""
        found: dict[str, list[float]] = {}
        for text_hash in hashes:
            row = self._conn.execute(_FIND, (text_hash, endpoint, model)).fetchone()
            if row is not None:
                found[text_hash] = json.loads(row[0])
        return found

    def add_vectors(self, vectors: Mapping[str, Sequence[float]], *, endpoint: str, model: str, at: str) -> None:
        """Store vectors by the hash of their text; `at` is ISO-8601 UTC. One that is stored already stays."""
        with self._transaction():
            for text_hash, vector in vectors.items():
                self._write(_ADD, (text_hash, endpoint, model, to_json(list(vector)), at))

    def add_semantic(self, scores: Iterable[SemanticScored]) -> None:
        """Store similarities; a pair is the same in either order."""
        with self._transaction():
            for score in scores:
                rows = (min(score.row_a, score.row_b), max(score.row_a, score.row_b))
                self._write(_ADD_SCORE, (*rows, score.version, score.semantic))
