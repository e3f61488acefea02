"""What a stack draws by chance at its first start and keeps: secrets that must never stand in the repository."""

import base64
import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local.demo_practices import PRACTICES


def _agent_secrets() -> dict[str, str]:
    return {practice.agent_id: f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}" for practice in PRACTICES}


def _password() -> str:
    return f"Aa1!{secrets.token_urlsafe(24)}"  # one of each kind that the user pool's policy asks for


@dataclass
class Drawn:
    """The agents' secrets and the demo staff's password; and whether the demo was filled in to the end."""

    agent_secrets: dict[str, str] = field(default_factory=_agent_secrets)
    password: str = field(default_factory=_password)
    seeded: bool = False

    @classmethod
    def kept(cls, place: Path) -> "Drawn":
        """What was drawn before, or drawn now."""
        if place.exists():
            return cls(**json.loads(place.read_text()))
        drawn = cls()
        drawn.keep(place)
        return drawn

    def keep(self, place: Path) -> None:
        """Write it down for its owner alone."""
        place.touch(mode=0o600)
        place.write_text(json.dumps(asdict(self), indent=2) + "\n")
