"""Staff of the demo practices in the emulated Cognito user pool: creates the users and signs them in."""

from contextlib import suppress
from typing import Any

from local.aws_emulator import Emulator
from local.demo_practices import PRACTICES, ROLES
from local.emulator_deployment import Deployment

_DISPLAY_NAMES = {"front_desk": "Robin Fraser", "manager": "Morgan Tremblay"}
"""Role -> name of the user that has it, the same at each practice."""


class DemoStaff:
    """One user for each practice and role. All share one password."""

    def __init__(self, emulator: Emulator, deployment: Deployment, password: str) -> None:
        self._cognito: Any = emulator.client("cognito-idp")
        self._pool_id = deployment["UserPoolId"]
        self._client_id = deployment["UserPoolClientId"]
        self._password = password

    def create_users(self) -> None:
        """Create the users and groups that do not exist yet, and set each user's password and group."""
        for practice in PRACTICES:
            for role in ROLES:
                username, group = _email_address(practice.id, role), f"{practice.id}:{role}"
                with suppress(self._cognito.exceptions.UsernameExistsException):
                    values = {"email": username, "email_verified": "true", "name": _DISPLAY_NAMES[role]}
                    attributes = [{"Name": name, "Value": value} for name, value in values.items()]
                    self._cognito.admin_create_user(
                        UserPoolId=self._pool_id, Username=username, UserAttributes=attributes, MessageAction="SUPPRESS"
                    )
                self._cognito.admin_set_user_password(
                    UserPoolId=self._pool_id, Username=username, Password=self._password, Permanent=True
                )
                with suppress(self._cognito.exceptions.GroupExistsException):
                    self._cognito.create_group(UserPoolId=self._pool_id, GroupName=group)
                self._cognito.admin_add_user_to_group(UserPoolId=self._pool_id, Username=username, GroupName=group)

    def sign_in(self, practice_id: str, role: str) -> str | None:
        """An ID token, which contains the user's groups. None if no demo user has that role at that practice."""
        if role not in ROLES or practice_id not in (practice.id for practice in PRACTICES):
            return None
        response = self._cognito.admin_initiate_auth(
            UserPoolId=self._pool_id,
            ClientId=self._client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": _email_address(practice_id, role), "PASSWORD": self._password},
        )
        token: str = response["AuthenticationResult"]["IdToken"]
        return token


def _email_address(practice_id: str, role: str) -> str:
    return f"{role}@{practice_id.removeprefix('prac_').replace('_', '-')}.example.com"
