"""What is kept, what is protected, and what may vanish."""

import pytest

from tests.support.sam_template import TABLE, SamTemplate

KEEP = {"Retain", "RetainExceptOnCreate"}
IN_PRODUCTION = "IsProduction"


def test_every_table_can_be_restored_to_any_second(template: SamTemplate) -> None:
    for name, table in template.properties(TABLE).items():
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, name


def test_every_table_is_encrypted_with_kms(template: SamTemplate) -> None:
    for name, table in template.properties(TABLE).items():
        assert table["SSESpecification"] == {"SSEEnabled": True}, name


def test_every_table_is_paid_by_use(template: SamTemplate) -> None:
    for name, table in template.properties(TABLE).items():
        assert table["BillingMode"] == "PAY_PER_REQUEST", name


@pytest.mark.parametrize("kind", [TABLE, "AWS::Cognito::UserPool", "AWS::SQS::Queue"])
def test_what_holds_data_outlives_its_stack(template: SamTemplate, kind: str) -> None:
    assert template.properties(kind)
    for name in template.properties(kind):
        assert template.resources[name]["DeletionPolicy"] in KEEP, name
        assert template.resources[name]["UpdateReplacePolicy"] == "Retain", name


def test_no_table_of_production_can_be_deleted(template: SamTemplate) -> None:
    for name, table in template.properties(TABLE).items():
        assert table["DeletionProtectionEnabled"] == {"Fn::If": [IN_PRODUCTION, True, False]}, name


def test_the_staff_of_production_cannot_be_deleted(template: SamTemplate) -> None:
    for name, pool in template.properties("AWS::Cognito::UserPool").items():
        assert pool["DeletionProtection"] == {"Fn::If": [IN_PRODUCTION, "ACTIVE", "INACTIVE"]}, name


def test_production_is_the_stage_of_that_name(template: SamTemplate) -> None:
    assert template.document["Conditions"][IN_PRODUCTION] == {"Fn::Equals": [{"Ref": "Stage"}, "production"]}
    assert "Default" not in template.document["Parameters"]["Stage"], "nobody deploys a stage by accident"


def test_only_deliveries_expire(template: SamTemplate) -> None:
    expiring = {
        name: table["TimeToLiveSpecification"]
        for name, table in template.properties(TABLE).items()
        if "TimeToLiveSpecification" in table
    }
    assert expiring == {"DeliveriesTable": {"AttributeName": "expires_at", "Enabled": True}}


def test_only_the_outbox_and_history_stream(template: SamTemplate) -> None:
    streaming = {name for name, table in template.properties(TABLE).items() if "StreamSpecification" in table}
    assert streaming == {"OutboxTable", "HistoryTable"}


def test_no_table_has_a_local_index(template: SamTemplate) -> None:
    assert [n for n, table in template.properties(TABLE).items() if "LocalSecondaryIndexes" in table] == []


def test_no_table_has_a_name_of_its_own(template: SamTemplate) -> None:
    """A fixed name would keep a kept table from being replaced, and two stages from sharing an account."""
    assert [name for name, table in template.properties(TABLE).items() if "TableName" in table] == []
