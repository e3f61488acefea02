/** The screen of one request: all its details and its history. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { formatDate, formatLongDate, formatTime } from "../../shared/wall_time.js";
import { decisionCount, dismiss, notify, reopen } from "../decisions/decision_actions.js";
import { DecisionButtons } from "../decisions/decision_buttons.js";
import { hasLostAppointment } from "../decisions/link_dialog.js";
import { EmailCountdown } from "../email_countdown.js";
import { openDialog } from "../open_dialog.js";
import { formatAgo, formatDuration, formatUntil } from "../format_durations_and_percentages.js";
import { useShortcuts } from "../keyboard_shortcuts.js";
import { now, usePolling } from "../polling.js";
import { canCreate, nameOf, obstacleText } from "../practice.js";
import { DecisionOutcome } from "../request_status/decision_outcome.js";
import { DueTime } from "../request_status/due_time.js";
import { OtherRequests } from "../request_status/other_requests.js";
import { SpamBadge } from "../request_status/spam_badge.js";
import { StatusBadge } from "../request_status/status_badge.js";
import { pathTo } from "../router.js";
import { api, fetchRequest, requestParams, toResult } from "../staff_api.js";
import { problemText, t } from "../texts.js";
import { RequestHistory } from "./request_history.js";

/** @typedef {import("../staff_api.js").Request} Request */
/** @typedef {import("../staff_api.js").Schemas["HistoryStep"]} Step */

const POLL_SECONDS = 5;

/** @param {{id: string}} props */
export function RequestPage({ id }) {
  const [request, setRequest] = useState(/** @type {Request | null} */ (null));
  const [steps, setSteps] = useState(/** @type {Step[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {import("../staff_api.js").Problem | null} */ (null));
  const load = async () => {
    const [read, history] = await Promise.all([
      fetchRequest(id),
      toResult(api.GET("/practices/{practice_id}/requests/{request_id}/history", requestParams(id))),
    ]);
    if (read.data) setRequest(read.data);
    if (history.data) setSteps(history.data.items);
    setProblem(read.problem ?? history.problem ?? null);
  };
  usePolling(load, POLL_SECONDS, [id, decisionCount.value]);
  const decidable = request?.status === "pending" ? request : null;
  useShortcuts({
    ...(decidable && {
      a: () => (openDialog.value = { kind: canCreate() ? "accept" : "link", request: decidable }),
      l: () => (openDialog.value = { kind: "link", request: decidable }),
      r: () => (openDialog.value = { kind: "reject", request: decidable }),
    }),
  });
  return html`
    <p><a href=${pathTo("requests")}>← ${t.value.allRequests}</a></p>
    ${problem && html`<p class="notice bad" role="alert">${problemText(problem)}
      <button type="button" class="button" onClick=${load}>${t.value.tryAgain}</button></p>`}
    ${!request && !problem && html`<p role="status">${t.value.loading}</p>`}
    ${request && html`<${RequestDetails} request=${request} /><${RequestHistory} steps=${steps} />`}
  `;
}

