"""In which phase accounts were on a day, and since when: as somebody said, else by rules, else as imported."""

from collections.abc import Collection
from datetime import date

from keepwell.segments.models import Membership, PhaseOverride
from keepwell.segments.queries import phases


class PhaseDays:
    """The phases of some accounts, read at once: one query where the company declared none, else three."""

    def __init__(self, account_ids: Collection[int]) -> None:
        self.order = phases.declared()
        self._said: dict[int, list[PhaseOverride]] = {}
        self._held: dict[int, list[tuple[str, str, date, date | None]]] = {}
        if not self.order:
            return
        for row in PhaseOverride.objects.filter(account__in=account_ids).order_by("since"):
            self._said.setdefault(row.account_id, []).append(row)
        rows = Membership.objects.filter(account__in=account_ids, segment__slug__in=self.order)
        for account, slug, state, since, until in rows.values_list(
            "account", "segment__slug", "state", "since", "until"
        ):
            self._held.setdefault(account, []).append((slug, state, since, until))

    def on(self, account_id: int, day: date, *, imported: str) -> tuple[str, date | None]:
        """The phase on a day and since when it is in it; no day where that is not told, "" where no phase is."""
        said, held = self._said.get(account_id, []), self._held.get(account_id, [])
        for row in said:
            if row.since <= day and (row.until is None or day < row.until):
                return row.phase, row.since
        holding = [one for one in held if one[2] <= day and (one[3] is None or day < one[3])]
        for place, slug in enumerate(self.order):
            here = next((one for one in holding if one[0] == slug), None)
            if here is None:
                continue
            if here[1] != "member":
                return "", None
            earlier = self.order[:place]
            ends = [
                until for name, state, _, until in held if until and name in earlier and state == "member"
            ]
            ends += [row.until for row in said if row.until is not None]
            return slug, max([here[2], *(end for end in ends if end <= day)])
        return imported, None
