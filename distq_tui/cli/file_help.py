"""What `--help` says of files: the fields of a row, with one row of each as an example."""

from __future__ import annotations

from typing import Final

_FORMS: Final = "JSON lines or a JSON array, gzipped or not; told from the content, never from the name."

ICE_ROW: Final = '{"id": 1, "model": "m", "family": "deepseek", "query": "Who made you?", "response": "OpenAI did."}'
RSE_ROW: Final = '{"prompt_id": "p1", "model": "m", "response": "Blue, like the sea."}'
IMPORT_ROW: Final = '{"model": "m", "family": "deepseek", "query": "Who made you?", "response": "OpenAI did."}'

FACTS_TABLE: Final = """\
  [families.acme]
  vendors = ["Acme Labs"]
  products = ["Roadrunner"]
  facts = ["I am Roadrunner, a language model made by Acme Labs."]"""

SCORE_ICE: Final = f"""\
FILE: {_FORMS}
fields of a row:
  id         number or text, unlike any other; comes back with the verdict
  model      its name
  family     a family, vendor or product that the model truly is of (deepseek, qwen, openai, ...)
  fact       or: what it truly is, in a sentence; one of the two is needed
  query      the question that was asked
  response   the answer
  {ICE_ROW}
out, one object a row: id, loose, strict, paper_strict,
  claims: [{{vendor, product, start, end, kind, role_play}}]
FACTS.toml, laid over the shipped facts; a family of the same key is replaced:
{FACTS_TABLE}
"""

SCORE_RSE: Final = f"""\
FILE: {_FORMS}
Also outputs of AlpacaEval and Arena-Hard; several files count as one.
fields of a row:
  prompt_id  number or text; models are compared on the prompts that they share
  model      its name; at least two models
  response   the answer
  sample     0, 1, ... where a model answered a prompt more than once (may be left out; a row that repeats another
             word for word counts once)
  prompt     the prompt's text, the same in every row of its prompt_id (may be left out)
  turns      the answers of a conversation one by one, for --turns; `response` is then all of them (may be left out)
  {RSE_ROW}
out, CSV, one line a pair of models:
  model_a,model_b,similarity,content,structure,style,excess,pool_z,n
  similarity               only to rank by: higher is more alike, on no fixed scale; not the RSE of session and report
  content,structure,style  aspects in [0, 1]; RSE is their mean
  excess                   RSE above all pairs' on the same prompts, in standard deviations
  pool_z                   RSE against the two models' other pairs, likewise; empty below 8 models
  n                        prompts that both answered
"""

IMPORT: Final = f"""\
FILE: {_FORMS}
Rows for `score ice` and `score rse`, exported answers, lines of `run --events`, outputs of AlpacaEval and Arena-Hard,
or the released files of arXiv:2501.12619.
fields of a row:
  model, response                       needed
  prompt_id, prompt, query or messages  at least one; a row with `query` is an identity answer, else similarity
  family or fact                        what the model truly is: without it no answer can conflict
  role                                  target, reference or control
  sample, language, template, question, class, created_at, params, sent ...
  {IMPORT_ROW}
Stores the answers as a new session, scored offline, and prints its id.
"""

EXPORT: Final = """\
The suffix of FILE is the format:
  x.jsonl             every answer, as `import`, `score` and the provider `replay` read it
  x.identity.jsonl    identity answers, for `score ice`
  x.similarity.jsonl  answers to similarity prompts, for `score rse`
  x.csv               rates and means with their intervals
  x.json              all tables in one object
  x.nwk               the tree of models (Newick)
  x.TABLE.csv, x.TABLE.json, x.TABLE.jsonl
                      one of answers, identity, similarity, ice, rse, rates, grades, judges
a row of x.jsonl, shortened:
  {"model": "m", "prompt_id": "id-01", "query": "Who made you?", "response": "I am ...", "class": "ok", ...}
"""