/** @param {{request: Request}} props */
function RequestDetails({ request }) {
  const { patient, requested, accepted } = request;
  const texts = t.value;
  const canReopen = request.status === "accepted" || request.status === "rejected";
  return html`
    <article class="sheet">
      <header>
        <h1>${patient.first_name} ${patient.last_name}</h1>
        <${StatusBadge} request=${request} />
        <${SpamBadge} request=${request} />
        <div class="do">
          ${request.status === "pending" && html`<${DecisionButtons} request=${request} tabindex=${0} />`}
          <button type="button" class="button" onClick=${() => (openDialog.value = { kind: "correct", request })}>${texts.correct.open}</button>
          ${canReopen && html`<button type="button" class="button" onClick=${() => reopen(request, true)}>${texts.reopen}</button>`}
          ${canReopen && isTold(request) && html`<button type="button" class="button" onClick=${() => reopen(request, false)}>${texts.reopenSilently}</button>`}
        </div>
      </header>
      ${request.attention && html`<${AttentionNotice} request=${request} attention=${request.attention} />`}
      ${request.fit && request.fit.reasons.length > 0 &&
      html`<div class="notice bad"><ul>${request.fit.reasons.map((one) => html`<li>${obstacleText(one)}</li>`)}</ul></div>`}
      <${OtherRequests} request=${request} />
      ${request.watch && html`<p class="notice">${texts.watched}</p>`}
      <dl class="facts">
        <${Fact} name=${texts.requestedFor} value=${formatSlot(requested)} />
        ${accepted && html`<${Fact} name=${texts.bookedFor} value=${formatSlot(accepted)} />`}
        ${request.decision && html`<${Fact} name=${texts.outcome} value=${html`<${DecisionOutcome} request=${request} />`} />`}
        ${request.decision?.override_reason && html`<${Fact} name=${texts.overrideReason} value=${request.decision.override_reason} />`}
        ${request.decision?.note && html`<${Fact} name=${texts.note} value=${request.decision.note} />`}
        ${request.note && html`<${Fact} name=${texts.patientNote} value=${request.note} />`}
        <${Fact} name=${texts.emailState} value=${formatEmailState(request)} />
        ${request.last_notification && html`<${Fact} name=${texts.lastTold} value=${formatNotification(request.last_notification)} />`}
        <${Fact} name=${texts.pmsWriteState} value=${texts.pmsWriteStatuses[request.pms_write]} />
        <${Fact} name=${texts.received} value=${`${formatAgo(request.received_at, now.value)} · ${texts.source(request.source)}`} />
        ${request.status === "pending" && request.answer_by && html`<${Fact} name=${texts.answerDue} value=${html`<${DueTime} request=${request} />`} />`}
        <${Fact} name=${texts.email} value=${patient.email} />
        <${Fact} name=${texts.phone} value=${patient.phone_extension ? texts.phoneWithExtension(patient.phone, patient.phone_extension) : patient.phone} />
        <${Fact} name=${texts.dateOfBirth} value=${patient.date_of_birth && formatDate(patient.date_of_birth, { dateStyle: "long" })} />
      </dl>
    </article>
  `;
}

/**
 * The most urgent attention with what can be done about it, and the others in words.
 *
 * @param {{request: Request, attention: NonNullable<Request["attention"]>}} props
 */
function AttentionNotice({ request, attention }) {
  const texts = t.value;
  const others = request.attentions.filter((one) => one !== attention).map((one) => texts.attention[one]);
  const canTell = request.attentions.some((one) => one === "moved_in_pms" || one === "mail_failed");
  const { new_appointment } = request;
  return html`
    <div class="notice warn" role="alert">${texts.attention[attention]}
      ${request.mail_failure && html`<br />${texts.mailFailures[request.mail_failure.code] ?? texts.mailFailure}`}
      ${new_appointment && html`<br />${texts.newAppointment}: <strong>${formatLongDate(new_appointment.start)}, ${formatTime(new_appointment.start)}</strong>`}
      ${request.notice_due_at && html`<br />${texts.noticeDue(formatUntil(request.notice_due_at, now.value))}`}
      ${others.length > 0 && html`<br />${texts.alsoNeedsAttention}: ${others.join(" · ")}`}
      ${hasLostAppointment(request) &&
      html`<button type="button" class="button" onClick=${() => (openDialog.value = { kind: "link", request })}>${texts.matches.connect}</button>`}
      ${canTell && html`<button type="button" class="button" onClick=${() => notify(request)}>${texts.tellPatient}</button>`}
      <button type="button" class="button" onClick=${() => dismiss(request)}>${texts.markSeen}</button>
    </div>
  `;
}

/**
 * Whether an undo would tell the patient.
 *
 * @param {Request} request
 */
function isTold({ last_notification: told }) {
  return told?.kind === "confirmation" || told?.kind === "rejection";
}

/** @param {Request} request */
function formatEmailState({ mail, mail_due_at: dueAt }) {
  const state = t.value.emailStatuses[mail ?? "none"];
  return dueAt ? html`${state} <${EmailCountdown} dueAt=${Date.parse(dueAt)} />` : state;
}

/** @param {NonNullable<Request["last_notification"]>} told */
function formatNotification(told) {
  const time = told.start && `${formatLongDate(told.start)}, ${formatTime(told.start)}`;
  return [t.value.notifications[told.kind], time].filter(Boolean).join(" · ");
}

/** @param {{name: string, value: import("preact").ComponentChildren}} props */
function Fact({ name, value }) {
  return value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : null;
}

/** @param {import("../staff_api.js").Schemas["Slot"]} slot */
function formatSlot(slot) {
  const people = [nameOf(slot.service_id), nameOf(slot.practitioner_id) || t.value.anyone, nameOf(slot.chair_id)];
  return html`<strong>${formatLongDate(slot.start)}, ${formatTime(slot.start)}</strong> · ${formatDuration(slot.duration_minutes)}<br />
    ${people.filter(Boolean).join(" · ")}`;
}
