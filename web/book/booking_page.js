/** The booking page: choose a time, say who you are, send. */
import { effect } from "@preact/signals";
import { html } from "htm/preact";
import { render } from "preact";
import { Header } from "../shared/page_header.js";
import { Choice } from "./slot_picker.js";
import { Details } from "./patient_details.js";
import { fitIntoFrame } from "./iframe_embedding.js";
import { loadPractice, missing, practice } from "./practice.js";
import { Sent } from "./request_sent_screen.js";
import { reconsider, send, sent } from "./request_submission.js";
import { Summary } from "./request_summary.js";
import { t } from "./texts.js";

function Page() {
  if (missing.value) return html`<main class="sheet narrow"><${Missing} /></main>`;
  if (!practice.value) return html`<main class="sheet narrow" role="status">${t.value.loading}</main>`;
  return html`
    <${Header} practice=${practice.value} other=${t.value.other_language} />
    <main>${sent.value ? html`<${Sent} />` : html`<${Form} />`}</main>
  `;
}

function Missing() {
  return html`
    <p class="notice bad" role="alert">${t.value[missing.value ?? "page_failed"]}</p>
    ${missing.value === "page_failed" &&
    html`<p class="actions"><button type="button" class="button" onClick=${loadPractice}>${t.value.try_again}</button></p>`}
  `;
}

/** The browser keeps what is typed, whatever happens to the call; only the answer to it replaces the form. */
function Form() {
  return html`
    <div class="intro">
      <h1>${t.value.heading}</h1>
      <p>${t.value.intro}</p>
    </div>
    <form class="columns" method="post" noValidate onSubmit=${submit} onInput=${edited}>
      <div class="sheet">
        <${Choice} />
        <${Details} />
      </div>
      <${Summary} />
    </form>
  `;
}

/** @param {InputEvent & {target: HTMLInputElement}} event */
const edited = (event) => reconsider(event.target.name);

/** @param {SubmitEvent} event */
async function submit(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  await send(form);
  document.querySelector("[data-attention]")?.scrollIntoView({ block: "center" });
  /** @type {HTMLElement | null} */ (document.querySelector("[data-attention]"))?.focus();
}

effect(() => {
  if (practice.value) document.title = t.value.title(practice.value.name);
});
fitIntoFrame();
render(html`<${Page} />`, /** @type {HTMLElement} */ (document.getElementById("page")));
void loadPractice();
