"""The queue as moderators work it: whose turn it is, in which order, what comes next, who has how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from marketplace.models import User
from reviews.domain.reasons import Subject
from reviews.domain.states import ACTIVE
from reviews.models import Appeal, Case, Decision
from reviews.selectors.cases import case_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

TURNS = ("active", "mine", "free", "second", "appeal", "late")
ORDERS: dict[str, tuple[str, ...]] = {
    "risk": ("-risk", "opened_at", "pk"),
    "wait": ("opened_at", "pk"),
    "due": ("due_at", "pk"),
}
SHOWN = 20
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the queue, in which order; anything unknown falls back to all that waits, by risk."""

    turn: str = "active"
    order: str = "risk"
    source: str = ""
    kind: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Wanted:
        """Read it from an address."""
        turn, order = asked.get("turn", ""), asked.get("order", "")
        source, kind = asked.get("source", ""), asked.get("kind", "")
        return cls(
            turn if turn in TURNS else "active",
            order if order in ORDERS else "risk",
            source if source in Case.Source.values else "",
            kind if kind in set(Subject) else "",
        )


@dataclass(frozen=True, slots=True)
class Load:
    """What one moderator has to do, since when the oldest waits, and what they decided this week."""

    user: User
    assigned: int
    late: int
    oldest: datetime | None
    decided: int


def in_turn(rows: QuerySet[Case], turn: str, user_id: int | None) -> QuerySet[Case]:
    """The rows whose turn it is; all of them for an unknown word."""
    active = rows.filter(state__in=sorted(ACTIVE))
    views = {
        "active": active,
        "mine": active.filter(assignee_id=user_id),
        "free": active.filter(assignee=None),
        "second": rows.filter(state="proposed"),
        "appeal": rows.filter(state="appealed"),
        "late": active.filter(due_at__lt=timezone.now()),
    }
    return views.get(turn, rows)


def queue(wanted: Wanted, user_id: int | None) -> QuerySet[Case]:
    """The wanted part of the queue in its order."""
    rows = in_turn(case_rows().select_related("version__package", "package__latest"), wanted.turn, user_id)
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.kind:
        rows = rows.filter(**{f"{wanted.kind}__isnull": False})
    return rows.order_by(*ORDERS[wanted.order])


def neighbours(case: Case, wanted: Wanted, user_id: int | None) -> tuple[int | None, int | None]:
    """The primary keys of the cases before and after this one in the wanted order."""
    rows = in_turn(Case.objects.all(), wanted.turn, user_id).exclude(pk=case.pk)
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.kind:
        rows = rows.filter(**{f"{wanted.kind}__isnull": False})
    order = ORDERS[wanted.order]
    after, before = Q(), Q()
    same = Q()
    for name in order:
        field, value = name.lstrip("-"), getattr(case, name.lstrip("-"))
        later, earlier = ("lt", "gt") if name.startswith("-") else ("gt", "lt")
        after |= same & Q(**{f"{field}__{later}": value})
        before |= same & Q(**{f"{field}__{earlier}": value})
        same &= Q(**{field: value})
    backwards = [name.lstrip("-") if name.startswith("-") else f"-{name}" for name in order]
    first = rows.filter(before).order_by(*backwards).values_list("pk", flat=True).first()
    then = rows.filter(after).order_by(*order).values_list("pk", flat=True).first()
    return first, then


def counts() -> dict[str, int]:
    """How many cases wait, wait for a second moderator, are appealed, are late; how many reports wait."""
    waiting = Case.objects.filter(state__in=sorted(ACTIVE))
    told = waiting.aggregate(
        active=Count("pk"),
        free=Count("pk", filter=Q(assignee=None)),
        second=Count("pk", filter=Q(state="proposed")),
        appeal=Count("pk", filter=Q(state="appealed")),
        late=Count("pk", filter=Q(due_at__lt=timezone.now())),
    )
    return {key: int(value) for key, value in told.items()}


def workload() -> list[Load]:
    """Every moderator with their work, the busiest first; three queries."""
    now = timezone.now()
    active = Case.objects.filter(state__in=sorted(ACTIVE), assignee__isnull=False)
    held: dict[Any, Any] = {
        row["assignee"]: row
        for row in active.values("assignee").annotate(
            assigned=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)), oldest=Min("opened_at")
        )
    }
    week = Decision.objects.filter(effective_at__gt=now - WEEK, by__isnull=False).values("by")
    done = dict(week.annotate(n=Count("pk")).values_list("by", "n"))
    answered = Appeal.objects.filter(answered_at__gt=now - WEEK).values("answered_by").annotate(n=Count("pk"))
    for pk, count in answered.values_list("answered_by", "n"):
        done[pk] = done.get(pk, 0) + count
    people = User.objects.filter(is_moderator=True, state="active").order_by("pk")
    loads = [
        Load(
            user,
            held.get(user.pk, {}).get("assigned", 0),
            held.get(user.pk, {}).get("late", 0),
            held.get(user.pk, {}).get("oldest"),
            done.get(user.pk, 0),
        )
        for user in people
    ]
    return sorted(loads, key=lambda load: (-load.assigned, -load.late, load.user.pk))
