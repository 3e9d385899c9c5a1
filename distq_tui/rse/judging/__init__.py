"""LLM judges of similarity: the rubric as data, tolerant parsing, follow-up calls, checks of the judges themselves.

A judge's calls are trials like all others: cached, limited, retried and budgeted by the engine.
"""

from distq_tui.rse.judging.judges import RseJudging
from distq_tui.rse.judging.prompts import JudgePrompt, load_judge_prompt

__all__ = ["JudgePrompt", "RseJudging", "load_judge_prompt"]
