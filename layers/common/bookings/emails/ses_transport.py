"""Send e-mails through Amazon SES, and classify its errors.

Errors: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
"""

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

from bookings.call_limits import SES_CALL
from bookings.domain.outbox.email_delivery import MimeEmail, SendAccepted, SendFault, SendRefused

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_FAULTS = {
    "AccountSuspendedException": SendFault.ACCOUNT,
    "LimitExceededException": SendFault.ACCOUNT,
    "MailFromDomainNotVerifiedException": SendFault.ACCOUNT,
    "NotFoundException": SendFault.ACCOUNT,  # the configuration set does not exist
    "SendingPausedException": SendFault.ACCOUNT,
    "MessageRejected": SendFault.PERMANENT,
    "BadRequestException": SendFault.PERMANENT,
}

_NEVER_CONNECTED = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError)
_NOT_SIGNED = (CredentialRetrievalError, NoCredentialsError, PartialCredentialsError)


def ses_client() -> "SESV2Client":
    """A client without retries: after a lost response, a retry would send a second e-mail."""
    return boto3.client("sesv2", config=Config(**SES_CALL.config))


class SesTransport:
    """Sends e-mails from one address, with one configuration set."""

    def __init__(self, client: "SESV2Client", sender: str, configuration_set: str) -> None:
        self._client = client
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, mime_email: MimeEmail, outbox_id: str) -> SendAccepted | SendRefused:
        """Send the message, once. The outbox id is a tag of it, which SES adds to its delivery events."""
        try:
            response = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": list(mime_email.addresses)},
                Content={"Raw": {"Data": mime_email.message}},
                EmailTags=[{"Name": "outbox_id", "Value": outbox_id}],
                ConfigurationSetName=self._configuration_set,
            )
        except ClientError as error:
            return _refusal(error)
        except BotoCoreError as error:
            return SendRefused(_connection_fault(error), type(error).__name__)
        return SendAccepted(response["MessageId"])


def _refusal(error: ClientError) -> SendRefused:
    """SES answered with an error, so it did not accept the message."""
    code = error.response["Error"]["Code"]
    text = error.response["Error"].get("Message", "").casefold()
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    if "not verified" in text or "daily message quota" in text:
        return SendRefused(SendFault.ACCOUNT, code)
    if code in _FAULTS:
        return SendRefused(_FAULTS[code], code)
    if status == 429 or "throttl" in code.casefold():
        return SendRefused(SendFault.THROTTLED, code)
    if status >= 500:
        return SendRefused(SendFault.TRANSIENT, code)
    # What remains are errors of our signature or role. They concern every e-mail, not this one.
    return SendRefused(SendFault.ACCOUNT, code)


def _connection_fault(error: BotoCoreError) -> SendFault:
    """There was no response. Without a connection nothing was sent; otherwise the message may have been sent."""
    if isinstance(error, _NEVER_CONNECTED):
        return SendFault.TRANSIENT
    if isinstance(error, _NOT_SIGNED):
        return SendFault.ACCOUNT
    return SendFault.PERMANENT if isinstance(error, ParamValidationError) else SendFault.UNKNOWN
