"""Whether a document is about a control: by the control's own subject in it, weighed against every other control's."""

from dataclasses import dataclass

from evidence.review.data import Expected, expected, said
from evidence.review.words import Text

TITLE, HEAD = 140, 600
MOST = 4


@dataclass(frozen=True, slots=True)
class Topic:
    """Where a control's subject comes up in a document."""

    in_title: bool
    in_head: bool
    passages: int

    @property
    def weight(self) -> int:
        """How much of the document is about it."""
        return 3 * self.in_title + 2 * self.in_head + min(MOST, self.passages)


def relevance_of(text: Text, wanted: Expected, share: float) -> int:
    """Return 0 for another world, 1 for another control, up to 5 for what treats this control's subject throughout."""
    topic = _topic(text, wanted)
    is_ai = _ai(text) >= 1
    if not topic.passages:
        return (1 + (share >= 0.8)) if is_ai and share >= 0.5 else int(is_ai and share > 0.3)
    points = 2 + topic.in_head + (topic.passages >= 3 or topic.in_title) + (share >= 0.5)
    best = max(_topic(text, other).weight for other in expected().values())
    if topic.weight < 0.34 * best:
        points = min(points, 1 + (share >= 0.8))
    elif topic.weight < 0.6 * best:
        points = min(points, 3)
    if share < 0.34:
        points = min(points, 2)
    return min(points, 5) if is_ai else min(points, 2)


def _topic(text: Text, wanted: Expected) -> Topic:
    words = wanted.topic.in_language(text.document.language)
    title = words.among(text.folded[:TITLE].split("\n\n")[0]) is not None
    passages = sum(words.among(said_here) is not None for _passage, said_here in text.passages())
    return Topic(title, title or words.among(text.folded[:HEAD]) is not None, passages)


def _ai(text: Text) -> int:
    words = said("general_words", "ai").in_language(text.document.language)
    return sum(len(option[0].findall(text.folded)) for option in words.options)
