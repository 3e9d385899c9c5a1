"""What a call costs: own prices first, list prices at the vendor's own host only, unknown is never 0."""

import json

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.config.prices import BUNDLED, FREE, OwnPrice, Price, Prices
from distq_tui.errors import InputError
from distq_tui.events import Usage

OPENAI = "https://api.openai.com/v1"


def openai(name="gpt-4o-mini", url=None):
    return ModelSpec(name, "openai", base_url=url)


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "prices.json"

    def write(value):
        file.write_text(value if isinstance(value, str) else json.dumps(value))
        return Prices(file)

    return write


def test_a_list_price_is_the_vendor_s_own_host_s(table):
    row = {"input_cost_per_token": 1e-6, "output_cost_per_token": 3e-6, "litellm_provider": "openai"}
    prices = table({"gpt-4o-mini": row})
    assert prices.of(openai()) == prices.of(openai(url=OPENAI)) == Price(1e-6, 3e-6)
    for url in ("https://proxy.example/v1", "http://127.0.0.1:8000/v1", "https://api.openai.com.evil.example/v1"):
        assert prices.of(openai(url=url)) is None
    assert prices.of(openai("gpt-unheard-of")) is None
    assert prices.of(ModelSpec("gpt-4o-mini", "anthropic")) is None


def test_the_price_counts_both_directions():
    assert Price(2.0, 3.0).of(Usage(10, 100, "reported")) == 320.0


@pytest.mark.parametrize("provider", ["local", "demo", "replay"])
def test_what_is_not_called_over_a_network_is_free(provider):
    assert Prices().of(ModelSpec("gpt-4o", provider)) == FREE


def test_own_prices_come_first_and_may_be_for_one_endpoint():
    proxy, other = Price(1.0, 1.0), Price(2.0, 2.0)
    prices = Prices(own=[OwnPrice("gpt-4o-mini", proxy, "https://p.example/v1"), OwnPrice("mine", other)])
    assert prices.of(openai(url="https://p.example/v1")) == proxy
    assert prices.of(openai("mine", "https://anywhere.example/v1")) == other
    assert prices.of(openai()) not in {None, proxy}, "at the vendor's own endpoint the list price holds"


def test_an_own_price_for_the_vendor_s_url_holds_where_no_url_is_given():
    own = Price(9.0, 9.0)
    assert Prices(own=[OwnPrice("gpt-4o-mini", own, OPENAI)]).of(openai()) == own


@pytest.mark.parametrize(
    "row",
    [
        {"input_cost_per_token": 1.0},
        {"input_cost_per_token": "1", "output_cost_per_token": 1.0},
        {"input_cost_per_token": -1.0, "output_cost_per_token": 1.0},
        {"input_cost_per_token": None, "output_cost_per_token": 1.0},
        {"input_cost_per_token": 1.0, "output_cost_per_token": float("nan")},
    ],
)
def test_a_row_without_two_costs_is_unknown(table, row):
    assert table({"gpt-4o-mini": {**row, "litellm_provider": "openai"}}).of(openai()) is None


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("{\n]", ":2: not JSON: Expecting property name enclosed in double quotes"),
        ("[]", ": must be an object of models, as LiteLLM writes it"),
        ("[" * 100_000, ": not JSON that can be read"),
    ],
)
def test_a_price_file_that_is_wrong_is_one_line(table, tmp_path, content, line):
    prices = table(content)
    with pytest.raises(InputError) as caught:
        prices.of(openai())
    assert str(caught.value) == f"{tmp_path}/prices.json{line}"


def test_a_listed_price_of_nothing_is_known(table):
    row = {"input_cost_per_token": 0, "output_cost_per_token": 0.0, "litellm_provider": "openai"}
    assert table({"gpt-4o-mini": row}).of(openai()) == FREE


def test_a_price_file_that_is_missing_is_one_line(tmp_path):
    with pytest.raises(InputError, match=r"none\.json: No such file or directory$"):
        Prices(tmp_path / "none.json").of(openai())


def test_rows_that_are_no_object_are_skipped(table):
    assert table({"sample_spec": "text", "gpt-4o-mini": 3}).of(openai()) is None


def test_every_price_of_the_bundled_table_is_found_and_plausible():
    urls = {"openai": None, "anthropic": None, "deepseek": "https://api.deepseek.com/v1"}
    rows = json.loads(BUNDLED.read_text())
    known = [(name, row["litellm_provider"]) for name, row in rows.items() if row.get("litellm_provider") in urls]
    assert {vendor for _, vendor in known} == set(urls)
    for name, vendor in known:
        provider = "anthropic" if vendor == "anthropic" else "openai"
        price = Prices().of(ModelSpec(name, provider, base_url=urls[vendor]))
        assert price is not None
        assert 0 < price.input < price.output < 0.001, name
