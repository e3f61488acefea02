"""The landing page of the local stack."""

import re

from local.landing_page import landing_page

PRACTICES = [{"practice_id": "prac_a", "name": "A & B Dental"}, {"practice_id": "prac_c", "name": "Clinique C"}]


def test_it_links_to_every_page_and_to_both_pages_of_each_practice() -> None:
    links = re.findall(r'<a href="(.+?)">', landing_page(PRACTICES))
    assert links == [
        "/book/prac_a", "/book/prac_c", "/console/", "/local/pms/prac_a", "/local/pms/prac_c", "/docs/", "/local/inbox",
    ]  # fmt: skip


def test_it_has_a_language_and_a_title_and_escapes_names() -> None:
    page = landing_page(PRACTICES)
    assert '<html lang="en">' in page
    assert "<title>Chairlink on this machine</title>" in page
    assert "Booking page of A &amp; B Dental" in page
