"""A request keeps several attentions and shows the most urgent."""

from bookings.domain.requests.attention import Attention, add_attention, remove_attention
from bookings.domain.requests.request import Request
from tests.support.builders import a_request


def test_attentions_are_kept_once_and_most_urgent_first() -> None:
    both = add_attention((Attention.MATCH_FOUND,), Attention.CANCELLED_IN_PMS, Attention.MATCH_FOUND)
    assert both == (Attention.CANCELLED_IN_PMS, Attention.MATCH_FOUND)
    assert remove_attention(both, Attention.CANCELLED_IN_PMS, Attention.WRITE_FAILED) == (Attention.MATCH_FOUND,)


def test_a_request_stored_with_one_attention_still_has_it() -> None:
    stored = a_request().model_dump(mode="json", exclude={"attentions", "last_notification", "mail_failure"})
    assert Request.model_validate(stored).attention is None
    loaded = Request.model_validate({**stored, "attention": "write_failed"})
    assert loaded.attentions == (Attention.WRITE_FAILED,)
    dismissed = {**stored, "attention": "write_failed", "attentions": []}
    assert Request.model_validate(dismissed).attention is None, "the old attribute stays in the item"
