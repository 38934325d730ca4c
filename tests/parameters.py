"""What the parameters of addresses, forms, bodies and queries hold; `tests/matrix/` refuses one that is not here.

`NAMING` are those that name a thing by its key, its code or its address: the walk puts there what another AIMS has.
"""

from tests.matrix import things
from tests.matrix.things import Thing

NAMING: dict[str, tuple[Thing, ...]] = {
    "aims": (things.aims,),
    "control": (things.own_control,),
    "controls": (things.own_control,),
    "from": (things.version,),
    "impact": (things.only_key(things.impact),),
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
    """
    accept add_reason after agreement applicability area as_of autosave band before benefits body boundaries
    can_opt_out change_note code conditions_by confirm confirms_warnings covers_from covers_to csrfmiddlewaretoken
    cursor decision description digest dimension document_code drop due_on edition effective_on email event
    expects_evidence expires_on file files flagged foreseeable_misuse heard held_on how how_document hx
    implementation in_scope intended_use is_in_place is_in_scope items jurisdictions kind level likelihood link
    made_on model_name model_version name next_review_on no_evidence_reason note notes number option order
    organisation oversight page page_size parts party password per_year performed_by planned_on preset provider
    purpose q reason reference renew_by residual_likelihood residual_severity result review_on role roles
    roles_played scope scope_reason seen severity short_name sites sort stage state status summary supplier
    system_version tab target_likelihood target_on target_severity tasks text time_zone title valence valid_until
    view who why with_files
    """.split()
)
GOOD = {"code": "W-77", "link": "https://walked.example.org/minutes", "result": "", "applicability": "included"}
