/** Screen after a request was sent: what was requested, and the link to the request's own page. */
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { formatLongDate, formatTime } from "../shared/wall_time.js";
import { practice } from "./practice.js";
import { sentRequest } from "./request_submission.js";
import { clearSelection, service, start, suggestsOwnTime } from "./slot_selection.js";
import { t } from "./texts.js";

const copied = signal(false);

export function RequestSentScreen() {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    heading.current?.focus();
    window.scrollTo(0, 0);
  }, []);
  if (!sentRequest.value || !practice.value) return null;
  const { manageToken, byEmail } = sentRequest.value;
  // The token goes into the fragment: browsers never send that, so no server logs it.
  const link = new URL(`/request/#${manageToken}`, location.href).href;
  const time = !suggestsOwnTime.value && start.value;
  return html`
    <section class="sheet narrow sent">
      <p class="mark" aria-hidden="true">✓</p>
      <h1 tabindex="-1" ref=${heading}>${t.value.request_sent}</h1>
      <p>${byEmail ? t.value.sent_by_email(practice.value.name) : t.value.sent_by_phone(practice.value.name)}</p>
      <p class="notice">
        <strong>${service.value?.name}</strong>${time && html`<br />${formatLongDate(time)}, ${formatTime(time)}`}<br />
        <span class="hint">${t.value.not_an_appointment_yet}</span>
      </p>
      <p>${t.value.keep_link}</p>
      <p class="actions">
        <a class="button primary" href=${link} target="_blank" rel="noopener">${t.value.open_request}</a>
        <button type="button" class="button" onClick=${() => copy(link)}>${copied.value ? t.value.copied : t.value.copy_link}</button>
      </p>
      <p role="status" class="unseen">${copied.value ? t.value.copied : ""}</p>
      <p><button type="button" class="button quiet" onClick=${startAnother}>${t.value.another}</button></p>
    </section>
  `;
}

/** @param {string} link */
async function copy(link) {
  await navigator.clipboard.writeText(link).then(
    () => (copied.value = true),
    () => undefined, // inside an iframe the clipboard may be blocked; the link beside the button still works
  );
}

function startAnother() {
  copied.value = false;
  clearSelection();
  sentRequest.value = null;
}
