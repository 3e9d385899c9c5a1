"""LLM judges of identity answers: prompts as data, tolerant parsing, follow-up calls, agreement.

A judge's calls are trials like all others: cached, limited, retried and budgeted by the engine.
"""

from distq_tui.ice.judging.gate import DetectorGate, StoredGate
from distq_tui.ice.judging.judges import IceJudging
from distq_tui.ice.judging.prompts import JudgePrompts, load_judge_prompts

__all__ = ["DetectorGate", "IceJudging", "JudgePrompts", "StoredGate", "load_judge_prompts"]
