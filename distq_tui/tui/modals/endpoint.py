"""A model's endpoint, named by hand: tested before it is kept in the config file."""

from __future__ import annotations

from typing import ClassVar, get_args

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Vertical
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Label

from distq_tui.config.keys import check_reference
from distq_tui.config.models import ModelSpec, ProviderName
from distq_tui.tui.records import HouseError, ModelLine
from distq_tui.tui.text.safe import label
from distq_tui.tui.widgets.field import Field
from distq_tui.tui.widgets.said import Said
from distq_tui.tui.window import InWindow

FIELDS = (
    ("name", "name", "as the server knows it"),
    ("provider", "provider", ", ".join(get_args(ProviderName))),
    ("base_url", "base URL", "https://api.example.com/v1; empty = the vendor's own"),
    ("key", "key", "a reference: env:NAME or keyring:NAME, never the key"),
    ("family", "family", "whose it truly is: openai, deepseek, qwen …"),
    ("label", "label", "its name on screen, where it differs"),
)


class EndpointModal(InWindow, ModalScreen[ModelLine | None]):
    """Gives the model that was kept, or None."""

    CSS_PATH = "modals.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "test", "Test", id="endpoint.test", tooltip="Ask for its list of models; costs nothing"),
        Binding("ctrl+s", "keep", "Keep", id="endpoint.keep", tooltip="Write it to the config file"),
        Binding("escape", "dismiss", "Close", id="endpoint.close"),
    ]

    def compose(self) -> ComposeResult:
        """A field a line, and what came of it."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Add a model"
            with Grid(classes="form"):
                for name, title, told in FIELDS:
                    yield Label(label(title))
                    yield Field("openai" if name == "provider" else "", placeholder=told, id=f"at-{name}", compact=True)
            yield Said("ctrl+t tests the connection, enter keeps it")
            yield Footer(compact=True)

    def _spec(self) -> ModelSpec:
        """The fields as a model.

        Raises:
            ValueError: one is missing or wrong; a key is never repeated.
        """
        values = {name: self.query_one(f"#at-{name}", Input).value.strip() for name, _, _ in FIELDS}
        if not values["name"]:
            raise ValueError("name: is missing")
        if any(mark in values["name"] for mark in ("@http", "#env:", "#keyring:")):
            raise ValueError("name: the name alone; address and key have fields of their own")
        provider = next((known for known in get_args(ProviderName) if known == values["provider"]), None)
        if provider is None:
            raise ValueError(f"provider: one of {', '.join(get_args(ProviderName))}")
        from distq_tui.config.file import check_base_url

        try:
            url = check_base_url(values["base_url"]) if values["base_url"] else None
        except ValueError as error:
            raise ValueError(f"base URL: {error}") from error
        try:
            key = check_reference(values["key"]) if values["key"] else None
        except ValueError as error:
            raise ValueError(f"key: {error}") from error
        family = values["family"] or None
        return ModelSpec(values["name"], provider, base_url=url, key=key, family=family, label=values["label"])

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_keep()

    def action_test(self) -> None:
        """Test the connection, and show what was asked."""
        self._work(keep=False)

    def action_keep(self) -> None:
        """Write it to the config file, and close."""
        self._work(keep=True)

    @work(exclusive=True)
    async def _work(self, *, keep: bool) -> None:
        house = self.window.house
        if house is None:
            return
        said = self.query_one(Said)
        try:
            spec = self._spec()
            if keep:
                self.dismiss(await house.add_model(spec))
                self.app.notify(f"{spec.title} is in the config file now.", markup=False)
                return
            said.say([("asking …", "dim")])
            found = await house.check_model(spec)
        except (ValueError, HouseError) as error:
            said.refuse(f"✗ {error}")
            return
        said.say([("✓ " if found.works else "✗ ", "good" if found.works else "bad"), (found.line(), "")])
