/** One request in the queue. Only the row that the keyboard is at has tab stops. */
import { html } from "htm/preact";
import { clock, shortDay } from "../../shared/wall_time.js";
import { opened } from "../dialogs.js";
import { now } from "../polling.js";
import { canCreate, nameOf, sayObstacle } from "../practice.js";
import { address } from "../router.js";
import { ago, length, t, until } from "../texts.js";
import { Outcome, Standing } from "../request_status/status_badge.js";
import { current } from "./queue_state.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** @param {{request: Request, isHeld: boolean}} props */
export function Row({ request, isHeld }) {
  const { patient, requested } = request;
  const slot = request.accepted ?? requested;
  const [person, chair] = [nameOf(slot.practitioner_id) || t.value.anyone, nameOf(slot.chair_id)];
  return html`
    <li class="row ${request.attention ? "needs" : ""}" data-request=${request.id} onFocusIn=${() => (current.value = request.id)}>
      <${Standing} request=${request} />
      <div class="who">
        <a href=${address("requests", request.id)} tabindex=${isHeld ? 0 : -1}>${patient.first_name} ${patient.last_name}</a>
        <span>${[nameOf(slot.service_id), length(slot.duration_minutes)].filter(Boolean).join(" · ")}</span>
      </div>
      <div class="when">
        <strong>${shortDay(slot.start)}, ${clock(slot.start)}</strong>
        <span>${[person, chair].filter(Boolean).join(" · ")}</span>
      </div>
      <div class="way"><${InTheWay} request=${request} /></div>
      <div class="since">
        <span>${t.value.source(request.source)}</span>
        <span>${ago(request.decision?.at ?? request.received_at, now.value)}</span>
        <${Due} request=${request} />
      </div>
      <div class="do">
        ${request.status === "pending" && html`<${Decisions} request=${request} tabindex=${isHeld ? 0 : -1} />`}
      </div>
    </li>
  `;
}

/** How soon the practice wants to have answered; nothing where it has set no target. @param {{request: Request}} props */
export function Due({ request }) {
  const { status, answer_by, overdue } = request;
  if (status !== "pending" || !answer_by) return null;
  if (overdue || Date.parse(answer_by) < now.value) return html`<span class="alarm">${t.value.overdue}</span>`;
  return html`<span>${t.value.due(until(answer_by, now.value))}</span>`;
}

/** @param {{request: Request}} props */
function InTheWay({ request }) {
  if (request.attention) return html`<span class="alarm">${t.value.attention[request.attention]}</span>`;
  if (request.watch) return html`<span class="aside">${t.value.watched}</span>`;
  if (!request.fit) return html`<${Outcome} request=${request} />`;
  const reasons = [...new Set(request.fit.reasons.map(sayObstacle))];
  if (request.fit.verdict === "past") reasons.push(t.value.pastWhy);
  return reasons.length
    ? html`<ul class="reasons">${reasons.map((one) => html`<li>${one}</li>`)}</ul>`
    : html`<span class="free">${t.value.nothingInTheWay}</span>`;
}

/** @param {{request: Request, tabindex: number}} props */
export function Decisions({ request, tabindex }) {
  const name = `${request.patient.first_name} ${request.patient.last_name}`;
  const first = canCreate() ? "accept" : "link";
  return html`
    <button type="button" class="button primary" tabindex=${tabindex} aria-label=${`${t.value.verbs[first]}: ${name}`}
      onClick=${() => (opened.value = { kind: first, request })}>${t.value.verbs[first]}</button>
    <button type="button" class="button" tabindex=${tabindex} aria-label=${`${t.value.verbs.reject}: ${name}`}
      onClick=${() => (opened.value = { kind: "reject", request })}>${t.value.verbs.reject}</button>
  `;
}
