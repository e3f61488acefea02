"""The pages in AWS: a private bucket behind CloudFront, one domain with the API, and Cognito's hosted sign-in."""

import json
import re
from fnmatch import fnmatchcase
from typing import Any

import pytest

from deploy.page_response_headers import FILE_TYPES, FOLDERS
from deploy.repository_paths import WEB
from deploy.sam_template import Node
from tests.support.sam_template import SamTemplate, walk

KINDS = (
    "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::CloudFront::Distribution", "AWS::CloudFront::Function",
    "AWS::CloudFront::OriginAccessControl", "AWS::CloudFront::ResponseHeadersPolicy", "AWS::Cognito::UserPoolDomain",
)  # fmt: skip


def _site(template: SamTemplate) -> Node:
    (site,) = template.properties("AWS::CloudFront::Distribution").values()
    return dict(site["DistributionConfig"])


def _headers_of(site: Node, path: str) -> str:
    """The response headers policy of a path: of the first behavior whose pattern matches, else the default one."""
    matching = (each for each in site["CacheBehaviors"] if fnmatchcase(path, each["PathPattern"]))
    behavior = next(matching, site["DefaultCacheBehavior"])
    return str(behavior["ResponseHeadersPolicyId"]["Ref"])


def _policy(template: SamTemplate, name: str) -> str:
    config = template.properties("AWS::CloudFront::ResponseHeadersPolicy")[name]["ResponseHeadersPolicyConfig"]
    return str(config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_local_stage_has_no_cloudfront_resources(template: SamTemplate, kind: str) -> None:
    assert template.document["Conditions"]["IsInAws"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "local"]}]}
    of_kind = {name: node for name, node in template.resources.items() if node["Type"] == kind}
    assert {node.get("Condition") for name, node in of_kind.items() if name != "ReportsBucket"} == {"IsInAws"}


@pytest.mark.parametrize("name", ["PagesBucket", "ReportsBucket"])
def test_a_bucket_is_private_encrypted_and_retained(template: SamTemplate, name: str) -> None:
    bucket = template.properties("AWS::S3::Bucket")[name]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert bucket.get("VersioningConfiguration") == {"Status": "Enabled"} or bucket["LifecycleConfiguration"]
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert template.resources[name]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert template.resources[name]["UpdateReplacePolicy"] == "Retain"


def test_only_this_distribution_reads_the_bucket(template: SamTemplate) -> None:
    policy = template.properties("AWS::S3::BucketPolicy")["PagesBucketPolicy"]
    for statement in policy["PolicyDocument"]["Statement"]:
        assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert statement["Action"] in ("s3:GetObject", "s3:ListBucket")
        (source,) = statement["Condition"]["StringEquals"].values()
        assert source["Fn::Sub"].endswith("distribution/${Site}")


