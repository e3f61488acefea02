"""How Lambda events come in and answers go out: HTTP, streams, schedules, webhook signatures."""
