/**
 * Sends decisions (accept, link, reject, correct, undo, dismiss) and shows the result; `useDecision` is the hook of the dialogs.
 */
import { signal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { closeDialog } from "../open_dialog.js";
import { usePolling } from "../polling.js";
import { loadQueue } from "../queue/queue_state.js";
import { fetchRequest, sendDecision } from "../staff_api.js";
import { problemText, t } from "../texts.js";
import { showToast } from "../toasts.js";
import { canEmail } from "./email_question.js";

/** @typedef {import("../staff_api.js").Request} Request */
/** @typedef {import("../staff_api.js").Problem} Problem */

const POLL_SECONDS = 5;
const CONFLICT_TYPES = ["already-decided", "move-not-allowed", "revision-stale"];

/** Increases with every decision made in this tab; screens that depend on it reload. */
export const decisionCount = signal(0);

/** @type {Request | null} */
let lastDecision = null;

/**
 * State of a decision dialog about one request.
 *
 * `request` is polled, so that a colleague's decision shows while the dialog is open.
 *
 * @param {Request} given
 */
export function useDecision(given) {
  const [request, setRequest] = useState(given);
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [isBusy, setBusy] = useState(false);
  const sending = useRef(false);

  const reload = async () => {
    const { data } = await fetchRequest(given.id);
    if (data && !sending.current) setRequest((known) => (data.revision > known.revision ? data : known));
  };
  usePolling(reload, POLL_SECONDS, [given.id]);

  /**
   * @template {import("../staff_api.js").Verb} V
   * @param {V} verb
   * @param {import("../staff_api.js").DecisionBodies[V]} body
   * @returns {Promise<Problem | undefined>}
   */
  const send = async (verb, body) => {
    if (sending.current) return undefined;
    sending.current = true;
    setBusy(true);
    setProblem(null);
    const { data, problem: failed } = await sendDecision(verb, request, body);
    sending.current = false;
    setBusy(false);
    if (data) return onDecided(verb, data);
    setProblem(failed);
    if (CONFLICT_TYPES.includes(failed.type)) await Promise.all([reload(), loadQueue()]);
    return failed;
  };
  return { request, problem, isBusy, send };
}

/**
 * @param {import("../staff_api.js").Verb} verb
 * @param {Request} request as the decision left it
 */
function onDecided(verb, request) {
  closeDialog();
  const name = `${request.patient.first_name} ${request.patient.last_name}`;
  const action = verb === "correct" ? offerToNotify(request) : offerToUndo(request);
  showToast({ text: t.value.done[verb](name), tone: "good", ...(action && { action }), ...(verb !== "correct" && emailDueAt(request)) });
  onChanged();
  return undefined;
}

/** @param {Request} request */
function offerToUndo(request) {
  const canUndo = request.status !== "pending";
  lastDecision = canUndo ? request : null;
  return canUndo ? { text: t.value.undo, run: undo } : null;
}

/** @param {Request} request */
function offerToNotify(request) {
  const wasToBeTold = request.last_notification || request.mail;
  return wasToBeTold && canEmail(request) ? { text: t.value.tellPatient, run: () => notify(request) } : null;
}

/**
 * When the e-mail of a decision that was just made goes out, by the clock of this computer, which may be wrong.
 *
 * @param {Request} request
 */
function emailDueAt({ mail_due_at: dueAt, decision }) {
  return dueAt && decision ? { emailDueAt: Date.now() + Date.parse(dueAt) - Date.parse(decision.at) } : {};
}

/** Reopens the request that was last decided in this tab, and tells the patient if the e-mail is out. */
export const undo = () => reopenLast({ notify: true });

/** @param {import("../staff_api.js").Schemas["Reopening"]} body */
async function reopenLast(body) {
  if (!lastDecision) return;
  const [request, texts] = [lastDecision, t.value];
  const { data, problem } = await sendDecision("reopen", request, body);
  if (data) {
    lastDecision = null;
    showToast({ text: data.mail ? texts.undoneAndTold : texts.undone, tone: "good" });
  } else {
    const again = { text: texts.tryAgain, run: () => reopenLast(body) };
    showToast({ text: problemText(problem), tone: "bad", ...(!CONFLICT_TYPES.includes(problem.type) && { action: again }) });
  }
  onChanged();
}

/**
 * Reopens any decided request, not only the last one.
 *
 * @param {Request} request
 * @param {boolean} notify whether the patient is told, if they know of the decision
 */
export function reopen(request, notify) {
  lastDecision = request;
  return reopenLast({ notify });
}

/**
 * Marks that staff have seen why the request needed attention.
 *
 * @param {Request} request
 */
export function dismiss(request) {
  return sendAndReport("dismiss", request);
}

/**
 * Tells the patient by e-mail what is true now.
 *
 * @param {Request} request
 */
export function notify(request) {
  return sendAndReport("notify", request);
}

/**
 * @param {"dismiss" | "notify"} verb
 * @param {Request} request
 */
async function sendAndReport(verb, request) {
  const { problem } = await sendDecision(verb, request, undefined);
  const name = `${request.patient.first_name} ${request.patient.last_name}`;
  showToast(problem ? { text: problemText(problem), tone: "bad" } : { text: t.value.done[verb](name), tone: "good" });
  onChanged();
}

function onChanged() {
  decisionCount.value++;
  void loadQueue();
}
