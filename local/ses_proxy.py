"""Stands before the emulator's SES, which forgets attachments and never tells what became of a message.

The functions' SES v2 calls come here and go on to the emulator, which knows our sender and refuses others. What it
takes is kept in the inbox, and the function that settles e-mails hears of it as EventBridge would tell it.
"""

import asyncio
import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from local.aws_emulator import ACCOUNT, REGION, Emulator
from local.captured_emails import Email, Inbox, read_message
from local.emulator_proxy import Gateway

# Addresses that play a part, as SES's own mailbox simulator has them; a label after a plus tells letters apart.
_SIMULATOR = "simulator.amazonses.com"
_SENT = ("Email Sent", {"eventType": "Send"})
_DELIVERED = ("Email Delivered", {"eventType": "Delivery"})
_NEWS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "bounce": [("Email Bounced", {"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}})],
    "complaint": [("Email Complaint Received", {"eventType": "Complaint"})],
    "ooto": [_DELIVERED, ("Email Bounced", {"eventType": "Bounce", "bounce": {"bounceType": "Transient"}})],
}
_UNHEARD = "unheard"
"""A part that SES does not offer: the message is taken, and the caller does not hear of it for as long as it lives."""
# The emulator would ask for ses:SendEmail on "*", where AWS asks for it on the sender and the configuration set, as the
# template grants it. So we ask in the account's own name; a template test holds the role to what AWS wants.
_SCOPE = f"Credential={ACCOUNT}/20260101/{REGION}/ses/aws4_request"
_AS_ROOT = f"AWS4-HMAC-SHA256 {_SCOPE}, SignedHeaders=host, Signature={'0' * 64}".encode()


class MailDoor:
    """An ASGI application for the paths of SES v2."""

    def __init__(self, gateway: Gateway, emulator: Emulator, inbox: Inbox, settle_function: str) -> None:
        self._gateway = gateway
        self._lambda = emulator.client("lambda")
        self._inbox = inbox
        self._settle_function = settle_function
        self._telling: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on; if it was a message that SES took, keep it."""
        request = Request(scope, receive)
        body = await request.body()
        answer = await self._gateway.forward(request, body, host=request.headers["host"], signature=_AS_ROOT)
        if request.url.path == "/v2/email/outbound-emails" and answer.status_code == 200:
            call = json.loads(body)
            message = read_message(call)
            self._inbox.keep(message)
            if _UNHEARD in _parts(message):
                while (await receive())["type"] != "http.disconnect":
                    pass
                return
            self._tell(call, message, json.loads(bytes(answer.body))["MessageId"])
        await answer(scope, receive, send)

    def _tell(self, call: dict[str, Any], message: Email, message_id: str) -> None:
        tags = {tag["Name"]: [tag["Value"]] for tag in call.get("EmailTags", [])}
        if name := call.get("ConfigurationSetName"):
            tags["ses:configuration-set"] = [name]
        outcome = next((_NEWS[part] for part in _parts(message) if part in _NEWS), [_DELIVERED])
        mail = {"messageId": message_id, "tags": tags}
        events = [
            {"source": "aws.ses", "detail-type": detail_type, "detail": {**detail, "mail": mail}}
            for detail_type, detail in (_SENT, *outcome)
        ]
        task = asyncio.create_task(run_in_threadpool(self._settle, events))
        self._telling.add(task)  # or the loop may forget it
        task.add_done_callback(self._telling.discard)

    def _settle(self, events: list[dict[str, Any]]) -> None:
        """EventBridge on this machine takes no event in the name of AWS, so the function hears of it from us."""
        for event in events:
            self._lambda.invoke(FunctionName=self._settle_function, InvocationType="Event", Payload=json.dumps(event))


def _parts(message: Email) -> list[str]:
    """The parts that the message's addresses play; none for those of people."""
    addresses = (address.rpartition("@") for address in message["to"])
    return [name.partition("+")[0] for name, _, domain in addresses if domain == _SIMULATOR]
