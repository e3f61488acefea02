"""The SES transport: what it sends, and what each answer means."""

from collections.abc import Iterator
from typing import Any

import botocore.exceptions as boto
import pytest
from botocore.stub import Stubber
from moto import mock_aws
from moto.ses.models import ses_backends

from bookings.domain.outbox.email_delivery import MimeEmail, SendAccepted, SendFault, SendRefused
from bookings.emails.ses_transport import SesTransport, ses_client
from tests.support.email_builders import SENDER

ENVELOPE = MimeEmail(
    ("jane@example.com",), b"From: a@b.example\r\nTo: jane@example.com\r\nSubject: Hello\r\n\r\nHello\r\n"
)


@pytest.fixture
def client() -> Any:
    return ses_client()


@pytest.fixture
def stubber(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber


def send(client: Any) -> SendAccepted | SendRefused:
    return SesTransport(client, SENDER, "chairlink").send(ENVELOPE, "mail_1")


def test_a_message_is_sent_with_the_outbox_id_as_tag(client: Any, stubber: Stubber) -> None:
    stubber.add_response(
        "send_email",
        {"MessageId": "ses-1"},
        {
            "FromEmailAddress": SENDER,
            "Destination": {"ToAddresses": ["jane@example.com"]},
            "Content": {"Raw": {"Data": ENVELOPE.message}},
            "EmailTags": [{"Name": "outbox_id", "Value": "mail_1"}],
            "ConfigurationSetName": "chairlink",
        },
    )
    assert send(client) == SendAccepted("ses-1")


def test_ses_accepts_the_message() -> None:
    with mock_aws():
        client = ses_client()
        client.create_email_identity(EmailIdentity=SENDER)
        assert isinstance(send(client), SendAccepted)
        (message,) = ses_backends["123456789012"]["ca-central-1"].sent_messages
        assert set(message.destinations) == {"jane@example.com"}


def test_the_sdk_does_not_retry(client: Any) -> None:
    config = client.meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.connect_timeout + config.read_timeout < 20


@pytest.mark.parametrize(
    ("code", "status", "text", "fault"),
    [
        ("TooManyRequestsException", 429, "Maximum sending rate exceeded.", SendFault.THROTTLED),
        ("ThrottlingException", 400, "Rate exceeded", SendFault.THROTTLED),
        ("Throttling", 400, "Maximum sending rate exceeded.", SendFault.THROTTLED),
        ("Throttling", 400, "Daily message quota exceeded.", SendFault.ACCOUNT),
        ("InternalFailure", 500, "", SendFault.TRANSIENT),
        ("ServiceUnavailable", 503, "", SendFault.TRANSIENT),
        ("TooManyRequestsException", 429, "Daily message quota exceeded.", SendFault.ACCOUNT),
        ("LimitExceededException", 400, "", SendFault.ACCOUNT),
        ("AccountSuspendedException", 400, "", SendFault.ACCOUNT),
        ("SendingPausedException", 400, "", SendFault.ACCOUNT),
        ("MailFromDomainNotVerifiedException", 400, "", SendFault.ACCOUNT),
        ("NotFoundException", 404, "Configuration set <chairlink> does not exist.", SendFault.ACCOUNT),
        ("MessageRejected", 400, "Email address is not verified. The following identities failed …", SendFault.ACCOUNT),
        ("AccessDeniedException", 403, "User is not authorized to perform ses:SendEmail", SendFault.ACCOUNT),
        ("ExpiredTokenException", 403, "", SendFault.ACCOUNT),
        ("MessageRejected", 400, "Address blacklisted.", SendFault.PERMANENT),
        ("BadRequestException", 400, "Missing final '@domain'", SendFault.PERMANENT),
    ],
)
def test_each_ses_error_has_its_fault(
    client: Any, stubber: Stubber, code: str, status: int, text: str, fault: SendFault
) -> None:
    stubber.add_client_error("send_email", code, text, status)
    assert send(client) == SendRefused(fault, code)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (boto.ConnectTimeoutError(endpoint_url="x"), SendFault.TRANSIENT),
        (boto.EndpointConnectionError(endpoint_url="x"), SendFault.TRANSIENT),
        (boto.NoCredentialsError(), SendFault.ACCOUNT),
        (boto.ParamValidationError(report="x"), SendFault.PERMANENT),
        (boto.ReadTimeoutError(endpoint_url="x"), SendFault.UNKNOWN),
        (boto.ConnectionClosedError(endpoint_url="x"), SendFault.UNKNOWN),
        (boto.HTTPClientError(error="x"), SendFault.UNKNOWN),
        (boto.SSLError(endpoint_url="x", error=OSError()), SendFault.UNKNOWN),
    ],
)
def test_only_a_connection_that_failed_is_safe_to_repeat(client: Any, error: Exception, fault: SendFault) -> None:
    def fail(**_: object) -> None:
        raise error

    client.meta.events.register("before-send.sesv2.SendEmail", fail)
    assert send(client) == SendRefused(fault, type(error).__name__)


def test_a_refusal_has_a_code_and_no_text_of_ses(client: Any, stubber: Stubber) -> None:
    stubber.add_client_error("send_email", "MessageRejected", "jane@example.com is not welcome", 400)
    assert "jane" not in repr(send(client))
