"""An environment without a cloud for all tests, and one emulator for the session."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

import bookings.bootstrap  # noqa: F401  # it pins the time-zone data, so import it before anything reads a zone
from tests.support.dynamodb_engines import ENGINES, Engine, running_ministack

os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_DEFAULT_REGION="ca-central-1",
    AWS_EC2_METADATA_DISABLED="true",
    AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled",  # moto does not know DynamoDB's endpoints by account
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    POWERTOOLS_SERVICE_NAME="chairlink-test",
    POWERTOOLS_METRICS_NAMESPACE="Chairlink",
    POWERTOOLS_LOG_LEVEL="INFO",
)
for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"):
    os.environ.pop(name, None)

# No test rests on how quick the machine is.
settings.register_profile("chairlink", deadline=None)
settings.load_profile("chairlink")


@pytest.fixture(scope="session")
def ministack_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the session's MiniStack, which starts if a test needs it."""
    with running_ministack(tmp_path_factory.mktemp("ministack")) as endpoint:
        yield endpoint


@pytest.fixture(scope="module", params=["moto", "ministack"])
def dynamodb_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Every table of template.yaml in moto, and then in MiniStack."""
    with ENGINES[request.param](request.getfixturevalue) as engine:
        yield engine
