"""References resolve, also in Globals, policies and authorizers, where cfn-lint does not look."""

from tests.support.sam_template import FUNCTION, TABLE, SamTemplate, as_list, references, walk

PSEUDO = {
    f"AWS::{name}" for name in ("AccountId", "NoValue", "Partition", "Region", "StackId", "StackName", "URLSuffix")
}
ATTRIBUTES = {
    TABLE: {"Arn", "StreamArn"},
    "AWS::CloudFront::Distribution": {"DomainName"},
    "AWS::CloudFront::Function": {"FunctionARN"},
    "AWS::Cognito::UserPool": {"Arn"},
    "AWS::IAM::Role": {"Arn"},
    "AWS::Logs::LogGroup": {"Arn"},
    "AWS::S3::Bucket": {"Arn", "RegionalDomainName"},
    "AWS::SQS::Queue": {"Arn", "QueueName"},
    "AWS::Serverless::Api": {"Stage"},
    FUNCTION: {"Arn"},
    "AWS::WAFv2::WebACL": {"Arn"},
}


def test_every_reference_resolves(template: SamTemplate) -> None:
    plain = PSEUDO | set(template.document["Parameters"]) | set(template.resources)
    known = {(name, "") for name in plain} | {
        (name, attribute)
        for name, resource in template.resources.items()
        for attribute in ATTRIBUTES.get(resource["Type"], ())
    }
    assert references(template.document) - known == set()


def test_every_dependency_exists(template: SamTemplate) -> None:
    named = {name for resource in template.resources.values() for name in as_list(resource.get("DependsOn", []))}
    assert named - set(template.resources) == set()


def test_every_condition_is_declared_and_used(template: SamTemplate) -> None:
    used = {part["Fn::If"][0] for part in walk(template.document) if isinstance(part, dict) and "Fn::If" in part}
    used |= {output["Condition"] for output in template.document["Outputs"].values() if "Condition" in output}
    used |= {resource["Condition"] for resource in template.resources.values() if "Condition" in resource}
    assert used == set(template.document["Conditions"])


def test_every_parameter_is_used(template: SamTemplate) -> None:
    assert set(template.document["Parameters"]) - {name for name, _ in references(template.document)} == set()
