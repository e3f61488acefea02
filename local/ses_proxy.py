"""Proxy in front of the emulator's SES v2: captures each e-mail and reports its delivery events.

The emulator loses attachments and publishes no delivery events. So the functions' SES v2 calls come here first and go
on to the emulator, which refuses unknown senders. An e-mail that it accepts is stored with its attachments, and the
function that records delivery events is invoked with the events that EventBridge would deliver in AWS.
"""

import asyncio
import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from local.aws_emulator import ACCOUNT, REGION, Emulator
from local.captured_emails import CapturedEmails, Email, parse_send_email_call
from local.emulator_proxy import EmulatorProxy

# The addresses of the SES mailbox simulator, such as bounce@… and bounce+label@…. Labels tell recipients apart.
_SIMULATOR_DOMAIN = "simulator.amazonses.com"
_SENT = ("Email Sent", {"eventType": "Send"})
_DELIVERED = ("Email Delivered", {"eventType": "Delivery"})
_EVENTS_BY_MAILBOX: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "bounce": [("Email Bounced", {"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}})],
    "complaint": [("Email Complaint Received", {"eventType": "Complaint"})],
    "ooto": [_DELIVERED, ("Email Bounced", {"eventType": "Bounce", "bounce": {"bounceType": "Transient"}})],
}
"""Mailbox of the simulator -> (detail type, detail) of the events after "Email Sent". Other addresses are delivered."""
_NO_RESPONSE_MAILBOX = "unheard"
"""Our own addition to the simulator: the e-mail is accepted, but the caller never receives the response."""
# The emulator checks ses:SendEmail against "*". AWS checks it against the sender identity and the configuration set,
# which is what the template grants. So calls go on as the root user, and a template test checks the role instead.
_CREDENTIAL_SCOPE = f"Credential={ACCOUNT}/20260101/{REGION}/ses/aws4_request"
_ROOT_AUTHORIZATION = f"AWS4-HMAC-SHA256 {_CREDENTIAL_SCOPE}, SignedHeaders=host, Signature={'0' * 64}".encode()


class SesProxy:
    """An ASGI application for the paths of SES v2. `event_function` is the function that receives delivery events."""

    def __init__(self, proxy: EmulatorProxy, emulator: Emulator, emails: CapturedEmails, event_function: str) -> None:
        self._proxy = proxy
        self._lambda = emulator.client("lambda")
        self._emails = emails
        self._event_function = event_function
        self._running_tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward the call. If it sent an e-mail, store the e-mail and report its events."""
        request = Request(scope, receive)
        body = await request.body()
        host = request.headers["host"]
        response = await self._proxy.forward(request, body, host, authorization=_ROOT_AUTHORIZATION)
        if request.url.path == "/v2/email/outbound-emails" and response.status_code == 200:
            call = json.loads(body)
            email = parse_send_email_call(call)
            self._emails.add(email)
            if _NO_RESPONSE_MAILBOX in _simulator_mailboxes(email):
                while (await receive())["type"] != "http.disconnect":
                    pass
                return
            self._report_events(call, email, json.loads(bytes(response.body))["MessageId"])
        await response(scope, receive, send)

    def _report_events(self, call: dict[str, Any], email: Email, message_id: str) -> None:
        tags = {tag["Name"]: [tag["Value"]] for tag in call.get("EmailTags", [])}
        if name := call.get("ConfigurationSetName"):
            tags["ses:configuration-set"] = [name]
        mailboxes = _simulator_mailboxes(email)
        outcome = next((_EVENTS_BY_MAILBOX[each] for each in mailboxes if each in _EVENTS_BY_MAILBOX), [_DELIVERED])
        mail = {"messageId": message_id, "tags": tags}
        events = [
            {"source": "aws.ses", "detail-type": detail_type, "detail": {**detail, "mail": mail}}
            for detail_type, detail in (_SENT, *outcome)
        ]
        task = asyncio.create_task(run_in_threadpool(self._invoke_event_function, events))
        self._running_tasks.add(task)  # the event loop keeps weak references only
        task.add_done_callback(self._running_tasks.discard)

    def _invoke_event_function(self, events: list[dict[str, Any]]) -> None:
        """Invoke the function directly: the emulator's EventBridge accepts no events with an aws.* source."""
        for event in events:
            self._lambda.invoke(FunctionName=self._event_function, InvocationType="Event", Payload=json.dumps(event))


def _simulator_mailboxes(email: Email) -> list[str]:
    """The mailboxes of the simulator among the e-mail's recipients, without their labels."""
    addresses = (address.rpartition("@") for address in email["to"])
    return [name.partition("+")[0] for name, _, domain in addresses if domain == _SIMULATOR_DOMAIN]
