/** What is about to be sent, the button that sends it, and what went wrong. */
import { html } from "htm/preact";
import { PhoneLink } from "../shared/phone_number.js";
import { clock, longDay } from "../shared/wall_time.js";
import { t } from "./texts.js";
import { practitioner, service, start, suggests } from "./slot_selection.js";
import { practice } from "./practice.js";
import { sending, trouble, wrongs } from "./request_submission.js";

export function Summary() {
  return html`
    <aside class="sheet summary" aria-labelledby="your-request">
      <h2 id="your-request">${t.value.your_request}</h2>
      ${service.value ? html`<${Chosen} />` : html`<p class="hint">${t.value.nothing_chosen}</p>`}
      <p class="hint">${t.value.not_yet}</p>
      <${Trouble} />
      <button type="submit" class="button primary wide" aria-disabled=${Boolean(sending.value)}>
        ${sending.value ? t.value.sending : trouble.value ? t.value.try_again : t.value.send}
      </button>
      <p role="status" class=${sending.value === "slowly" ? "notice" : "unseen"}>
        ${sending.value === "slowly" ? t.value.still_sending : sending.value ? t.value.sending : ""}
      </p>
      ${practice.value?.phone && html`<p class="hint">${t.value.or_call} <${PhoneLink} phone=${practice.value.phone} /></p>`}
    </aside>
  `;
}

function Chosen() {
  const time = !suggests.value && start.value;
  return html`
    <ul class="chosen">
      <li><strong>${service.value?.name}</strong> · ${t.value.minutes(service.value?.duration_minutes ?? 0)}</li>
      <li>${practitioner.value?.name ?? t.value.anyone}</li>
      ${time && html`<li><strong>${longDay(time)}, ${clock(time)}</strong></li>`}
    </ul>
  `;
}

function Trouble() {
  if (wrongs.value.size > 0) {
    return html`
      <div class="notice bad" role="alert" tabindex="-1" data-attention>
        <p>${t.value.check(wrongs.value.size)}</p>
        <ul>
          ${[...wrongs.value].map(
            ([name, wrong]) => html`<li key=${name}><a href="#${name}" onClick=${lead(name)}>${t.value.wrong[wrong]}</a></li>`,
          )}
        </ul>
      </div>
    `;
  }
  return trouble.value && html`<p class="notice bad" role="alert" tabindex="-1" data-attention>${t.value[trouble.value]}</p>`;
}

/** A link to the field, without a trace in the address. @param {string} name */
const lead = (name) => (/** @type {Event} */ event) => {
  event.preventDefault();
  document.getElementById(name)?.scrollIntoView({ block: "center" });
  document.getElementById(name)?.focus();
};
