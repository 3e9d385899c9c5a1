"""What is chosen in Setup, and the `Choices` that it makes; pure, so that the screen only shows it.

A model typed as free text is read here: `name`, `provider:name`, `name@https://host/v1`, and a key reference after `#`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from distq_tui.config.addresses import http_address
from distq_tui.config.keys import check_reference
from distq_tui.config.models import PROVIDERS, ROLES, ModelSpec, Role
from distq_tui.tui.records import ModelLine, SetLine

if TYPE_CHECKING:
    from distq_tui.plan.choices import Choices

ROLE_LETTERS: dict[Role, str] = {"target": "T", "reference": "R", "control": "C", "judge": "J", "helper": "H"}
FUZZY_CUTOFF = 60
_TYPED = re.compile(r"(?:(?P<provider>[a-z]+):(?!//))?(?P<name>[^@#\s]+)(?:@(?P<url>[^#\s]+))?(?:#(?P<key>\S+))?")
_PLACED_FORM = re.compile(rf"(?:{'|'.join(PROVIDERS)}):(?!//)|.*[@#]")

ModelId = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """A number of the form; `integer` says which kind, empty means `default` (None = not sent, no limit)."""

    name: str
    title: str
    value: str
    integer: bool = True
    least: float = 1


OPTIONS = (
    Option("samples", "samples", "1"),
    Option("limit", "per set", "20"),
    Option("max_tokens", "max tokens", "512"),
    Option("temperature", "temperature", "", integer=False, least=0),
    Option("templates", "templates", ""),
    Option("questions", "asked each", "6"),
    Option("iterations", "search steps", "200"),
    Option("seed", "seed", "0", least=0),
    Option("concurrency", "at once", ""),
    Option("max_requests", "max calls", ""),
    Option("max_cost", "max $", "", integer=False, least=0),
)


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that is done or not; `needs` is the role without which it does nothing, None = it always can."""

    name: str
    title: str
    told: str
    needs: Role | None = None
    on: bool = True


SWITCHES = (
    Switch("twins", "primed twins", "each template that can name a maker, with one", on=False),
    Switch("judge_ice", "judge identity", "J models grade identity answers", "judge"),
    Switch("judge_rse", "judge similarity", "J models grade pairs of answers", "judge"),
    Switch("unsure", "only where unsure", "identity judges see what the detector doubts or flags", "judge", on=False),
    Switch("search", "adaptive search", "H rewrites templates against the first target", "helper"),
)


