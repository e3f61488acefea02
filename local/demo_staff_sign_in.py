"""The demo practices' staff in the emulated user pool: one user for each practice and role, signing in for real."""

from contextlib import suppress
from typing import Any

from local.aws_emulator import Emulator
from local.demo_practices import PRACTICES, ROLES
from local.emulator_deployment import Deployment

_NAMES = {"front_desk": "Robin Fraser", "manager": "Morgan Tremblay"}
"""What colleagues call them."""


class Staff:
    """Who may sign in, and the tokens they get."""

    def __init__(self, emulator: Emulator, deployment: Deployment, password: str) -> None:
        self._cognito: Any = emulator.client("cognito-idp")
        self._pool = deployment["UserPoolId"]
        self._client = deployment["UserPoolClientId"]
        self._password = password

    def enrol(self) -> None:
        """Make sure that every practice has somebody in every role."""
        for practice in PRACTICES:
            for role in ROLES:
                name, group = _address(practice.id, role), f"{practice.id}:{role}"
                with suppress(self._cognito.exceptions.UsernameExistsException):
                    told = {"email": name, "email_verified": "true", "name": _NAMES[role]}
                    attributes = [{"Name": key, "Value": value} for key, value in told.items()]
                    self._cognito.admin_create_user(
                        UserPoolId=self._pool, Username=name, UserAttributes=attributes, MessageAction="SUPPRESS"
                    )
                self._cognito.admin_set_user_password(
                    UserPoolId=self._pool, Username=name, Password=self._password, Permanent=True
                )
                with suppress(self._cognito.exceptions.GroupExistsException):
                    self._cognito.create_group(UserPoolId=self._pool, GroupName=group)
                self._cognito.admin_add_user_to_group(UserPoolId=self._pool, Username=name, GroupName=group)

    def sign_in(self, practice_id: str, role: str) -> str | None:
        """An ID token, the kind that carries the groups; None if nobody has that role there."""
        if role not in ROLES or practice_id not in (practice.id for practice in PRACTICES):
            return None
        answer = self._cognito.admin_initiate_auth(
            UserPoolId=self._pool,
            ClientId=self._client,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": _address(practice_id, role), "PASSWORD": self._password},
        )
        token: str = answer["AuthenticationResult"]["IdToken"]
        return token


def _address(practice_id: str, role: str) -> str:
    return f"{role}@{practice_id.removeprefix('prac_').replace('_', '-')}.example.com"
