/** Sidebar of the booking form: the selection so far, errors, and the Send button. */
import { html } from "htm/preact";
import { PhoneLink } from "../shared/phone_number.js";
import { formatLongDate, formatTime } from "../shared/wall_time.js";
import { practice } from "./practice.js";
import { fieldErrors, sending, submissionProblem } from "./request_submission.js";
import { practitioner, service, start, suggestsOwnTime } from "./slot_selection.js";
import { t } from "./texts.js";

export function RequestSummary() {
  return html`
    <aside class="sheet summary" aria-labelledby="your-request">
      <h2 id="your-request">${t.value.your_request}</h2>
      ${service.value ? html`<${SelectedSlot} />` : html`<p class="hint">${t.value.nothing_chosen}</p>`}
      <p class="hint">${t.value.not_an_appointment_yet}</p>
      <${SubmissionErrors} />
      <button type="submit" class="button primary wide" aria-disabled=${Boolean(sending.value)}>
        ${sending.value ? t.value.sending : submissionProblem.value ? t.value.try_again : t.value.send}
      </button>
      <p role="status" class=${sending.value === "slow" ? "notice" : "unseen"}>
        ${sending.value === "slow" ? t.value.still_sending : sending.value ? t.value.sending : ""}
      </p>
      ${practice.value?.phone && html`<p class="hint">${t.value.or_call} <${PhoneLink} phone=${practice.value.phone} /></p>`}
    </aside>
  `;
}

function SelectedSlot() {
  const time = !suggestsOwnTime.value && start.value;
  return html`
    <ul class="chosen">
      <li><strong>${service.value?.name}</strong> · ${t.value.minutes(service.value?.duration_minutes ?? 0)}</li>
      <li>${practitioner.value?.name ?? t.value.anyone}</li>
      ${time && html`<li><strong>${formatLongDate(time)}, ${formatTime(time)}</strong></li>`}
    </ul>
  `;
}

function SubmissionErrors() {
  if (fieldErrors.value.size > 0) {
    return html`
      <div class="notice bad" role="alert" tabindex="-1" data-attention>
        <p>${t.value.check(fieldErrors.value.size)}</p>
        <ul>
          ${[...fieldErrors.value].map(
            ([name, wrong]) => html`<li key=${name}><a href="#${name}" onClick=${focusField(name)}>${t.value.field_errors[wrong]}</a></li>`,
          )}
        </ul>
      </div>
    `;
  }
  return submissionProblem.value && html`<p class="notice bad" role="alert" tabindex="-1" data-attention>${t.value[submissionProblem.value]}</p>`;
}

/** Moves the focus to a field without changing the page's address. @param {string} name */
const focusField = (name) => (/** @type {Event} */ event) => {
  event.preventDefault();
  document.getElementById(name)?.scrollIntoView({ block: "center" });
  document.getElementById(name)?.focus();
};
