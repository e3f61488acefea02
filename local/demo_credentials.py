"""Random secrets of the demo practices' agents and staff: generated at the first start, then kept in a file.

They are generated because no secret may be in the repository.
"""

import base64
import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local.demo_practices import PRACTICES


def _generate_agent_secrets() -> dict[str, str]:
    return {practice.agent_id: f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}" for practice in PRACTICES}


def _generate_password() -> str:
    return f"Aa1!{secrets.token_urlsafe(24)}"  # the prefix meets the user pool's password policy


@dataclass
class DemoCredentials:
    """The webhook secret of each agent, and the password that all demo staff share."""

    agent_secrets: dict[str, str] = field(default_factory=_generate_agent_secrets)
    """Agent id -> secret of Standard Webhooks."""
    password: str = field(default_factory=_generate_password)
    seeded: bool = False
    """Whether the demo practices were seeded completely in the stack that uses these credentials."""

    @classmethod
    def load_or_generate(cls, path: Path) -> "DemoCredentials":
        """Load them from the file; if there is none, generate and save them."""
        if path.exists():
            return cls(**json.loads(path.read_text()))
        credentials = cls()
        credentials.save(path)
        return credentials

    def save(self, path: Path) -> None:
        """Write them to the file, which only its owner may read. A full disk leaves the file as it was."""
        written = path.with_suffix(".new")
        written.touch(mode=0o600)
        written.write_text(json.dumps(asdict(self), indent=2) + "\n")
        written.replace(path)
