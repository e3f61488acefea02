"""Measures the CPU time of calls, and provides botocore's `get_item` as the unit to compare them with.

Compare times of one run on one machine only.
"""

import json
import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import botocore.session
from botocore.config import Config

ROUNDS, CALLS_PER_ROUND = 15, 40


def measure_cpu_seconds(calls: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """CPU seconds per call, by name: the minimum of all rounds, because other programs use the machine too.

    Each round measures every call, so that a disturbance affects all of them.
    """
    rounds = [{name: _cpu_seconds(call) for name, call in calls.items()} for _ in range(ROUNDS)]
    return {name: min(each[name] for each in rounds) for name in calls}


def _cpu_seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(CALLS_PER_ROUND):
        call()
    return (time.process_time() - start) / CALLS_PER_ROUND


@contextmanager
def stubbed_get_item(item: Mapping[str, object]) -> Iterator[Callable[[], object]]:
    """A function that calls `get_item` through botocore and receives that item.

    The DynamoDB stub runs in a process of its own, so that its CPU time does not count.
    """
    body = json.dumps({"Item": item}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as server:
        response = head.encode() + body
        stub = multiprocessing.get_context("fork").Process(target=_serve, args=(server, response), daemon=True)
        stub.start()
        client: Any = botocore.session.Session().create_client(
            "dynamodb",
            region_name="ca-central-1",
            endpoint_url=f"http://127.0.0.1:{server.getsockname()[1]}",
            aws_access_key_id="stub",
            aws_secret_access_key="stub",
            config=Config(account_id_endpoint_mode="disabled"),
        )
        key = {"practice_id": {"S": "p"}, "appointment_id": {"S": "a"}}
        try:
            yield lambda: client.get_item(TableName="Appointments", Key=key)
        finally:
            stub.terminate()
            stub.join()


def _serve(server: socket.socket, response: bytes) -> None:
    """Send the same response to each request."""
    while True:
        connection, _ = server.accept()
        with connection:
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
                head, _, body = received.partition(b"\r\n\r\n")
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.lower().split(b"\r\n")
                        if line.startswith(b"content-length:")
                    ),
                    0,
                )
                if len(body) >= length:
                    connection.sendall(response)
                    received = b""
