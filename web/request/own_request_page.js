/** Entry point of the patient's request page: shows the request's status and lets the patient withdraw it. */
import { effect } from "@preact/signals";
import { html } from "htm/preact";
import { render } from "preact";
import { useRef } from "preact/hooks";
import { Header } from "../shared/page_header.js";
import { PhoneLink } from "../shared/phone_number.js";
import { formatLongDate, formatTime } from "../shared/wall_time.js";
import { failure, isWithdrawing, load, practice, request, withdraw } from "./own_request.js";
import { t } from "./texts.js";

/** @typedef {import("../shared/api_client.js").Schemas["OwnSlot"]} OwnSlot */

function OwnRequestPage() {
  if (!request.value) return html`<main class="sheet narrow"><${LoadState} /></main>`;
  return html`
    <${Header} practice=${practice.value ?? request.value.practice} other=${t.value.other_language} />
    <main class="sheet narrow"><${RequestDetails} request=${request.value} /></main>
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

/** @param {{request: import("./own_request.js").OwnRequest}} props */
function RequestDetails({ request: ownRequest }) {
  const hasMoved = ownRequest.accepted && ownRequest.accepted.start !== ownRequest.requested.start;
  return html`
    <h1 tabindex="-1" id="status">${t.value.status[ownRequest.status]}</h1>
    ${failure.value && html`<p class="notice bad" role="alert">${t.value[failure.value]}</p>`}
    ${ownRequest.accepted && html`<${SlotFacts} title=${t.value.confirmed_for} slot=${ownRequest.accepted} />`}
    ${hasMoved && html`<p class="notice warn">${t.value.other_time}</p>`}
    ${(!ownRequest.accepted || hasMoved) && html`<${SlotFacts} title=${t.value.asked_for} slot=${ownRequest.requested} />`}
    <p>${t.value.what_now[ownRequest.status]}</p>
    <p class="actions">
      ${ownRequest.practice.phone && html`<span>${t.value.call} <${PhoneLink} phone=${ownRequest.practice.phone} /></span>`}
    </p>
    ${ownRequest.status === "pending" || ownRequest.status === "proposed"
      ? html`<${WithdrawButton} />`
      : ownRequest.status !== "accepted" &&
        html`<p><a class="button" href="/book/${ownRequest.practice.id}">${t.value.ask_again}</a></p>`}
  `;
}

/** @param {{title: string, slot: OwnSlot}} props */
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
      <h2 id="sure">${t.value.confirm_withdrawal}</h2>
      <p>${t.value.confirm_withdrawal_hint}</p>
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
