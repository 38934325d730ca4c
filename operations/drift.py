"""Whether two sets of samples differ: population stability index and the two-sample Kolmogorov-Smirnov test.

PSI = sum over bins of (q - p) * ln(q / p), with p and q the shares of the reference and of the samples; it is the
symmetric Kullback-Leibler divergence of Jeffreys (1946), used for scorecards since Siddiqi (2006), Credit Risk
Scorecards. A share of an empty bin counts as FLOOR, so that the index stays finite.

KS: D = max |F(x) - G(x)|; its p-value is the asymptotic one, Q(t) = 2 * sum over j of (-1)^(j-1) * exp(-2 j^2 t^2)
with t = (sqrt(n) + 0.12 + 0.11 / sqrt(n)) * D and n = n1 * n2 / (n1 + n2): Stephens (1970), J. R. Statist. Soc. B 32.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

FLOOR = 1e-4
BINS = 10
FEWEST = 50  # samples on either side; below that a bin of ten holds five, where chance alone reads as a shift


@dataclass(frozen=True, slots=True)
class Rule:
    """How an index is read, and by whose custom."""

    name: str
    source: str
    slight: float
    marked: float

    def read(self, index: float) -> str:
        """Return none, slight or marked."""
        return "marked" if index > self.marked else "slight" if index > self.slight else "none"


CUSTOMARY = Rule("customary rule", "Siddiqi (2006), Credit Risk Scorecards", slight=0.10, marked=0.25)


@dataclass(frozen=True, slots=True)
class Test:
    """A two-sample test: its statistic and how often chance alone gives one as large."""

    statistic: float
    p_value: float


def psi(expected: Sequence[float], actual: Sequence[float]) -> float:
    """Return the index of two rows of counts over the same bins; 0 for equal shares, never negative."""
    if len(expected) != len(actual) or sum(expected) <= 0 or sum(actual) <= 0:
        raise ValueError("The index needs counts over the same bins, and samples on both sides.")
    whole, other = sum(expected), sum(actual)
    shares = ((max(p / whole, FLOOR), max(q / other, FLOOR)) for p, q in zip(expected, actual, strict=True))
    return max(sum((q - p) * log(q / p) for p, q in shares), 0.0)


def quantile_edges(reference: Sequence[float], bins: int = BINS) -> list[float]:
    """Return the inner edges of bins that hold equal parts of the reference; equal edges fall together."""
    ordered = sorted(reference)
    places = (ordered[len(ordered) * number // bins] for number in range(1, bins))
    return sorted(set(places))


def counted(values: Sequence[float], edges: Sequence[float]) -> list[int]:
    """Count values into the bins between the edges; a value on an edge belongs to the bin above."""
    counts = [0] * (len(edges) + 1)
    for value in values:
        counts[bisect_right(edges, value)] += 1
    return counts


def psi_of_numbers(reference: Sequence[float], values: Sequence[float], bins: int = BINS) -> float:
    """Return the index over quantile bins of the reference."""
    edges = quantile_edges(reference, bins)
    return psi(counted(reference, edges), counted(values, edges))


def psi_of_categories(reference: Mapping[str, int], counts: Mapping[str, int]) -> float:
    """Return the index over categories; one that only one side has counts as empty on the other."""
    names = sorted({*reference, *counts})
    return psi([reference.get(name, 0) for name in names], [counts.get(name, 0) for name in names])


def ks(one: Sequence[float], other: Sequence[float]) -> Test:
    """Return the two-sample Kolmogorov-Smirnov test of two samples, neither of them empty."""
    if not one or not other:
        raise ValueError("The test needs samples on both sides.")
    first, second = sorted(one), sorted(other)
    gaps = (
        abs(bisect_right(first, value) / len(first) - bisect_right(second, value) / len(second))
        for value in {*first, *second}
    )
    statistic = max(gaps)
    n = len(first) * len(second) / (len(first) + len(second))
    return Test(statistic, kolmogorov((sqrt(n) + 0.12 + 0.11 / sqrt(n)) * statistic))


def kolmogorov(t: float) -> float:
    """Return how often a Kolmogorov statistic exceeds t."""
    if t < 0.2:  # the series converges slowly there, and is 1 to twelve digits
        return 1.0
    total, sign = 0.0, 1.0
    for j in range(1, 101):
        term = exp(-2.0 * j * j * t * t)
        total += sign * term
        sign = -sign
        if term < 1e-16:
            break
    return min(max(2.0 * total, 0.0), 1.0)


def is_enough(*sizes: int) -> bool:
    """Whether every side holds enough samples to tell."""
    return min(sizes) >= FEWEST
