"""The simulated PMS of each demo practice and the sync agent beside it, each agent in its own thread."""

from threading import Event, Thread

from local.demo_credentials import DemoCredentials
from local.demo_practices import PRACTICES
from local.pms_sync_agent import PmsSyncAgent
from local.simulated_pms import SimulatedPms
from local.state_folder import StateFolder

_STOP_TIMEOUT_SECONDS = 10.0


class DemoPmsAgents:
    """One PMS and one agent for each demo practice. On Dentrix the agent reports changes and creates nothing."""

    def __init__(self, state: StateFolder, credentials: DemoCredentials, base_url: str) -> None:
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
