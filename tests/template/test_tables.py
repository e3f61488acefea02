"""Tables: recovery, encryption, retention and streams."""

import pytest

from tests.support.sam_template import TABLE, SamTemplate

KEEP = {"Retain", "RetainExceptOnCreate"}
IN_PRODUCTION = "IsProduction"


def test_every_table_has_point_in_time_recovery(template: SamTemplate) -> None:
    for name, table in template.properties(TABLE).items():
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, name


def test_every_table_is_encrypted_with_kms(template: SamTemplate) -> None:
    for name, table in template.properties(TABLE).items():
        assert table["SSESpecification"] == {"SSEEnabled": True}, name


def test_every_table_is_billed_per_request(template: SamTemplate) -> None:
    for name, table in template.properties(TABLE).items():
        assert table["BillingMode"] == "PAY_PER_REQUEST", name


@pytest.mark.parametrize("kind", [TABLE, "AWS::Cognito::UserPool", "AWS::SQS::Queue"])
def test_resources_with_data_are_retained(template: SamTemplate, kind: str) -> None:
    assert template.properties(kind)
    for name in template.properties(kind):
        assert template.resources[name]["DeletionPolicy"] in KEEP, name
        assert template.resources[name]["UpdateReplacePolicy"] == "Retain", name


def test_production_tables_are_protected_against_deletion(template: SamTemplate) -> None:
    for name, table in template.properties(TABLE).items():
        assert table["DeletionProtectionEnabled"] == {"Fn::If": [IN_PRODUCTION, True, False]}, name


def test_the_production_user_pool_is_protected_against_deletion(template: SamTemplate) -> None:
    for name, pool in template.properties("AWS::Cognito::UserPool").items():
        assert pool["DeletionProtection"] == {"Fn::If": [IN_PRODUCTION, "ACTIVE", "INACTIVE"]}, name


def test_the_production_condition_is_the_stage_named_production(template: SamTemplate) -> None:
    assert template.document["Conditions"][IN_PRODUCTION] == {"Fn::Equals": [{"Ref": "Stage"}, "production"]}
    assert "Default" not in template.document["Parameters"]["Stage"], "nobody deploys a stage by accident"


def test_only_deliveries_expire(template: SamTemplate) -> None:
    expiring = {
        name: table["TimeToLiveSpecification"]
        for name, table in template.properties(TABLE).items()
        if "TimeToLiveSpecification" in table
    }
    assert expiring == {"DeliveriesTable": {"AttributeName": "expires_at", "Enabled": True}}


def test_only_outbox_and_history_have_streams(template: SamTemplate) -> None:
    streaming = {name for name, table in template.properties(TABLE).items() if "StreamSpecification" in table}
    assert streaming == {"OutboxTable", "HistoryTable"}


def test_no_table_has_a_local_index(template: SamTemplate) -> None:
    assert [n for n, table in template.properties(TABLE).items() if "LocalSecondaryIndexes" in table] == []


def test_no_table_has_a_fixed_name(template: SamTemplate) -> None:
    """With a fixed name a retained table could not be replaced, and two stages could not share an account."""
    assert [name for name, table in template.properties(TABLE).items() if "TableName" in table] == []
