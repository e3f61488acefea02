/** One request, for the patient who holds its link: what became of it, and taking it back. */
import { effect } from "@preact/signals";
import { html } from "htm/preact";
import { render } from "preact";
import { useRef } from "preact/hooks";
import { Header } from "../shared/page_header.js";
import { PhoneLink } from "../shared/phone_number.js";
import { formatTime, formatLongDate } from "../shared/wall_time.js";
import { load, practice, request, failure, withdraw, isWithdrawing } from "./own_request.js";
import { t } from "./texts.js";

/** @typedef {import("../shared/api_client.js").Schemas["Slot"]} Slot */

function OwnRequestPage() {
  if (!request.value) return html`<main class="sheet narrow"><${LoadState} /></main>`;
  return html`
    <${Header} practice=${practice.value ?? request.value.practice} other=${t.value.other_language} />
    <main class="sheet narrow"><${RequestDetails} own=${request.value} /></main>
  `;
}

function LoadState() {
  if (!failure.value) return html`<p role="status">${t.value.loading}</p>`;
  return html`
    <p class="notice bad" role="alert">${t.value[failure.value]}</p>
    ${failure.value !== "not_found" &&
    html`<p class="actions"><button type="button" class="button" onClick=${load}>${t.value.try_again}</button></p>`}
  `;
}

/** @param {{own: import("./own_request.js").OwnRequest}} props */
function RequestDetails({ own }) {
  const hasMoved = own.accepted && own.accepted.start !== own.requested.start;
  return html`
    <h1 tabindex="-1" id="status">${t.value.status[own.status]}</h1>
    ${failure.value && html`<p class="notice bad" role="alert">${t.value[failure.value]}</p>`}
    ${own.accepted && html`<${SlotFacts} title=${t.value.confirmed_for} slot=${own.accepted} />`}
    ${hasMoved && html`<p class="notice warn">${t.value.other_time}</p>`}
    ${(!own.accepted || hasMoved) && html`<${SlotFacts} title=${t.value.asked_for} slot=${own.requested} />`}
    <p>${t.value.what_now[own.status]}</p>
    <p class="actions">
      ${own.practice.phone && html`<span>${t.value.call} <${PhoneLink} phone=${own.practice.phone} /></span>`}
    </p>
    ${own.status === "pending" || own.status === "proposed"
      ? html`<${WithdrawButton} />`
      : own.status !== "accepted" &&
        html`<p><a class="button" href="/book/${own.practice.id}">${t.value.ask_again}</a></p>`}
  `;
}

/** @param {{title: string, slot: Slot}} props */
function SlotFacts({ title, slot }) {
  const service = practice.value?.services.find((one) => one.id === slot.service_id);
  const person = practice.value?.practitioners.find((one) => one.id === slot.practitioner_id);
  return html`
    <dl class="facts">
      <dt>${title}</dt>
      <dd>${formatLongDate(slot.start)}, ${formatTime(slot.start)} · ${t.value.minutes(slot.duration_minutes)}</dd>
      ${service && html`<dt>${t.value.service}</dt><dd>${service.name}</dd>`}
      ${person && html`<dt>${t.value.practitioner}</dt><dd>${person.name}</dd>`}
    </dl>
  `;
}

function WithdrawButton() {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  return html`
    <p>
      <button type="button" class="button danger" aria-disabled=${isWithdrawing.value} onClick=${() => dialog.current?.showModal()}>
        ${isWithdrawing.value ? t.value.withdrawing : t.value.withdraw}
      </button>
    </p>
    <dialog ref=${dialog} aria-labelledby="sure" onClose=${onDialogClose}>
      <h2 id="sure">${t.value.sure}</h2>
      <p>${t.value.sure_hint}</p>
      <form method="dialog" class="actions">
        <button class="button" value="no">${t.value.no}</button>
        <button class="button danger" value="yes">${t.value.yes}</button>
      </form>
    </dialog>
  `;
}

/** @param {Event & {currentTarget: HTMLDialogElement}} event */
async function onDialogClose(event) {
  if (event.currentTarget.returnValue !== "yes") return;
  await withdraw();
  document.getElementById("status")?.focus();
}

effect(() => {
  document.title = t.value.title;
});
window.addEventListener("hashchange", load);
render(html`<${OwnRequestPage} />`, /** @type {HTMLElement} */ (document.getElementById("page")));
void load();
