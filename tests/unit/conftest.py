"""How long an example takes says something of the machine and nothing of the code."""

from hypothesis import settings

settings.register_profile("chairlink", deadline=None)
settings.load_profile("chairlink")
