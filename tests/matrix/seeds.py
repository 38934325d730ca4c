"""Bugs of every class that lets one AIMS into another, planted into the real code: the walk has to find each."""

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from unittest import mock

from django.core.exceptions import PermissionDenied
from simple_history.manager import HistoryManager

from accounts.context import acting_in
from accounts.models import User
from aims import middleware
from aims.models import Aims
from audits.forms import PlanForm
from audits.models import Milestone
from controls.models import Requirement
from ledger.governed import ScopedHistoryManager
from systems.models import AiSystem
from tests.matrix.asking import World
from tests.matrix.doors import outsiders, roles, strange_things
from tests.matrix.reads import reads
from tests.matrix.walk import Check
from tests.matrix.writes import writes

Planting = Callable[[World], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Seed:
    """A bug: how it is planted, the route and the check that have to find it, and a word of what they say."""

    bug: str
    plant: Planting
    route: str
    check: Check
    says: str


class Loose:
    """A model whose manager looks at every AIMS, as if somebody had taken the wrong one."""

    def __init__(self, model: Any) -> None:
        self.model = model

    @property
    def objects(self) -> Any:
        """Every row there is."""
        return type(self.model.objects.all())(self.model)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.model(*args, **kwargs)


def loose(module: str, *models: str) -> Planting:
    """Take the unscoped manager of these models in one module."""

    @contextmanager
    def planted(_world: World) -> Any:
        place = import_module(module)
        with mock.patch.multiple(place, **{name: Loose(getattr(place, name)) for name in models}):
            yield

    return planted


def instead(module: str, **names: Any) -> Planting:
    """Put other functions in the place of a module's own."""
    return lambda _world: mock.patch.multiple(import_module(module), **names)


def unscoped_rows(model: Any, at: Any, **fixed: Any) -> Any:
    """`rows_at` that forgot whose rows it looks for."""
    return type(model.objects.all())(model).filter(**fixed) if at is None else model.history.none()


def by_key_alone(pk: int) -> Milestone:
    """A lookup that takes any key."""
    found = Milestone.unscoped.filter(pk=pk).first()
    if found is None:
        raise middleware.Http404
    return found


def every_requirement(codes: list[str], field: str = "controls") -> list[Requirement]:
    """A related field whose choices nobody narrowed."""
    found = list(Requirement.unscoped.filter(code__in=codes))
    if len(found) < len(codes):
        raise middleware.Http404
    return found


def tells_that_it_is_there(_world: World) -> AbstractContextManager[Any]:
    """403 for an AIMS that one does not belong to, 404 for one that does not exist."""
    real = middleware.actor_for

    def refusing(user: User, aims: Aims, **about: Any) -> Any:
        actor = real(user, aims, **about)
        if actor is None:
            raise PermissionDenied
        return actor

    return mock.patch.object(middleware, "actor_for", refusing)


@contextmanager
def assigned_in_mass(_world: World) -> Any:
    """A form that writes whatever the body says; the database's own wall stands before a change of AIMS."""
    real = import_module("audits.actions").plan_milestone
    claimed: dict[str, Any] = {}

    class Greedy(PlanForm):
        def clean(self) -> Any:
            claimed["owner_id"] = self.data.get("owner_id")
            return super().clean()

    def planning(**said: Any) -> Milestone:
        row: Milestone = real(**said)
        if claimed["owner_id"]:
            Milestone.unscoped.filter(pk=row.pk).update(owner_id=claimed["owner_id"])
        return row

    with (
        mock.patch("audits.views.PlanForm", Greedy),
        mock.patch.object(import_module("audits.actions"), "plan_milestone", planning),
    ):
        yield


@contextmanager
def remembered_for_all(world: World) -> Any:
    """A cache whose key does not say whose answer it is."""
    views = import_module("desk.views")
    real, kept = views.search, {}

    def search(slug: str, text: str) -> Any:
        if text not in kept:
            kept[text] = real(slug, text)
        return kept[text]

    with mock.patch.object(views, "search", search):
        with acting_in(world.theirs.aims, world.theirs.author):
            search(world.theirs.aims.slug, "walk")
        yield


def token_of_any(_world: World) -> AbstractContextManager[Any]:
    """A token that opens every AIMS that its holder belongs to, and not only the one it was issued for."""
    real = middleware.tokens.find

    def find(raw: str) -> Any:
        token = real(raw)
        if token is not None:
            token.aims_id = mock.ANY
        return token

    return mock.patch.object(middleware.tokens, "find", find)


@contextmanager
def everybody_plans(_world: World) -> Any:
    """A verb that asks nobody for a permission."""
    with (
        mock.patch("audits.views._allow", return_value=None),
        mock.patch("audits.actions.plan.may_plan", return_value=True),
        mock.patch("audits.views.may_plan", return_value=True),
    ):
        yield


def list_of_all(_world: World) -> AbstractContextManager[Any]:
    """An API list over every system there is."""
    door = import_module("systems.api").SystemDoor
    everything = lambda _door: AiSystem.unscoped.select_related("owner", "scope_said_by")  # noqa: E731
    return mock.patch.object(door, "get_queryset", everything)


@contextmanager
def past_of_all(_world: World) -> Any:
    """History that forgets whose it is, so that only a look back shows the bug."""
    with mock.patch.object(ScopedHistoryManager, "get_super_queryset", HistoryManager.get_super_queryset):
        yield


@contextmanager
def every_bulk(_world: World) -> Any:
    """A bulk verb that changes whatever codes it is sent."""
    codes = [*Requirement.unscoped.values_list("code", flat=True)]
    with (
        loose("soa.actions.bulk", "Entry")(_world),
        loose("soa.actions.amend", "Entry")(_world),
        mock.patch("soa.views.bulk._codes", return_value=codes),
    ):
        yield


def counted_everywhere(_world: World) -> AbstractContextManager[Any]:
    """Badges over the items of everybody, beside a list of one's own."""
    real = import_module("evidence.library").freshness

    def freshness(*when: Any) -> Any:
        with mock.patch("evidence.queries.rows_at", unscoped_rows):
            return real(*when)

    return mock.patch("evidence.library.freshness", freshness)


SEEDS = (
    Seed(
        "an unscoped manager in one view",
        instead("systems.views", rows_at=unscoped_rows),
        "systems:detail",
        strange_things,
        "foreign thing is answered 200",
    ),
    Seed(
        "a lookup by key alone",
        instead("audits.views", _one=by_key_alone),
        "audits:edit",
        strange_things,
        "foreign thing is answered 200",
    ),
    Seed(
        "badges that count everybody's",
        counted_everywhere,
        "evidence:list",
        reads,
        "differs from when they had nothing",
    ),
    Seed(
        "choices of a form over everybody",
        instead("audits.forms", people=User.objects.order_by),
        "audits:plan",
        reads,
        "holds Xanthippe",
    ),
    Seed(
        "a file by its key, whoever's it is",
        loose("evidence.views", "File"),
        "evidence:download",
        strange_things,
        "foreign thing is answered 200",
    ),
    Seed(
        "a file by its key at the API",
        loose("evidence.api", "File"),
        "api:evidence-download",
        strange_things,
        "foreign thing is answered 200",
    ),
    Seed(
        "403 for what is there, 404 for what is not",
        tells_that_it_is_there,
        "systems:list",
        outsiders,
        "foreign thing is answered 403",
    ),
    Seed("a verb without a permission", everybody_plans, "audits:plan", roles, "though the table says no"),
    Seed(
        "a field that a body assigns",
        assigned_in_mass,
        "audits:plan",
        writes,
        "audits_milestone.owner_id of row .* leads to",
    ),
    Seed(
        "a related field that nobody narrowed",
        instead("systems.api", requirements_called=every_requirement),
        "api:systems-rely",
        writes,
        "foreign thing is answered 422, a missing one 404",
    ),
    Seed(
        "an export with rows of another",
        loose("evidence.queries", "Evidence", "EvidenceVersion"),
        "evidence:export",
        reads,
        "holds Xanthippe",
    ),
    Seed(
        "a whole log with another's leaves",
        loose("trace.views_proof", "Checkpoint", "Log"),
        "trace:checkpoint",
        strange_things,
        "foreign thing is answered 200",
    ),
    Seed("a cache key without the AIMS", remembered_for_all, "desk:search", reads, "holds Xanthippe"),
    Seed("a search over all AIMS", loose("desk.queries.search", "AiSystem"), "desk:search", reads, "holds Xanthippe"),
    Seed(
        "rows joined by a control that all share",
        loose("evidence.queries", "EvidenceLink", "EvidenceVersion"),
        "soa:workbench",
        reads,
        "of theirs|differs from when",
    ),
    Seed("the newest of all chains", loose("desk.queries.recent", "Leaf"), "desk:overview", reads, "holds Xanthippe"),
    Seed("a bulk verb that takes any code", every_bulk, "soa:bulk", writes, "their rows of soa_entry changed"),
    Seed(
        "a look back through unscoped history",
        past_of_all,
        "systems:list",
        reads,
        "read as of a day: the answer holds Xanthippe",
    ),
    Seed(
        "a token that opens another AIMS",
        token_of_any,
        "api:systems-list",
        outsiders,
        "foreign thing is answered 200",
    ),
    Seed("an API list over all AIMS", list_of_all, "api:systems-list", reads, "holds Xanthippe"),
)
