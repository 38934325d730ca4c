"""Whether two sets of samples differ: population stability index, and a two-sample test beside it.

PSI = sum over bins of (q - p) * ln(q / p), with p and q the shares of the reference and of the samples; it is the
symmetric Kullback-Leibler divergence of Jeffreys (1946), used for scorecards since Siddiqi (2006), Credit Risk
Scorecards. A share of an empty bin counts as FLOOR, so that the index stays finite.

KS: D = max |F(x) - G(x)|; its p-value is the asymptotic one, Q(t) = 2 * sum over j of (-1)^(j-1) * exp(-2 j^2 t^2)
with t = (sqrt(n) + 0.12 + 0.11 / sqrt(n)) * D and n = n1 * n2 / (n1 + n2): Stephens (1970), J. R. Statist. Soc. B 32.

Chi-square, for categories: Pearson's test of homogeneity (1900), the sum over categories of
(sqrt(n2 / n1) * a - sqrt(n1 / n2) * b)^2 / (a + b) with one degree of freedom less than categories. Those of which the
smaller side would hold fewer than FEW, were both alike, count as one (Cochran 1954, Biometrics 10): the test is of the
normal law, which does not hold for fewer.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt

FLOOR = 1e-4
FEW = 5
TINY = 1e-300
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
    freedom: int = 0


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


def chi_square(one: Mapping[str, int], other: Mapping[str, int]) -> Test:
    """Return the two-sample chi-square test of counts by category; both sides alike where only one category is told."""
    n1, n2 = sum(one.values()), sum(other.values())
    if n1 <= 0 or n2 <= 0:
        raise ValueError("The test needs samples on both sides.")
    told = [(one.get(name, 0), other.get(name, 0)) for name in sorted({*one, *other})]
    pairs = _pooled(told, min(n1, n2) / (n1 + n2))
    scale = sqrt(n2 / n1)
    statistic = sum((scale * a - b / scale) ** 2 / (a + b) for a, b in pairs)
    freedom = len(pairs) - 1
    return Test(statistic, chi_square_tail(statistic, freedom) if freedom else 1.0, freedom)


def _pooled(pairs: Sequence[tuple[int, int]], share: float) -> list[tuple[int, int]]:
    """Join the rarest categories until each holds enough; of equals the last given, whichever side is first."""
    kept = sorted((pair for pair in pairs if sum(pair)), key=sum, reverse=True)
    rare = (0, 0)
    while kept and (sum(kept[-1]) * share < FEW or 0 < sum(rare) * share < FEW):
        a, b = kept.pop()
        rare = (rare[0] + a, rare[1] + b)
    return [*kept, rare] if sum(rare) else kept


def chi_square_tail(x: float, freedom: int) -> float:
    """Return how often a chi-square of so many degrees of freedom exceeds x: a regularised upper incomplete gamma."""
    a, half = freedom / 2, x / 2
    if half <= 0:
        return 1.0
    weight = exp(a * log(half) - half - lgamma(a))
    if half < a + 1:
        return min(max(1.0 - weight * _series(a, half), 0.0), 1.0)
    return min(weight * _fraction(a, half), 1.0)


def _series(a: float, x: float) -> float:
    """Sum the series of the lower incomplete gamma, which converges fast below a + 1 (Abramowitz and Stegun 6.5.29)."""
    total = term = 1 / a
    n = a
    while term > total * 1e-16:
        n += 1
        term *= x / n
        total += term
    return total


def _fraction(a: float, x: float) -> float:
    """Return the continued fraction of the upper one, fast above a + 1 (6.5.31), by the method of Lentz."""
    b = x + 1 - a
    c, d = 1 / TINY, 1 / b
    found, step, i = d, 0.0, 0
    while abs(step - 1) > 1e-15 and i < 10_000:
        i += 1
        an = -i * (i - a)
        b += 2
        d = 1 / (an * d + b or TINY)
        c = b + an / c or TINY
        step = c * d
        found *= step
    return found


def is_enough(*sizes: int) -> bool:
    """Whether every side holds enough samples to tell."""
    return min(sizes) >= FEWEST
