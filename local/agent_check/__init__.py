"""The conformance check of PMS sync agents: `python -m local check-agent`.

`server` receives the agent's calls, `scenario` answers them and injects faults, `recording` keeps them, and the rules
(`delivery_rules`, `event_rules`, `write_rules`) judge the recording.
"""
