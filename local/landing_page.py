"""The page at `/` of the local stack: what Chairlink is, and links to everything that runs on this machine.

Only the local stack has it, because it links to the demo practices. In AWS, `/` is the console.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import Environment

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chairlink on this machine</title>
<link rel="icon" href="/shared/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/shared/base.css">
<style>
  main { max-width: 66rem; margin: 0 auto; padding: clamp(1.5rem, 5vw, 4rem) 1rem; }
  h1 { display: flex; align-items: center; gap: .75rem; font-size: 2rem; }
  h1 img { width: 2.5rem; height: 2.5rem; }
  .what { max-width: 40rem; margin: 1rem 0 2rem; font-size: 1.125rem; }
  .for { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1rem; }
  section { padding: 1.25rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--paper); }
  h2 { font-size: 1.125rem; }
  ul { margin: .75rem 0 0; padding: 0; list-style: none; }
  li + li { margin-top: .75rem; }
  li a { font-weight: 600; }
  li span { display: block; color: var(--soft-ink); }
</style>
<main>
  <h1><img src="/shared/icon.svg" alt="">Chairlink</h1>
  <p class="what">Chairlink turns a dental practice's online booking requests into booked appointments, also when the
    requested time no longer fits.</p>
  <div class="for">
    <section>
      <h2>Patients</h2>
      <ul>
        {% for each in practices %}
        <li><a href="/book/{{ each.practice_id }}">Booking page of {{ each.name }}</a>
          <span>Ask for a time.</span></li>
        {% endfor %}
      </ul>
    </section>
    <section>
      <h2>Practices</h2>
      <ul>
        <li><a href="/console/">Console</a>
          <span>Accept, link and reject requests; reports and settings.</span></li>
        {% for each in practices %}
        <li><a href="/local/pms/{{ each.practice_id }}">Simulated PMS of {{ each.name }}</a>
          <span>Its appointments, as JSON.</span></li>
        {% endfor %}
      </ul>
    </section>
    <section>
      <h2>Developers</h2>
      <ul>
        <li><a href="/docs/">API reference</a>
          <span>Every operation, field and problem, with examples and search.</span></li>
        <li><a href="/local/inbox">Inbox</a>
          <span>Every e-mail that this stack sent. None of them leaves this machine.</span></li>
      </ul>
    </section>
  </div>
</main>
"""


def landing_page(practices: Iterable[Mapping[str, Any]]) -> str:
    """The page as HTML. Each practice needs its `practice_id` and `name`."""
    return Environment(autoescape=True).from_string(_PAGE).render(practices=practices)
