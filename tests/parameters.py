"""What the parameters of addresses, forms, bodies and queries hold; `tests/matrix/` refuses one that is not here.

`NAMING` are those that name a thing by its key, its code or its address: the walk puts there what another AIMS has.
"""

from tests.matrix import things
from tests.matrix.things import Thing

NAMING: dict[str, tuple[Thing, ...]] = {
    "aims": (things.aims,),
    "control": (things.own_control,),
    "controls": (things.own_control,),
    "document": (),
    "from": (things.version,),
    "impact": (things.impact,),
    "item": (things.evidence,),
    "membership": (things.role, things.certifier),
    "owner": (things.person,),
    "person": (things.person,),
    "reasons": (things.reason,),
    "requirement": (things.own_requirement,),
    "requirements": (things.own_requirement,),
    "serves": (things.own_control,),
    "source": (things.version,),
    "subject": (things.subject,),
    "system": (things.any_system,),
    "to": (things.version,),
    "user": (things.person,),
    "actor": (things.person,),
}
PLAIN = frozenset(
    "as_of cursor in_scope is_in_scope model_name model_version name page page_size purpose q reason roles_played scope scope_reason seen "
    "stage supplier why".split()
)
