/** Entry point of the booking page: the patient chooses a time, gives contact details and sends the request. */
import { effect } from "@preact/signals";
import { html } from "htm/preact";
import { render } from "preact";
import { Header } from "../shared/page_header.js";
import { adaptToIframe } from "./iframe_embedding.js";
import { PatientDetails } from "./patient_details.js";
import { loadError, loadPractice, practice } from "./practice.js";
import { RequestSentScreen } from "./request_sent_screen.js";
import { clearFieldError, send, sentRequest } from "./request_submission.js";
import { RequestSummary } from "./request_summary.js";
import { SlotPicker } from "./slot_picker.js";
import { t } from "./texts.js";

function BookingPage() {
  if (loadError.value) return html`<main class="sheet narrow"><${LoadError} /></main>`;
  if (!practice.value) return html`<main class="sheet narrow" role="status">${t.value.loading}</main>`;
  return html`
    <${Header} practice=${practice.value} other=${t.value.other_language} />
    <main>${sentRequest.value ? html`<${RequestSentScreen} />` : html`<${Form} />`}</main>
  `;
}

function LoadError() {
  return html`
    <p class="notice bad" role="alert">${t.value[loadError.value ?? "page_failed"]}</p>
    ${loadError.value === "page_failed" &&
    html`<p class="actions"><button type="button" class="button" onClick=${loadPractice}>${t.value.try_again}</button></p>`}
  `;
}

/**
 * The inputs are uncontrolled, so a failed call loses nothing that was typed. Only a stored request replaces the form.
 */
function Form() {
  return html`
    <div class="intro">
      <h1>${t.value.heading}</h1>
      <p>${t.value.intro}</p>
    </div>
    <form class="columns" method="post" noValidate onSubmit=${onSubmit} onInput=${onFieldInput}>
      <div class="sheet">
        <${SlotPicker} />
        <${PatientDetails} />
      </div>
      <${RequestSummary} />
    </form>
  `;
}

/** @param {InputEvent & {target: HTMLInputElement}} event */
const onFieldInput = (event) => clearFieldError(event.target.name);

/** @param {SubmitEvent} event */
async function onSubmit(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  await send(form);
  document.querySelector("[data-attention]")?.scrollIntoView({ block: "center" });
  /** @type {HTMLElement | null} */ (document.querySelector("[data-attention]"))?.focus();
}

effect(() => {
  if (practice.value) document.title = t.value.title(practice.value.name);
});
adaptToIframe();
render(html`<${BookingPage} />`, /** @type {HTMLElement} */ (document.getElementById("page")));
void loadPractice();
