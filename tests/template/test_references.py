"""cfn-lint does not see dangling references in Globals, policies and authorizers; this does."""

from .system import FUNCTION, TABLE, System, as_list, references, walk

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


def test_every_reference_resolves(system: System) -> None:
    plain = PSEUDO | set(system.template["Parameters"]) | set(system.resources)
    known = {(name, "") for name in plain} | {
        (name, attribute)
        for name, resource in system.resources.items()
        for attribute in ATTRIBUTES.get(resource["Type"], ())
    }
    assert references(system.template) - known == set()


def test_every_dependency_exists(system: System) -> None:
    named = {name for resource in system.resources.values() for name in as_list(resource.get("DependsOn", []))}
    assert named - set(system.resources) == set()


def test_every_condition_is_declared_and_used(system: System) -> None:
    used = {part["Fn::If"][0] for part in walk(system.template) if isinstance(part, dict) and "Fn::If" in part}
    used |= {output["Condition"] for output in system.template["Outputs"].values() if "Condition" in output}
    used |= {resource["Condition"] for resource in system.resources.values() if "Condition" in resource}
    assert used == set(system.template["Conditions"])


def test_every_parameter_is_used(system: System) -> None:
    assert set(system.template["Parameters"]) - {name for name, _ in references(system.template)} == set()
