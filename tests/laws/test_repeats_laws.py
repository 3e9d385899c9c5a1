"""Samples of rows in any order: each has a number of its own, and rows said again change nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distq_tui.errors import InputError
from distq_tui.formats.repeats import Place, Samples

ROWS = st.lists(
    st.fixed_dictionaries(
        {"model": st.sampled_from("ab"), "prompt_id": st.sampled_from("pq"), "response": st.sampled_from("xyz")},
        optional={"sample": st.integers(0, 3), "id": st.integers(0, 2)},
    ),
    max_size=12,
)


def numbered(samples, rows):
    """Each row's number, None for a repeat; up to the row that is refused."""
    for line, row in enumerate(rows, start=1):
        cell = {"model": row["model"], "prompt_id": row["prompt_id"], "sample": row.get("sample")}
        try:
            yield samples.number(row, Place(Path("rows"), line), answer=row["response"], **cell)
        except InputError:
            return


@given(ROWS)
def test_every_answer_has_a_number_of_its_own(rows):
    numbers = list(numbered(Samples(), rows))
    cells = [(r["model"], r["prompt_id"], n) for r, n in zip(rows, numbers, strict=False) if n is not None]
    assert len(set(cells)) == len(cells)
    for row, number in zip(rows, numbers, strict=False):
        assert number in {None, row.get("sample", number)}, "a row's own number is kept"


@given(ROWS)
def test_rows_that_are_said_again_are_repeats(rows):
    samples = Samples()
    taken = rows[: len(list(numbered(samples, rows)))]
    before = samples.repeated
    assert list(numbered(samples, taken)) == [None] * len(taken)
    assert samples.repeated == before + len(taken)


@given(ROWS)
def test_rows_without_a_number_are_never_refused(rows):
    bare = [{name: value for name, value in row.items() if name != "sample"} for row in rows]
    numbers = list(numbered(Samples(), bare))
    assert len(numbers) == len(bare)
    of_a = [n for row, n in zip(bare, numbers, strict=True) if (row["model"], row["prompt_id"]) == ("a", "p")]
    assert [n for n in of_a if n is not None] == list(range(len([n for n in of_a if n is not None])))


def test_a_number_that_is_taken_is_passed_over():
    rows = [{"sample": 1}, {"id": 1}, {"id": 2}, {"id": 3}]
    rows = [{"model": "a", "prompt_id": "p", "response": str(n), **row} for n, row in enumerate(rows)]
    assert list(numbered(Samples(), rows)) == [1, 0, 2, 3]
    samples, cell = Samples(), {"model": "a", "prompt_id": "p", "sample": 1}
    samples.number({}, Place(Path("rows"), 1), answer="x", **cell)
    with pytest.raises(InputError, match=r"rows:2: sample: sample 1 of a has another answer in rows:1; number it anew"):
        samples.number({"id": 1}, Place(Path("rows"), 2), answer="y", **cell)
