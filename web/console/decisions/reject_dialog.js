/** The dialog that rejects a request with a reason; the report counts the reasons. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { closeDialog, Dialog } from "../open_dialog.js";
import { t } from "../texts.js";
import { AlreadyDecidedDialog } from "./already_decided_dialog.js";
import { useDecision } from "./decision_actions.js";
import { canEmail, EmailQuestion } from "./email_question.js";
import { ProblemNotice } from "./problem_notice.js";
import { RequestSummary } from "./request_summary.js";

const REASONS = /** @type {const} */ (["no_opening", "duplicate", "spam", "not_a_patient", "patient_declined", "other"]);
/** For these reasons "No e-mail" is preselected: nobody waits for an answer. */
const NO_EMAIL_REASONS = ["duplicate", "spam"];

/** @param {{request: import("../staff_api.js").Request}} props */
export function RejectDialog(props) {
  const { request, problem, isBusy, send } = useDecision(props.request);
  const [reason, setReason] = useState(/** @type {typeof REASONS[number] | ""} */ (props.request.duplicate_of ? "duplicate" : ""));
  const [note, setNote] = useState("");
  const [notifyChoice, setNotifyChoice] = useState(/** @type {boolean | null} */ (null));
  const [isMissing, setMissing] = useState(false);
  const texts = t.value.reject;
  if (request.status !== "pending") return html`<${AlreadyDecidedDialog} request=${request} />`;
  const notify = notifyChoice ?? (canEmail(request) && !NO_EMAIL_REASONS.includes(reason));

  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    setMissing(!reason);
    if (!reason) return document.getElementById("reason-no_opening")?.focus();
    return send("reject", { reason, note: note.trim() || null, notify });
  };
  return html`
    <${Dialog} title=${texts.title}>
      <form onSubmit=${submit} novalidate>
        <div class="dialog-body">
          <${RequestSummary} request=${request} />
          <fieldset aria-describedby=${isMissing ? "no-reason" : undefined}>
            <legend>${texts.why}</legend>
            ${REASONS.map(
              (one) => html`<label class="choice">
                <input type="radio" name="reason" id=${`reason-${one}`} checked=${reason === one} onChange=${() => setReason(one)} />
                <span>${t.value.rejections[one]}</span>
              </label>`,
            )}
            ${isMissing && !reason && html`<p class="wrong" id="no-reason" role="alert">${texts.missing}</p>`}
          </fieldset>
          <div class="field">
            <label for="note">${texts.note}</label>
            <textarea id="note" rows="2" maxlength="1000" value=${note}
              onInput=${(/** @type {any} */ event) => setNote(event.target.value)}></textarea>
          </div>
          <${EmailQuestion} request=${request} kind="rejection" notify=${notify} onChange=${setNotifyChoice}
            previewQuery=${{ kind: "rejection", ...(reason && { reason }) }} />
          <${ProblemNotice} problem=${problem} />
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick=${closeDialog}>${t.value.cancel}</button>
          <button class="button danger" aria-disabled=${isBusy}>${isBusy ? t.value.working : problem?.type === "unreachable" ? t.value.tryAgain : t.value.verbs.reject}</button>
        </footer>
      </form>
    <//>
  `;
}
