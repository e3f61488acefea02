"""Rules for each call: headers, signature, timestamp, webhook ids, retries, back-off and heartbeats."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from local.agent_check.recording import RETRIED_FAULTS, Call, Fault, Recording
from local.agent_check.verdict import Rule, Verdict, failed, not_seen, passed

_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
_CLOCK_TOLERANCE_SECONDS = 300
_MIN_OUTAGE_SPAN_SECONDS = 0.1
"""Three retries take at least this long with any back-off, also with full jitter from 0 s."""
_WAIT_FOR_CALLS = "start your agent with the URL, agent id and secret printed above"


def sends_headers(recording: Recording) -> Verdict:
    """Every call has the three headers of Standard Webhooks."""
    for number, call in enumerate(recording.calls, 1):
        if missing := [name for name in _HEADERS if not call.headers.get(name)]:
            return failed(f"call {number} ({call.resource}) without {', '.join(missing)}", "all three webhook headers")
    return passed(f"{len(recording.calls)} calls") if recording.calls else not_seen(_WAIT_FOR_CALLS)


def signs_every_call(recording: Recording) -> Verdict:
    """The signature is that of the exact bytes with one of the two valid secrets."""
    for number, call in enumerate(recording.calls, 1):
        if not any(call.is_signed_with(secret) for secret in recording.secrets):
            return failed(
                f"call {number} ({call.resource}) signed {call.headers.get('webhook-signature', '(nothing)')!r}",
                "v1,base64(HMAC-SHA256(id.timestamp.body)) of the sent bytes, keyed with the decoded secret",
            )
    return passed(f"{len(recording.calls)} calls") if recording.calls else not_seen(_WAIT_FOR_CALLS)


def sends_current_timestamp(recording: Recording) -> Verdict:
    """The timestamp is within five minutes of the time of receipt, also on a retry."""
    for number, call in enumerate(recording.calls, 1):
        given = call.headers.get("webhook-timestamp", "")
        try:
            offset = int(given) - call.received_at
        except ValueError:
            return failed(f"call {number} with timestamp {given!r}", "whole seconds since 1970")
        if abs(offset) > _CLOCK_TOLERANCE_SECONDS:
            return failed(f"call {number} with a timestamp {offset:+.0f} s off", "at most 300 s; sign each retry anew")
    return passed(f"{len(recording.calls)} calls") if recording.calls else not_seen(_WAIT_FOR_CALLS)


def rotates_secrets(recording: Recording) -> Verdict:
    """The agent works with the second secret too, which is valid beside the first during a rotation."""
    new = recording.secrets[-1]
    count = sum(call.is_signed_with(new) for call in recording.calls)
    if count:
        return passed(f"{count} calls signed with the second secret")
    return not_seen("configure the second secret while the check runs, as in a rotation")


def uses_one_id_per_batch(recording: Recording) -> Verdict:
    """A webhook id stands for the same bytes at the same endpoint."""
    first: dict[tuple[str, str], Call] = {}
    for number, call in enumerate(recording.calls, 1):
        known = first.setdefault((call.resource, call.webhook_id), call)
        if known.body != call.body:
            return failed(
                f"call {number} with other bytes under webhook-id {call.webhook_id}",
                "a new id for a new batch, and the same bytes on a retry",
            )
    return passed(f"{len(first)} ids for {len(recording.calls)} calls") if first else not_seen(_WAIT_FOR_CALLS)


def retries_under_the_same_id(recording: Recording) -> Verdict:
    """A batch answered with 5xx, or not at all, is sent again with the same webhook id.

    A pull may be repeated under a new id: its writes are handed out again when the lease expires.
    """
    retried: set[Fault] = set()
    batches = recording.of("events")
    for fault, call in _first_faults(batches):
        # Since receipt, not since the answer: a client that gives up waiting retries before the answer.
        later = [other for other in batches if other.received_at >= call.received_at and other is not call]
        if any(other.webhook_id == call.webhook_id for other in later):
            retried.add(fault)
        elif any(other.body == call.body for other in later):
            return failed(f"a batch sent again under a new webhook-id after {fault.value}", "the same webhook-id")
        elif recording.ended_at - call.answered_at > recording.pace.answer_within:
            limit = recording.pace.answer_within
            return failed(f"no retry of {call.webhook_id} after {fault.value}", f"a retry within {limit:.0f} s")
    if missing := [fault.value for fault in RETRIED_FAULTS if fault not in retried]:
        return not_seen(f"change something in the PMS and wait; still open: {'; '.join(missing)}")
    return passed("a retry after each fault")


def _first_faults(batches: Sequence[Call]) -> Iterator[tuple[Fault, Call]]:
    """The first faulted call of each batch."""
    seen: set[str] = set()
    for call in batches:
        if call.fault in RETRIED_FAULTS and call.webhook_id not in seen:
            seen.add(call.webhook_id)
            yield call.fault, call


def backs_off(recording: Recording) -> Verdict:
    """The agent waits between retries."""
    attempts: dict[str, list[Call]] = defaultdict(list)
    for call in recording.of("events"):
        attempts[call.webhook_id].append(call)
    spans = []
    for calls in attempts.values():
        outages = [call for call in calls if call.fault is Fault.OUTAGE]
        if len(outages) >= 3 and len(calls) > len(outages):
            spans.append(calls[len(outages)].received_at - outages[0].answered_at)
    if not spans:
        return not_seen("change something in the PMS: the check answers 503 three times in a row")
    if min(spans) < _MIN_OUTAGE_SPAN_SECONDS:
        return failed(f"three retries within {min(spans) * 1000:.0f} ms", "exponential back-off with jitter")
    return passed(f"three retries within {min(spans):.1f} s")


def sends_heartbeats(recording: Recording) -> Verdict:
    """An idle agent sends a heartbeat, at the latest after half an hour."""
    limit = recording.pace.heartbeat_within
    times = sorted(call.received_at for call in recording.of("events"))
    if not times:
        return not_seen(_WAIT_FOR_CALLS)
    longest = max(after - before for before, after in zip(times, [*times[1:], recording.ended_at], strict=True))
    if longest > limit:
        return failed(f"{longest:.0f} s without any event", f"a heartbeat at least every {limit:.0f} s")
    beats = len(list(recording.sent("heartbeat")))
    if not beats:
        return not_seen(f"change nothing in the PMS, and let the check run for up to {limit / 60:.0f} minutes")
    return passed(f"{beats} heartbeats, at most {longest:.0f} s without an event")


DELIVERY_RULES = (
    Rule("webhook-headers", sends_headers),
    Rule("signature", signs_every_call),
    Rule("timestamp", sends_current_timestamp),
    Rule("secret-rotation", rotates_secrets),
    Rule("webhook-id", uses_one_id_per_batch),
    Rule("retry", retries_under_the_same_id),
    Rule("back-off", backs_off),
    Rule("heartbeat", sends_heartbeats),
)
