"""docs/config.md says of every field what the schema says, and its examples are read."""

import re
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from distq_tui.config.file import ConfigFile, ModelTable, PriceTable, read_config
from distq_tui.config.settings import load_settings
from distq_tui.plan import file as plan_file
from distq_tui.plan.file import load_plan

PAGE = Path(__file__).parents[2].joinpath("docs", "config.md").read_text("utf-8")
TABLES = {
    "The file": ConfigFile,
    "`[[models]]`": ModelTable,
    "`[[prices]]`": PriceTable,
    "The plan": plan_file.PlanFile,
    "`[params]`": plan_file.ParamsTable,
    "`[[prompts]]`": plan_file.PromptsTable,
    "`[ice]`": plan_file.IceTable,
    "`[adaptive]`": plan_file.AdaptiveTable,
    "`[judges]`": plan_file.JudgesTable,
    "`[embeddings]`": plan_file.EmbeddingsTable,
    "`[limits]`": plan_file.LimitsTable,
    "`[budget]`": plan_file.BudgetTable,
}


def rows_under(heading):
    section = re.split(r"^#+ ", PAGE.split(f"### {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines() if line.startswith("| `")]
    return {name.strip("`"): default for name, _, default, _ in rows}


def told(field):
    """The default as the page has it; None where the schema leaves it to what is read later."""
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float) and value is not PydanticUndefined:
        return f"{value:g}"
    if isinstance(value, list):
        return ", ".join(f"`{one}`" for one in value) or "none"
    return f"`{value}`" if isinstance(value, str) and value else None


def test_every_table_is_on_the_page():
    assert re.findall(r"^### (.+)$", PAGE, re.MULTILINE) == list(TABLES)


@pytest.mark.parametrize("heading", TABLES)
def test_every_field_is_told_with_its_default(heading):
    rows, fields = rows_under(heading), TABLES[heading].model_fields
    assert list(rows) == list(fields)
    for name, field in fields.items():
        if (default := told(field)) is not None:
            assert rows[name] == default, name


def blocks(section):
    return re.findall(r"^```toml\n(.*?)^```", PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0], re.S | re.M)


def test_the_examples_of_the_config_file_are_read(tmp_path):
    whole, own_server = blocks("The config file")
    for text in (whole, own_server, whole + own_server):
        (tmp_path / "config.toml").write_text(text)
        assert read_config(tmp_path / "config.toml").prices
    settings = load_settings(config=tmp_path / "config.toml", env={})
    (model,) = settings.models
    price = settings.prices.of(model)
    assert price.input * 1e6 == pytest.approx(0.27)
    assert set(read_config(tmp_path / "config.toml").model_fields_set) == set(ConfigFile.model_fields)


def test_the_example_of_a_plan_is_one(tmp_path):
    (text,) = blocks("A plan file")
    (tmp_path / "plan.toml").write_text(text)
    plan = load_plan(tmp_path / "plan.toml")
    assert [model.role for model in plan.models] == ["target", "reference", "judge"]
    assert plan.embeddings is not None


def test_no_example_stands_elsewhere():
    assert PAGE.count("```toml") == len(blocks("The config file")) + len(blocks("A plan file"))
