/** When a pending request is due for an answer, or that it is overdue. */
import { html } from "htm/preact";
import { formatUntil } from "../format_durations_and_percentages.js";
import { now } from "../polling.js";
import { t } from "../texts.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** Empty where the practice has set no target. @param {{request: Request}} props */
export function DueTime({ request }) {
  const { status, answer_by, overdue } = request;
  if (status !== "pending" || !answer_by) return null;
  if (overdue || Date.parse(answer_by) < now.value) return html`<span class="alarm">${t.value.overdue}</span>`;
  return html`<span>${t.value.due(formatUntil(answer_by, now.value))}</span>`;
}
