"""What the database holds by itself, whoever asks: nothing comes into use without somebody else's signature."""

from aims.walls import RowRule
from systems.lifecycle.models import Signature, Transition
from systems.models import AiSystem

MOVES, SIGNATURES = Transition._meta.db_table, Signature._meta.db_table
IN_USE = "NEW.stage IN ('deployment', 'operation')"
NOT_LED_THERE = f"""NOT EXISTS (SELECT 1 FROM {{schema}}{MOVES} AS led WHERE led.id = NEW.came_by_id
  AND led.system_id = NEW.id AND led.to_stage = NEW.stage AND led.state = 'signed'{{from_there}}
  AND NOT EXISTS (SELECT 1 FROM {{schema}}{MOVES} AS later WHERE later.system_id = led.system_id
    AND later.number > led.number AND later.state IN ('signed', 'done')))"""  # noqa: S608  (names of ours)
NOT_SIGNED = f"""NOT EXISTS (SELECT 1 FROM {{schema}}{SIGNATURES} AS given WHERE given.move_id = NEW.id
  AND given.person_id = NEW.decided_by_id AND given.person_id <> NEW.asked_by_id)"""  # noqa: S608
OTHER = ("system_id", "number", "from_stage", "to_stage", "judged_digest", "asked_at")
DECIDED = ("state", "mode", "gates", "judgement", "decided_at", "reason", "harm")


def _differs(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


def rules() -> tuple[RowRule, ...]:
    """Return the rules; a system that was in use before they were kept stays so, until it moves."""
    moved = "(NEW.stage <> OLD.stage OR coalesce(NEW.came_by_id, 0) <> coalesce(OLD.came_by_id, 0))"
    there = NOT_LED_THERE.replace("{from_there}", "")
    on_the_way = NOT_LED_THERE.replace("{from_there}", " AND led.from_stage = OLD.stage")
    return (
        RowRule(
            AiSystem,
            "in_use",
            f"{IN_USE} AND {there}",
            f"{moved} AND {IN_USE} AND {on_the_way}",
            "no system comes into use without a signed move",
        ),
        RowRule(
            Transition,
            "signed",
            "NEW.state = 'signed'",
            f"NEW.state = 'signed' AND OLD.state <> 'signed' AND {NOT_SIGNED}",
            "no move is signed without the signature of somebody else",
        ),
        RowRule(
            Transition,
            "kept",
            "NEW.state <> 'proposed' AND NEW.decided_at IS NULL",
            f"{_differs(*OTHER)} OR (OLD.state <> 'proposed' AND ({_differs(*DECIDED)}))",
            "a move that was decided stays as it was decided",
        ),
    )
