"""Drawings of judgement as SVG: pure functions from numbers to markup, the same for a page and a PDF."""

from assessments.pictures.history import Point, history
from assessments.pictures.ink import PRINT, Palette
from assessments.pictures.matrix import Move, count_matrix, drawn_moves, flow_matrix, impact_matrix
from assessments.pictures.spans import band_bars, span

__all__ = [
    "PRINT",
    "Move",
    "Palette",
    "Point",
    "band_bars",
    "count_matrix",
    "drawn_moves",
    "flow_matrix",
    "history",
    "impact_matrix",
    "span",
]