@dataclass(slots=True)
class Picks:
    """The choices so far.

    Attributes:
        own_limits: how many prompts of a set are asked, where an opened plan says that of the set itself; None = all.
        opened: the plan that was opened last; what the form does not show of it stays as it is.
    """

    lines: list[ModelLine] = field(default_factory=list)
    sets: list[SetLine] = field(default_factory=list)
    roles: dict[ModelId, Role] = field(default_factory=dict)
    chosen: set[str] = field(default_factory=set)
    on: set[str] = field(default_factory=lambda: {switch.name for switch in SWITCHES if switch.on})
    values: dict[str, str] = field(default_factory=lambda: {option.name: option.value for option in OPTIONS})
    own_limits: dict[str, int | None] = field(default_factory=dict)
    opened: Choices | None = None

    def add(self, lines: Sequence[ModelLine]) -> None:
        """More models; those already there stay as they are."""
        known = {ident(line.spec) for line in self.lines}
        self.lines += [line for line in lines if ident(line.spec) not in known]

    def put(self, lines: Sequence[ModelLine]) -> None:
        """Models as they are now, in place of their older lines where there are such; roles stay."""
        now = {ident(line.spec): line for line in lines}
        self.lines = [now.get(ident(line.spec), line) for line in self.lines]
        self.add(lines)

    def say_family(self, line: ModelLine, family: str) -> ModelLine:
        """What the user says of the model, "" for nothing; gives its line, which is no guess any more."""
        said = replace(line, spec=replace(line.spec, family=family or None), guessed=False)
        self.lines[self.lines.index(line)] = said
        return said

    def toggle(self, line: ModelLine, role: Role) -> None:
        """Give the model that role, or take it away where it has it."""
        key = ident(line.spec)
        if self.roles.get(key) == role:
            del self.roles[key]
        else:
            self.roles[key] = role

    def toggle_set(self, name: str) -> None:
        """Take a set, or leave it."""
        self.chosen ^= {name}

    def set_value(self, name: str, value: str) -> None:
        """Write a number; one for every set takes the place of their own."""
        if name == "limit" and value != self.values[name]:
            self.own_limits.clear()
        self.values[name] = value

    def toggle_switch(self, name: str) -> None:
        """Turn it on or off."""
        self.on ^= {name}

    def applies(self, switch: Switch) -> bool:
        """Whether somebody has the role that it needs."""
        return switch.needs is None or switch.needs in self.roles.values()

    def does(self, name: str) -> bool:
        """Whether the switch is on and applies."""
        return name in self.on and any(switch.name == name and self.applies(switch) for switch in SWITCHES)

    def matching(self, query: str) -> list[ModelLine]:
        """The models that the query finds, best first; picked ones first where it is empty.

        One that says where its model is finds none that is only nearly called that: it means another.
        """
        if not query.strip():
            return sorted(self.lines, key=lambda line: ident(line.spec) not in self.roles)
        from rapidfuzz import fuzz, process, utils

        texts = [
            f"{line.spec.title} {line.spec.provider} {line.spec.name} {line.spec.key or ''}".lower()
            for line in self.lines
        ]
        needle = query.lower().strip()
        held = [at for at, text in enumerate(texts) if needle in text]
        if is_placed(needle):
            return [self.lines[at] for at in held]
        known = set(held)
        near = process.extract(
            query,
            {at: line.spec.title for at, line in enumerate(self.lines) if at not in known},
            scorer=fuzz.token_set_ratio,
            processor=utils.default_process,
            score_cutoff=FUZZY_CUTOFF,
            limit=50,
        )
        return [self.lines[at] for at in held] + [self.lines[at] for _, _, at in near]

    def picked_lines(self) -> list[tuple[ModelLine, Role]]:
        """The models with their roles: targets, references, controls, judges, helpers, in the list's order."""
        found = [(line, role) for line in self.lines if (role := self.roles.get(ident(line.spec)))]
        return sorted(found, key=lambda pair: ROLES.index(pair[1]))

    def picked(self) -> list[ModelSpec]:
        """The same as a plan takes them."""
        return [replace(line.spec, role=role) for line, role in self.picked_lines()]


def ident(spec: ModelSpec) -> ModelId:
    """What tells two lines of the picker apart."""
    return spec.title, spec.provider, spec.base_url or ""


def is_placed(text: str) -> bool:
    """Whether the text says more than a name: whom to ask, where, or by which key."""
    return _PLACED_FORM.match(text.strip()) is not None


def typed_model(text: str) -> ModelSpec:
    """A model from free text: `[provider:]name[@base_url][#env:KEY]`.

    Raises:
        ValueError: the text is none; its message says what would be right.
    """
    match = _TYPED.fullmatch(text.strip())
    if match is None:
        raise ValueError("a model is [provider:]name[@base_url][#env:KEY]")
    provider = match["provider"] or "openai"
    known = next((name for name in PROVIDERS if name == provider), None)
    if known is None:
        raise ValueError(f"unknown provider {provider!r}; there are {', '.join(PROVIDERS)}")
    try:
        url = http_address(match["url"]) if match["url"] else None
    except ValueError as error:
        raise ValueError(f"the base URL {error}") from error
    key = check_reference(match["key"]) if match["key"] else None
    return ModelSpec(match["name"], known, base_url=url, key=key)


def number(option: Option, value: str) -> float | None:
    """The option's number, None for an empty one.

    Raises:
        ValueError: it is none, or too small.
    """
    if not value.strip():
        return None
    try:
        parsed = int(value) if option.integer else float(value)
    except ValueError:
        raise ValueError(
            f"{option.title}: {'a whole number' if option.integer else 'a number'}, not {value!r}"
        ) from None
    if not parsed >= option.least or parsed == float("inf"):
        raise ValueError(f"{option.title}: at least {option.least:g}")
    return parsed
