/** One request in the queue. Only the current row has tab stops (roving tabindex). */
import { html } from "htm/preact";
import { formatShortDate, formatTime } from "../../shared/wall_time.js";
import { DecisionButtons } from "../decisions/decision_buttons.js";
import { formatAgo, formatDuration } from "../format_durations_and_percentages.js";
import { now } from "../polling.js";
import { nameOf, obstacleText } from "../practice.js";
import { DecisionOutcome } from "../request_status/decision_outcome.js";
import { DueTime } from "../request_status/due_time.js";
import { OtherRequestsHint } from "../request_status/other_requests.js";
import { SpamBadge } from "../request_status/spam_badge.js";
import { StatusBadge } from "../request_status/status_badge.js";
import { pathTo } from "../router.js";
import { t } from "../texts.js";
import { currentRequestId } from "./queue_state.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** @param {{request: Request, isCurrent: boolean}} props */
export function QueueRow({ request, isCurrent }) {
  const { patient, requested } = request;
  const slot = request.accepted ?? requested;
  const [person, chair] = [nameOf(slot.practitioner_id) || t.value.anyone, nameOf(slot.chair_id)];
  return html`
    <li class="row ${request.attention ? "needs" : ""}" data-request=${request.id} onFocusIn=${() => (currentRequestId.value = request.id)}>
      <${StatusBadge} request=${request} />
      <div class="who">
        <a href=${pathTo("requests", request.id)} tabindex=${isCurrent ? 0 : -1}>${patient.first_name} ${patient.last_name}</a>
        <${SpamBadge} request=${request} />
        <span>${[nameOf(slot.service_id), formatDuration(slot.duration_minutes)].filter(Boolean).join(" · ")}</span>
      </div>
      <div class="when">
        <strong>${formatShortDate(slot.start)}, ${formatTime(slot.start)}</strong>
        <span>${[person, chair].filter(Boolean).join(" · ")}</span>
      </div>
      <div class="way"><${FitReasons} request=${request} /><${OtherRequestsHint} request=${request} /></div>
      <div class="since">
        <span>${t.value.source(request.source)}</span>
        <span>${formatAgo(request.decision?.at ?? request.received_at, now.value)}</span>
        <${DueTime} request=${request} />
      </div>
      <div class="do">
        ${request.status === "pending" && html`<${DecisionButtons} request=${request} tabindex=${isCurrent ? 0 : -1} />`}
      </div>
    </li>
  `;
}

/** @param {{request: Request}} props */
function FitReasons({ request }) {
  if (request.attention) return html`<span class="alarm">${t.value.attention[request.attention]}</span>`;
  if (request.watch) return html`<span class="aside">${t.value.watched}</span>`;
  if (!request.fit) return html`<${DecisionOutcome} request=${request} />`;
  const reasons = [...new Set(request.fit.reasons.map(obstacleText))];
  if (request.fit.verdict === "past") reasons.push(t.value.timeHasPassed);
  return reasons.length
    ? html`<ul class="reasons">${reasons.map((one) => html`<li>${one}</li>`)}</ul>`
    : html`<span class="free">${t.value.noObstacles}</span>`;
}
