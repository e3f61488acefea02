"""What is kept, what is protected, and what may vanish."""

import pytest

from .system import TABLE, System

KEEP = {"Retain", "RetainExceptOnCreate"}
IN_PRODUCTION = "IsProduction"


def test_every_table_can_be_restored_to_any_second(system: System) -> None:
    for name, table in system.properties(TABLE).items():
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, name


def test_every_table_is_encrypted_with_kms(system: System) -> None:
    for name, table in system.properties(TABLE).items():
        assert table["SSESpecification"] == {"SSEEnabled": True}, name


def test_every_table_is_paid_by_use(system: System) -> None:
    for name, table in system.properties(TABLE).items():
        assert table["BillingMode"] == "PAY_PER_REQUEST", name


@pytest.mark.parametrize("kind", [TABLE, "AWS::Cognito::UserPool", "AWS::SQS::Queue"])
def test_what_holds_data_outlives_its_stack(system: System, kind: str) -> None:
    assert system.properties(kind)
    for name in system.properties(kind):
        assert system.resources[name]["DeletionPolicy"] in KEEP, name
        assert system.resources[name]["UpdateReplacePolicy"] == "Retain", name


def test_no_table_of_production_can_be_deleted(system: System) -> None:
    for name, table in system.properties(TABLE).items():
        assert table["DeletionProtectionEnabled"] == {"Fn::If": [IN_PRODUCTION, True, False]}, name


def test_the_staff_of_production_cannot_be_deleted(system: System) -> None:
    for name, pool in system.properties("AWS::Cognito::UserPool").items():
        assert pool["DeletionProtection"] == {"Fn::If": [IN_PRODUCTION, "ACTIVE", "INACTIVE"]}, name


def test_production_is_the_stage_of_that_name(system: System) -> None:
    assert system.template["Conditions"][IN_PRODUCTION] == {"Fn::Equals": [{"Ref": "Stage"}, "production"]}
    assert "Default" not in system.template["Parameters"]["Stage"], "nobody deploys a stage by accident"


def test_only_deliveries_expire(system: System) -> None:
    expiring = {
        name: table["TimeToLiveSpecification"]
        for name, table in system.properties(TABLE).items()
        if "TimeToLiveSpecification" in table
    }
    assert expiring == {"DeliveriesTable": {"AttributeName": "expires_at", "Enabled": True}}


def test_only_the_outbox_and_history_stream(system: System) -> None:
    streaming = {name for name, table in system.properties(TABLE).items() if "StreamSpecification" in table}
    assert streaming == {"OutboxTable", "HistoryTable"}


def test_no_table_has_a_local_index(system: System) -> None:
    assert [n for n, table in system.properties(TABLE).items() if "LocalSecondaryIndexes" in table] == []


def test_no_table_has_a_name_of_its_own(system: System) -> None:
    """A fixed name would keep a kept table from being replaced, and two stages from sharing an account."""
    assert [name for name, table in system.properties(TABLE).items() if "TableName" in table] == []
