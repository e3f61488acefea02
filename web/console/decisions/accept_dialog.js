/** The Accept dialog: edit the appointment, see conflicts on that day's schedule, and book it. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { closeDialog, Dialog } from "../open_dialog.js";
import { practice } from "../practice.js";
import { useSchedule } from "../schedule/schedule_loader.js";
import { t } from "../texts.js";
import { AcceptDayCalendar } from "./accept_day_calendar.js";
import { AcceptForm } from "./accept_form.js";
import { AlreadyDecidedDialog } from "./already_decided_dialog.js";
import { dayOf, draftChanges, draftOf } from "./appointment_draft.js";
import { useDecision } from "./decision_actions.js";
import { canEmail, EmailQuestion } from "./email_question.js";
import { findObstacles, suggestChair } from "./find_obstacles.js";
import { NearestOpenings, useOpenings } from "./nearest_openings.js";
import { ObstacleNotice } from "./obstacle_notice.js";
import { OverrideReason } from "./override_reason.js";
import { SameAppointment, useMatches } from "./possible_matches.js";
import { ProblemNotice } from "./problem_notice.js";
import { RequestSummary } from "./request_summary.js";

/** @typedef {import("../staff_api.js").Request} Request */
/** @typedef {import("./appointment_draft.js").Draft} Draft */
/** @typedef {import("./find_obstacles.js").Obstacle} Obstacle */

/** @param {{request: Request}} props */
export function AcceptDialog(props) {
  const { request, problem, isBusy, send } = useDecision(props.request);
  const [draft, setDraft] = useState(draftOf(request.requested));
  const [notify, setNotify] = useState(canEmail(request));
  const [isDifferent, setDifferent] = useState(false);
  const [reason, setReason] = useState("");
  const [apiConflicts, setApiConflicts] = useState({ draft, conflicts: /** @type {Obstacle[]} */ ([]) });
  const { day, problem: dayProblem, load } = useSchedule(dayOf(draft));
  const matches = useMatches(request, problem?.type === "possible-match" ? problem.matches : undefined);
  const openings = useOpenings(request, problem?.openings);
  const texts = t.value.accept;
  const currentPractice = practice.value;
  if (request.status !== "pending") return html`<${AlreadyDecidedDialog} request=${request} />`;
  if (!currentPractice) return null;

  const known = knownObstacles(currentPractice, day, draft);
  // Conflicts from the API apply only to the draft that was sent.
  const obstacles = apiConflicts.draft === draft && apiConflicts.conflicts.length ? apiConflicts.conflicts : known;
  const overrides = obstacles.length > 0 && reason.trim() !== "";
  const mustAnswerMatch = matches.length > 0 && !isDifferent;

  const accept = async () => {
    if (mustAnswerMatch) return focusOn("same-appointment");
    const override = overrides ? { override: { reason: reason.trim() } } : {};
    const different = isDifferent ? { different_appointment: true } : {};
    const refusal = await send("accept", { ...draftChanges(draft, request.requested), notify, ...different, ...override });
    if (refusal?.type === "possible-match") focusOn("same-appointment");
    if (refusal?.type !== "schedule-conflict") return;
    setApiConflicts({ draft, conflicts: refusal.conflicts ?? [] });
    focusOn("obstacles");
    void load();
  };
  /** @param {Partial<Draft>} change */
  const edit = (change) => {
    const edited = { ...draft, ...change };
    setDraft(edited);
    if (!knownObstacles(currentPractice, day, edited).length) setReason("");
  };
  return html`
    <${Dialog} title=${texts.title} size="wide">
      <form novalidate onSubmit=${(/** @type {SubmitEvent} */ event) => (event.preventDefault(), accept())}>
        <div class="dialog-body accept">
          <div class="accept-left">
            <${RequestSummary} request=${request} />
            ${matches.length > 0 &&
            html`<${SameAppointment} request=${request} matches=${matches} isBusy=${isBusy} isDifferent=${isDifferent} onDifferentChange=${setDifferent}
              onConnect=${(/** @type {string} */ appointment_id) => send("link", { appointment_id, notify })} />`}
            <${ObstacleNotice} obstacles=${obstacles} />
            <${NearestOpenings} openings=${openings} draft=${draft} onSelect=${(/** @type {any} */ slot) => edit({ ...draftOf(slot), service_id: draft.service_id })} />
            <${AcceptForm} draft=${draft} requested=${request.requested} practice=${currentPractice} onEdit=${edit} />
            ${obstacles.length > 0 && html`<${OverrideReason} reason=${reason} onReason=${setReason} />`}
            <${EmailQuestion} request=${request} kind="confirmation" notify=${notify} onChange=${setNotify}
              previewQuery=${{ kind: "confirmation", ...draftChanges(draft, request.requested) }} />
            ${!["schedule-conflict", "possible-match"].includes(problem?.type ?? "") && html`<${ProblemNotice} problem=${problem} />`}
          </div>
          <${AcceptDayCalendar} practice=${currentPractice} day=${day} problem=${dayProblem} onRetry=${load} request=${request} draft=${draft}
            obstacles=${obstacles} onEdit=${edit} />
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick=${closeDialog}>${t.value.cancel}</button>
          <button class="button primary" aria-disabled=${isBusy}>
            ${isBusy ? t.value.working : problem?.type === "unreachable" ? t.value.tryAgain : overrides ? texts.acceptAnyway : t.value.verbs.accept}
          </button>
        </footer>
      </form>
    <//>
  `;
}

/**
 * @param {import("../practice.js").Practice} practice
 * @param {import("./find_obstacles.js").ScheduleDay | null} day as last loaded; null before; may be another day than the draft's
 * @param {Draft} draft
 */
function knownObstacles(practice, day, draft) {
  if (day?.date !== dayOf(draft)) return [];
  return findObstacles(practice, day, { ...draft, chair_id: suggestChair(practice, day, draft) });
}

/** @param {string} id of the element to scroll to and focus */
function focusOn(id) {
  requestAnimationFrame(() => {
    const box = document.getElementById(id);
    box?.scrollIntoView({ block: "nearest" });
    box?.focus();
  });
}
