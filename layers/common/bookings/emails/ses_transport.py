"""Amazon SES as the carrier of our mail, and what each of its answers means for a letter."""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    ProxyConnectionError,
)

from bookings.domain.outbox.email_delivery import MimeEmail, SendAccepted, SendFault, SendRefused

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_FAULTS = {
    "AccountSuspendedException": SendFault.ACCOUNT,
    "LimitExceededException": SendFault.ACCOUNT,
    "MailFromDomainNotVerifiedException": SendFault.ACCOUNT,
    "NotFoundException": SendFault.ACCOUNT,  # the configuration set is gone
    "SendingPausedException": SendFault.ACCOUNT,
    "MessageRejected": SendFault.PERMANENT,
    "BadRequestException": SendFault.PERMANENT,
}

_NEVER_CONNECTED = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError)
_NOT_SIGNED = (CredentialRetrievalError, NoCredentialsError, PartialCredentialsError)


def ses_client() -> "SESV2Client":
    """A client that tries once: a lost answer must not become a second e-mail."""
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=10)
    return boto3.client("sesv2", config=config)


class SesTransport:
    """Sends from one address, under one configuration set."""

    def __init__(self, client: "SESV2Client", sender: str, configuration_set: str) -> None:
        self._client = client
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, mime_email: MimeEmail, outbox_id: str) -> SendAccepted | SendRefused:
        """Hand the envelope over, once; the events that SES publishes of it carry the outbox id as a tag."""
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": list(mime_email.addresses)},
                Content={"Raw": {"Data": mime_email.message}},
                EmailTags=[{"Name": "outbox_id", "Value": outbox_id}],
                ConfigurationSetName=self._configuration_set,
            )
        except ClientError as error:
            return _refused(error)
        except BotoCoreError as error:
            return SendRefused(_fault_of_the_way(error), type(error).__name__)
        return SendAccepted(answer["MessageId"])


def _refused(error: ClientError) -> SendRefused:
    """SES answered, so the message was not taken."""
    code = error.response["Error"]["Code"]
    text = error.response["Error"].get("Message", "").casefold()
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    if "not verified" in text or "daily message quota" in text:
        return SendRefused(SendFault.ACCOUNT, code)
    if code in _FAULTS:
        return SendRefused(_FAULTS[code], code)
    if status >= 500 or status == 429 or "throttl" in code.casefold():
        return SendRefused(SendFault.TRANSIENT, code)
    # What is left are refusals of our signature or our role. No address is at fault, and every letter would fail.
    return SendRefused(SendFault.ACCOUNT, code)


def _fault_of_the_way(error: BotoCoreError) -> SendFault:
    """No answer came. Only where no connection was made is it sure that nothing was sent."""
    if isinstance(error, _NEVER_CONNECTED):
        return SendFault.TRANSIENT
    if isinstance(error, _NOT_SIGNED):
        return SendFault.ACCOUNT
    return SendFault.PERMANENT if isinstance(error, ParamValidationError) else SendFault.UNKNOWN
