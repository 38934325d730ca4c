"""Rego v1, judged by regorus in a child process that reaches nothing."""

from policies.engine.running import inspect, is_here, judge, no_engine
from policies.engine.shapes import LIMITS, Denial, Fault, Judgement, Limits, NoEngine, Outcome, Source, State

__all__ = [
    "LIMITS",
    "Denial",
    "Fault",
    "Judgement",
    "Limits",
    "NoEngine",
    "Outcome",
    "Source",
    "State",
    "inspect",
    "is_here",
    "judge",
    "no_engine",
]
