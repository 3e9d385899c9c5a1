"""Scripted personas: answers without a model, for trying the tool out. Simulated, and marked so wherever they show."""

from distq_tui.providers.demo.personas import Persona, Personas, load_personas
from distq_tui.providers.demo.provider import DemoProvider

__all__ = ["DemoProvider", "Persona", "Personas", "load_personas"]
