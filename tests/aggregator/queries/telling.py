"""A bench whose runs leave behind what the pipeline writes of them: what they held back."""

from dataclasses import replace

from aggregator.decisions import Decision
from aggregator.harvest import Draft
from aggregator.plan import Plan
from aggregator.store import withheld
from aggregator.store.conclude import Ending
from aggregator.store.leases import Lease
from aggregator.store.tables import run
from tests.aggregator.making import Bench, draft


class TellingBench(Bench):
    """Runs whose rows name what they held back."""

    def ending(self, lease: Lease, plan: Plan) -> Ending:
        ending = super().ending(lease, plan)
        held = tuple(one.item for one in plan.withheld)
        return replace(ending, report=replace(ending.report, held=held))

    def newest(self) -> int:
        """The newest run."""
        return int(max(row.id for row in self.rows(run)))

    def decide(self, decision: Decision, who: str = "anna") -> int:
        """Decide about all that is held back."""
        now = self.database.read_now(self.clock.now)
        return self.database.write_now(withheld.decide, self.source, decision, who, now)


def ten() -> list[Draft]:
    """Ten offers with names of their own."""
    return [draft(str(n), title=f"Angebot {n}") for n in range(10)]
