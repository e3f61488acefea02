"""Starts the local stack, runs it until it is interrupted, and stops it.

The order is: build, emulator, deployment, ASGI app, demo practices, sync agents.
"""

import asyncio
import fcntl
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

import uvicorn

from local.asgi_app import LocalApp
from local.aws_emulator import HOST, Emulator
from local.captured_emails import CapturedEmails
from local.demo_credentials import DemoCredentials
from local.demo_pms_agents import DemoPmsAgents
from local.demo_practices import PRACTICES
from local.demo_staff_sign_in import DemoStaff
from local.emulator_deployment import deploy, physical_name
from local.emulator_proxy import EmulatorProxy
from local.sam_build import Build, build
from local.scheduled_functions import ScheduledFunctions
from local.seed_demo_practices import Seeder
from local.ses_proxy import SesProxy
from local.simulated_pms_endpoint import SimulatedPmsEndpoint
from local.state_folder import StateFolder
from local.terminal_output import CommandError, print_error, print_line, timed_step

_EMAIL_EVENT_FUNCTION = "RecordEmailEventFunction"
"""Logical id of the function that records the delivery events of e-mails."""


_LOCK_TIMEOUT_SECONDS = 3.0
"""Longer than the emulator of a run that was killed takes to end."""


@contextmanager
def exclusive_use(state: StateFolder) -> Iterator[int]:
    """Lock the state folder; returns the lock's file descriptor. Raises CommandError if another stack uses it.

    The lock is held until every process that has the descriptor has ended.
    """
    state.make_private()
    with state.lock_file.open("w") as lock:
        give_up_at = time.monotonic() + _LOCK_TIMEOUT_SECONDS
        while not _try_lock(lock.fileno()):
            if time.monotonic() > give_up_at:
                raise CommandError(f"another local stack is using {state.path}; stop it first")
            time.sleep(0.1)
        yield lock.fileno()


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Stack:
    """One local stack. It runs for as long as `run` does."""

    def __init__(self, state: StateFolder, port: int, without_agent: AbstractSet[str] = frozenset()) -> None:
        self._state = state
        self._without_agent = without_agent
        self._port = port
        self._url = f"http://{HOST}:{port}"
        self._server: uvicorn.Server | None = None
        self._emulator_exited = threading.Event()
        self._ready = threading.Event()

    def run(self) -> None:
        """Start everything, serve until interrupted, and stop everything.

        Raises CommandError if the state folder or the port is in use, if a step fails, or if the emulator exits.
        """
        with exclusive_use(self._state) as lock, self._bind_port() as server_socket:
            emulator = Emulator(self._state, ses_url=self._url)
            try:
                built = build()
                os.umask(0o077)  # what the stack stores is for its owner only; the build is not personal
                with timed_step("Starting the AWS emulator"):
                    emulator.start(self._on_emulator_exit, lock)
                self._serve(emulator, built, server_socket)
            finally:
                emulator.stop()
        if self._emulator_exited.is_set():
            raise CommandError(f"the emulator exited unexpectedly; see the end of its log, {self._state.emulator_log}")

    @contextmanager
    def _bind_port(self) -> Iterator[socket.socket]:
        """Bind the port before any slow step, so that a port in use is reported at once."""
        # IPPROTO_TCP is explicit because asyncio disables Nagle's algorithm only then. With it every response takes
        # 40 ms longer.
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as server_socket:
            server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                server_socket.bind((HOST, self._port))
            except OSError as error:
                advice = f"choose another one: PORT={self._port + 1} make run"
                raise CommandError(f"port {self._port} cannot be used ({error.strerror}); {advice}") from None
            yield server_socket

    def _serve(self, emulator: Emulator, built: Build, server_socket: socket.socket) -> None:
        deployment = deploy(emulator, built)
        credentials = DemoCredentials.load_or_generate(self._state.credentials_file)
        staff = DemoStaff(emulator, deployment, credentials.password)
        staff.create_users()
        proxy, emails = EmulatorProxy(emulator, deployment["ApiId"]), CapturedEmails(self._state.emails_file)
        event_function = physical_name(emulator.client("cloudformation"), _EMAIL_EVENT_FUNCTION)
        agents = DemoPmsAgents(self._state, credentials, self._url, self._without_agent)
        app = LocalApp(
            proxy=proxy,
            ses_proxy=SesProxy(proxy, emulator, emails, event_function),
            captured_emails=emails,
            staff=staff,
            practices=[practice.summary(credentials.agent_secrets[practice.agent_id]) for practice in PRACTICES],
            scheduled_functions=ScheduledFunctions(emulator, built),
            pms_endpoint=SimulatedPmsEndpoint(agents.pms_by_practice),
            ready=self._ready,
        ).app()
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=5)
        )
        self._server = server

        def finish_start() -> None:
            seeder = Seeder(emulator, deployment, credentials, self._url)
            if seeder.is_needed():
                seeder.seed()
                credentials.seeded = True
                credentials.save(self._state.credentials_file)
            agents.start()
            self._ready.set()
            self._print_urls(emulator.url)

        try:
            asyncio.run(_serve_while_starting(server, server_socket, finish_start))
        finally:
            agents.stop()

    def _print_urls(self, emulator_url: str) -> None:
        print_line(f"""
Chairlink runs on this machine. Ctrl-C stops it. Its state is kept until `make reset`.

  Booking page    {self._url}/book/{PRACTICES[0].id}  (in French: {self._url}/book/{PRACTICES[1].id})
  Console         {self._url}/console/
  API             {self._url}/v1/
  E-mails         {self._url}/local/inbox  (as JSON: {self._url}/local/emails)
  Demo practices  {self._url}/local/practices
  Simulated PMS   {self._url}/local/pms/{PRACTICES[0].id}
  AWS emulator    {emulator_url}
  Get a token     curl -s {self._url}/local/token -d '{{"practice_id": "{PRACTICES[0].id}", "role": "front_desk"}}'
""")
        if self._without_agent:
            names = ", ".join(sorted(self._without_agent))
            print_line(
                f"No demo agent runs for {names} (DEMO_AGENTS). Connect your own: docs/how-to/connect-your-pms.md\n"
            )

    def _on_emulator_exit(self) -> None:
        self._emulator_exited.set()
        if self._server is None:
            print_error("the emulator exited unexpectedly")
        else:
            self._server.should_exit = True


async def _serve_while_starting(
    server: uvicorn.Server, server_socket: socket.socket, finish_start: Callable[[], None]
) -> None:
    """Serve until interrupted. `finish_start` runs in a thread meanwhile, because it calls the server itself."""
    serving = asyncio.create_task(server.serve(sockets=[server_socket]))
    try:
        await asyncio.to_thread(finish_start)
    except Exception as error:
        if not server.should_exit:
            server.should_exit = True
            raise
        print_error(f"stopped before the start was complete ({type(error).__name__})")
    finally:
        await serving
