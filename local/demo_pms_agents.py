"""The demo practices' PMSs and the agent beside each, at work in a thread of its own."""

from threading import Event, Thread

from local.demo_credentials import Drawn
from local.demo_practices import PRACTICES
from local.pms_sync_agent import Agent
from local.simulated_pms import Pms
from local.state_folder import State

_STOPS_WITHIN = 10.0


class Agents:
    """One PMS and one agent for each demo practice. On Dentrix the agent tells of changes and creates nothing."""

    def __init__(self, state: State, drawn: Drawn, base_url: str) -> None:
        self.pmss = {
            practice.id: Pms(state.pms(practice.id), can_create=practice.row["pms"]["capabilities"]["create"])
            for practice in PRACTICES
        }
        agents = [
            Agent(base_url, practice.agent_id, drawn.agent_secrets[practice.agent_id], self.pmss[practice.id])
            for practice in PRACTICES
        ]
        self._stop = Event()
        self._threads = [Thread(target=agent.run, args=(self._stop,), daemon=True) for agent in agents]

    def start(self) -> None:
        """Let them work."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let them finish what they have in hand; whatever they cannot, they do at the next start."""
        self._stop.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_STOPS_WITHIN)
