"""The simulated PMS of each demo practice and the sync agent beside it, each agent in its own thread.

DEMO_AGENTS turns agents off, so that a vendor can connect their own: `off` means all, or a comma-separated list names
the practices.
"""

import os
from collections.abc import Set as AbstractSet
from threading import Event, Thread

from local.demo_credentials import DemoCredentials
from local.demo_practices import PRACTICES
from local.pms_sync_agent import PmsSyncAgent
from local.simulated_pms import SimulatedPms
from local.state_folder import StateFolder
from local.terminal_output import CommandError

_STOP_TIMEOUT_SECONDS = 10.0


def practices_without_agent() -> frozenset[str]:
    """The ids of the practices whose agents the environment variable DEMO_AGENTS turns off.

    Raises CommandError if it names something else than demo practices.
    """
    setting = os.environ.get("DEMO_AGENTS", "on").strip()
    all_ids = frozenset(practice.id for practice in PRACTICES)
    if setting in ("", "on"):
        return frozenset()
    if setting == "off":
        return all_ids
    chosen = frozenset(name.strip() for name in setting.split(","))
    if not chosen <= all_ids:
        names = ", ".join(sorted(all_ids))
        raise CommandError(f"DEMO_AGENTS must be on, off, or practices without an agent ({names}), not {setting!r}")
    return chosen


class DemoPmsAgents:
    """One PMS and one agent for each demo practice. On Dentrix the agent reports changes and creates nothing.

    Every practice keeps its PMS; those in `without_agent` have no agent beside it.
    """

    def __init__(
        self,
        state: StateFolder,
        credentials: DemoCredentials,
        base_url: str,
        without_agent: AbstractSet[str] = frozenset(),
    ) -> None:
        self.pms_by_practice = {
            practice.id: SimulatedPms(
                state.pms_database(practice.id), can_create=practice.fields["pms"]["capabilities"]["create"]
            )
            for practice in PRACTICES
        }
        agents = [
            PmsSyncAgent(
                base_url,
                practice.agent_id,
                credentials.agent_secrets[practice.agent_id],
                self.pms_by_practice[practice.id],
            )
            for practice in PRACTICES
            if practice.id not in without_agent
        ]
        self._stop = Event()
        self._threads = [Thread(target=agent.run, args=(self._stop,), daemon=True) for agent in agents]

    def start(self) -> None:
        """Start the agents."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop the agents after their current round. An unfinished round is repeated after the next start."""
        self._stop.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_STOP_TIMEOUT_SECONDS)
