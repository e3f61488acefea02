/**
 * The dialog that links a request to an appointment of the PMS. At link-only practices this is the only way to accept.
 */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { closeDialog, Dialog } from "../open_dialog.js";
import { canCreate } from "../practice.js";
import { t } from "../texts.js";
import { AlreadyDecidedDialog } from "./already_decided_dialog.js";
import { useDecision } from "./decision_actions.js";
import { canEmail, EmailQuestion } from "./email_question.js";
import { Candidates, fetchMatches, isLinkable } from "./possible_matches.js";
import { ProblemNotice } from "./problem_notice.js";
import { RequestSummary } from "./request_summary.js";

/** @typedef {import("./possible_matches.js").PossibleMatch} PossibleMatch */

/** Whether the PMS has cancelled the appointment of an accepted request. @param {import("../staff_api.js").Request} request */
export const hasLostAppointment = (request) => request.status === "accepted" && request.appointment_status === "cancelled";

/** @param {{request: import("../staff_api.js").Request}} props */
export function LinkDialog(props) {
  const { request, problem, isBusy, send } = useDecision(props.request);
  const [matches, setMatches] = useState(/** @type {PossibleMatch[] | null} */ (null));
  const [failure, setFailure] = useState(/** @type {import("../staff_api.js").Problem | null} */ (null));
  const [notify, setNotify] = useState(canEmail(request));
  const texts = t.value.link;

  const search = async () => {
    setMatches(null);
    const { data, problem: failed } = await fetchMatches(request.id);
    setMatches(data?.items ?? []);
    setFailure(failed ?? null);
  };
  useEffect(() => void search(), []);
  if (request.status !== "pending" && !hasLostAppointment(request)) return html`<${AlreadyDecidedDialog} request=${request} />`;

  /**
   * The e-mail contains the appointment's time; with several linkable candidates the preview shows the first one's.
   *
   * @param {PossibleMatch[]} found
   */
  const previewQueryFor = (found) => {
    const best = found.find(isLinkable);
    const { start, duration_minutes } = best?.appointment ?? request.requested;
    return { kind: "confirmation", start, duration_minutes };
  };
  /** @param {string} appointment_id */
  const link = async (appointment_id) => {
    const failed = await send("link", { appointment_id, notify });
    if (failed?.type.startsWith("appointment-")) await search();
  };
  const canLink = matches?.some(isLinkable);
  const canWatch = matches && !canLink && request.status === "pending";
  return html`
    <${Dialog} title=${t.value.matches.title} size="middle">
      <div class="dialog-body">
        <${RequestSummary} request=${request} />
        ${!canCreate() && html`<p class="hint">${texts.linkOnly}</p>`}
        <${ProblemNotice} problem=${problem ?? failure} />
        ${matches === null && html`<p role="status">${texts.looking}</p>`}
        ${matches?.length === 0 && !failure && html`<p class="notice warn" role="status">${texts.none}</p>`}
        ${matches && matches.length > 0 && html`<${Candidates} request=${request} matches=${matches} isBusy=${isBusy} onConnect=${link} />`}
        ${canWatch && html`<${EmailQuestion} request=${request} kind="later" notify=${notify} onChange=${setNotify} />`}
        ${canLink &&
        html`<${EmailQuestion} request=${request} kind="confirmation" notify=${notify} onChange=${setNotify} previewQuery=${previewQueryFor(matches ?? [])} />`}
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button" onClick=${closeDialog}>${t.value.cancel}</button>
        ${canWatch &&
        html`<button type="button" class="button" aria-disabled=${isBusy} onClick=${() => send("watch", { notify })}>${texts.later}</button>`}
        <button type="button" class="button ${canWatch ? "primary" : ""}" onClick=${search}>${t.value.tryAgain}</button>
      </footer>
    <//>
  `;
}