def test_reports_are_read_only_over_tls(template: SamTemplate) -> None:
    (statement,) = template.properties("AWS::S3::BucketPolicy")["ReportsBucketPolicy"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_pages_and_api_share_one_domain_and_need_tls(template: SamTemplate) -> None:
    site = _site(template)
    behaviors = {each.get("PathPattern", "*"): each for each in (site["DefaultCacheBehavior"], *site["CacheBehaviors"])}
    assert {path: each["TargetOriginId"] for path, each in behaviors.items()} == {
        "*": "pages", "/book*": "pages", "/request*": "pages", "/docs*": "pages", "/v1/*": "api",
    }  # fmt: skip
    assert {each["ViewerProtocolPolicy"] for each in behaviors.values()} == {"redirect-to-https", "https-only"}
    (api,) = (origin for origin in site["Origins"] if origin["Id"] == "api")
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_each_folder_has_the_same_headers_as_in_the_local_stage(template: SamTemplate) -> None:
    site = _site(template)
    assert {folder: _headers_of(site, f"/{folder}/index.html") for folder in FOLDERS} == FOLDERS


def test_calls_of_patients_are_not_logged(template: SamTemplate) -> None:
    assert "Logging" not in _site(template)


@pytest.mark.parametrize("name", ["PageHeaders", "BookingHeaders", "RequestHeaders"])
def test_the_content_security_policy_is_strict(template: SamTemplate, name: str) -> None:
    directives = dict(part.strip().split(" ", 1) for part in _policy(template, name).split(";"))
    assert directives["default-src"] == "'none'"
    assert re.fullmatch(r"'self' 'sha256-[A-Za-z0-9+/]{43}='", directives["script-src"])
    assert directives["style-src"] == directives["form-action"] == "'self'"
    assert directives["base-uri"] == "'none'"
    assert "unsafe" not in _policy(template, name)


def test_the_policy_of_the_api_reference_is_strict_but_for_styles(template: SamTemplate) -> None:
    assert dict(part.strip().split(" ", 1) for part in _policy(template, "DocsHeaders").split(";")) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


def test_only_the_console_may_connect_to_cognito(template: SamTemplate) -> None:
    assert "connect-src 'self' https://*.amazoncognito.com;" in _policy(template, FOLDERS["console"])
    for page in ("book", "request"):
        assert "connect-src 'self';" in _policy(template, FOLDERS[page])
        assert "cognito" not in _policy(template, FOLDERS[page])
    assert "frame-ancestors 'none'" in _policy(template, FOLDERS["request"])


@pytest.mark.parametrize("page", ["book", "request", "docs"])
def test_a_page_has_its_own_headers_without_the_last_slash_too(template: SamTemplate, page: str) -> None:
    assert _headers_of(_site(template), f"/{page}") == FOLDERS[page]


def test_a_path_that_names_no_file_shows_a_page(template: SamTemplate) -> None:
    """The function knows each page and each type of file that is uploaded."""
    functions: dict[str, Any] = template.properties("AWS::CloudFront::Function")
    code = functions["PageOfPath"]["FunctionCode"]
    pages = sorted(page.parent.name for page in WEB.glob("*/index.html"))
    assert f"[{', '.join(json.dumps(page) for page in pages)}].includes(folder)" in code
    assert f"({'|'.join(FILE_TYPES)})$" in code
    assert '"/shared/not_found.html"' in code
    uploaded = {
        path.suffix
        for folder in FOLDERS
        for path in (WEB / folder).rglob("*.*")
        if path.suffix and not path.name.endswith(".d.ts")
    }
    assert uploaded <= {f".{kind}" for kind in FILE_TYPES}


def test_the_console_client_uses_the_code_flow_and_its_own_callback(template: SamTemplate) -> None:
    (client,) = template.properties("AWS::Cognito::UserPoolClient").values()
    in_aws = {name: value["Fn::If"] for name, value in client.items() if isinstance(value, dict) and "Fn::If" in value}
    assert all(condition == "IsInAws" and local == {"Ref": "AWS::NoValue"} for condition, _, local in in_aws.values())
    assert in_aws["AllowedOAuthFlows"][1] == ["code"]
    assert in_aws["AllowedOAuthScopes"][1] == ["openid", "profile"]
    assert client["GenerateSecret"] is False
    (back,) = in_aws["CallbackURLs"][1]
    assert back["Fn::Sub"][0] == "https://${Name}/console/"
    assert in_aws["LogoutURLs"][1] == [back]


def test_the_web_acl_limits_by_the_viewers_address(template: SamTemplate) -> None:
    (acl,) = template.properties("AWS::WAFv2::WebACL").values()
    statements = [rule["Statement"]["RateBasedStatement"] for rule in acl["Rules"]]
    sent = [part for part in walk(_site(template)) if isinstance(part, dict) and part.get("HeaderName") == "x-site"]
    for site, direct in zip(statements[::2], statements[1::2], strict=True):
        assert site["ForwardedIPConfig"] == {"HeaderName": "x-viewer", "FallbackBehavior": "MATCH"}
        assert (site["AggregateKeyType"], direct["AggregateKeyType"]) == ("FORWARDED_IP", "IP")
        assert site["Limit"] == direct["Limit"]
        *scope, word = site["ScopeDownStatement"]["AndStatement"]["Statements"]
        expected = [*scope, {"NotStatement": {"Statement": word}}]
        assert direct["ScopeDownStatement"]["AndStatement"]["Statements"] == expected
        assert [part["HeaderValue"] for part in sent] == [word["ByteMatchStatement"]["SearchString"]]
        assert word["ByteMatchStatement"]["FieldToMatch"] == {"SingleHeader": {"Name": "x-site"}}


def test_the_viewers_address_header_cannot_be_forged(template: SamTemplate) -> None:
    functions: dict[str, Any] = template.properties("AWS::CloudFront::Function")
    assert 'headers["x-viewer"] = { value: event.viewer.ip }' in functions["NameTheViewer"]["FunctionCode"]
    (api,) = (each for each in _site(template)["CacheBehaviors"] if each["TargetOriginId"] == "api")
    (association,) = api["FunctionAssociations"]
    assert association["FunctionARN"] == {"Fn::GetAtt": ["NameTheViewer", "FunctionARN"]}
