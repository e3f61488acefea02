"""The local stack from start to stop: build, emulator, deployment, demo practices, front door."""

import asyncio
import fcntl
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from local.asgi_app import FrontDoor
from local.aws_emulator import HOST, Emulator
from local.captured_emails import Inbox
from local.demo_credentials import Drawn
from local.demo_pms_agents import Agents
from local.demo_practices import PRACTICES
from local.demo_staff_sign_in import Staff
from local.emulator_deployment import deploy, physical_name
from local.emulator_proxy import Gateway
from local.sam_build import Build, build
from local.scheduled_functions import Schedule
from local.seed_demo_practices import Seeder
from local.ses_proxy import MailDoor
from local.simulated_pms_endpoint import PmsDesk
from local.state_folder import State
from local.terminal_output import CannotGoOn, complain, say, step


@contextmanager
def hold(state: State) -> Iterator[None]:
    """Keep other stacks away from this state folder."""
    state.folder.mkdir(parents=True, exist_ok=True)
    with state.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotGoOn(f"another local stack is using {state.folder}: stop that one first") from None
        yield


class Stack:
    """One local stack; it lives as long as `run` does."""

    def __init__(self, state: State, port: int) -> None:
        self._state = state
        self._port = port
        self._url = f"http://{HOST}:{port}"
        self._server: uvicorn.Server | None = None
        self._died = threading.Event()
        self._ready = threading.Event()

    def run(self) -> None:
        """Start everything, serve until told to stop, and stop everything."""
        with hold(self._state), self._listen() as door:
            emulator = Emulator(self._state, mail_door=self._url)
            try:
                built = build()
                with step("Starting the AWS emulator"):
                    emulator.start(self._on_death)
                self._serve(emulator, built, door)
            finally:
                emulator.stop()
        if self._died.is_set():
            raise CannotGoOn(f"the emulator ended unexpectedly; its last words are in {self._state.log}")

    @contextmanager
    def _listen(self) -> Iterator[socket.socket]:
        """The front door's port, taken before anything else so that nobody waits in vain."""
        # Named TCP, or asyncio leaves Nagle's algorithm on and each answer waits 40 ms for an acknowledgement.
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind((HOST, self._port))
            except OSError as trouble:
                advice = f"PORT={self._port + 1} make run takes another"
                raise CannotGoOn(f"port {self._port} cannot be used ({trouble.strerror}): {advice}") from None
            yield door

    def _serve(self, emulator: Emulator, built: Build, door: socket.socket) -> None:
        deployment = deploy(emulator, built)
        drawn = Drawn.kept(self._state.demo)
        staff = Staff(emulator, deployment, drawn.password)
        staff.enrol()
        gateway, inbox = Gateway(emulator, deployment["ApiId"]), Inbox(self._state.emails)
        settle_function = physical_name(emulator.client("cloudformation"), "SettleEmailFunction")
        mail_door = MailDoor(gateway, emulator, inbox, settle_function)
        summaries = [practice.summary(drawn.agent_secrets[practice.agent_id]) for practice in PRACTICES]
        agents = Agents(self._state, drawn, self._url)
        desk = PmsDesk(agents.pmss)
        app = FrontDoor(gateway, mail_door, inbox, staff, summaries, Schedule(emulator, built), desk, self._ready).app()
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=5)
        )
        self._server = server

        def get_ready() -> None:
            seeder = Seeder(emulator, deployment, drawn, self._url)
            if seeder.is_needed(drawn):
                seeder.seed()
                drawn.seeded = True
                drawn.keep(self._state.demo)
            agents.start()
            self._ready.set()
            self._greet(emulator.url)

        try:
            asyncio.run(_open(server, door, get_ready))
        finally:
            agents.stop()

    def _greet(self, emulator_url: str) -> None:
        say(f"""
Chairlink runs on this machine. Ctrl-C stops it; what happened stays until `make reset`.

  Booking page    {self._url}/book/{PRACTICES[0].id}  (in French: {self._url}/book/{PRACTICES[1].id})
  Console         {self._url}/console/
  API             {self._url}/v1/
  E-mails         {self._url}/local/inbox  (as JSON: {self._url}/local/emails)
  Demo practices  {self._url}/local/practices
  Its PMS         {self._url}/local/pms/{PRACTICES[0].id}
  AWS emulator    {emulator_url}
  A token         curl -s {self._url}/local/token -d '{{"practice_id": "{PRACTICES[0].id}", "role": "front_desk"}}'
""")

    def _on_death(self) -> None:
        self._died.set()
        if self._server is None:
            complain("the emulator ended unexpectedly")
        else:
            self._server.should_exit = True


async def _open(server: uvicorn.Server, door: socket.socket, get_ready: Callable[[], None]) -> None:
    """Serve until told to stop; while the door is open already, get ready through it."""
    serving = asyncio.create_task(server.serve(sockets=[door]))
    try:
        await asyncio.to_thread(get_ready)
    except Exception as trouble:
        if not server.should_exit:
            server.should_exit = True
            raise
        complain(f"stopped before it was ready ({type(trouble).__name__})")
    finally:
        await serving
