"""The verbs of operations."""

from operations.actions.answer import answer_crossing
from operations.actions.benchmarks import declare_benchmark, withdraw_benchmark
from operations.actions.evaluate import Result, record_evaluation, withdraw_evaluation
from operations.actions.judge import judge
from operations.actions.readings import Faulty, Posted, post_readings
from operations.actions.samples import Compared, Samples, compare_windows, post_samples, set_reference
from operations.actions.signals import declare_signal, set_limits
from operations.actions.telemetry import close_hours, take_telemetry
from operations.actions.thin import forget_batches, thin

__all__ = [
    "Compared",
    "Faulty",
    "Posted",
    "Result",
    "Samples",
    "answer_crossing",
    "close_hours",
    "compare_windows",
    "declare_benchmark",
    "declare_signal",
    "forget_batches",
    "judge",
    "post_readings",
    "post_samples",
    "record_evaluation",
    "set_limits",
    "set_reference",
    "take_telemetry",
    "thin",
    "withdraw_benchmark",
    "withdraw_evaluation",
]
