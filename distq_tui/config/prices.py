"""What a call costs. An unknown price is None (shown as n/a), never 0.

The bundled table is a small dated subset in LiteLLM's format; a user's own file in that format replaces it, and
`[[prices]]` of the config comes before either. A vendor's list price is used at that vendor's own endpoint only: the
same name behind a proxy may cost anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from distq_tui.config.models import ModelSpec
from distq_tui.errors import InputError

if TYPE_CHECKING:  # the event records take 15 ms to make, before the first frame
    from distq_tui.events import Usage

_VENDOR_HOSTS = {
    "openai": "api.openai.com",
    "anthropic": "api.anthropic.com",
    "deepseek": "api.deepseek.com",
    "mistral": "api.mistral.ai",
    "xai": "api.x.ai",
    "moonshot": "api.moonshot.cn",
    "dashscope": "dashscope.aliyuncs.com",
}
_DEFAULT_URL = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}
_FREE_PROVIDERS = frozenset({"local", "replay", "demo"})
BUNDLED = Path(__file__).with_name("prices.json")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per token."""

    input: float
    output: float

    def of(self, usage: Usage) -> float:
        """The cost of one call."""
        return self.input * usage.input_tokens + self.output * usage.output_tokens


FREE = Price(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """A price of the user's config; `base_url` None = wherever that model is served."""

    model: str
    price: Price
    base_url: str | None = None


class Prices:
    """Looks prices up.

    Args:
        table: a file in LiteLLM's format.
        own: the user's own prices, which come first.
    """

    def __init__(self, table: Path = BUNDLED, own: Sequence[OwnPrice] = ()) -> None:
        self._table_file = table
        self._own = tuple(own)

    def of(self, model: ModelSpec) -> Price | None:
        """The price of a model at its endpoint; None where it is not known.

        Raises:
            InputError: the price file can't be read.
        """
        if model.provider in _FREE_PROVIDERS:
            return FREE
        url = model.base_url or _DEFAULT_URL[model.provider]
        for own in self._own:
            if own.model == model.name and own.base_url in {None, url}:
                return own.price
        row = self._table.get(model.name)
        if row is None or urlsplit(url).hostname != _VENDOR_HOSTS.get(str(row.get("litellm_provider"))):
            return None
        return _price(row)

    @cached_property
    def _table(self) -> Mapping[str, Mapping[str, Any]]:
        try:
            table = json.loads(self._table_file.read_text("utf-8"))
        except OSError as error:
            raise InputError(error.strerror or "cannot be read", file=self._table_file) from error
        except json.JSONDecodeError as error:
            raise InputError(f"not JSON: {error.msg}", file=self._table_file, line=error.lineno) from error
        except (ValueError, RecursionError) as error:
            raise InputError("not JSON that can be read", file=self._table_file) from error
        if not isinstance(table, dict):
            raise InputError("must be an object of models, as LiteLLM writes it", file=self._table_file)
        return {name: row for name, row in table.items() if isinstance(row, dict)}


def _price(row: Mapping[str, Any]) -> Price | None:
    match row.get("input_cost_per_token"), row.get("output_cost_per_token"):
        case float() | int() as asked, float() | int() as told if 0 <= asked < inf and 0 <= told < inf:
            return Price(float(asked), float(told))
        case _:
            return None
