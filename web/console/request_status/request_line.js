/** One request as a line of a list: status, patient, time and outcome. */
import { html } from "htm/preact";
import { formatShortDate, formatTime } from "../../shared/wall_time.js";
import { pathTo } from "../router.js";
import { DecisionOutcome } from "./decision_outcome.js";
import { StatusBadge } from "./status_badge.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** Links to the request's screen. @param {{request: Request}} props */
export function RequestLine({ request }) {
  const { patient, requested } = request;
  return html`<li>
    <${StatusBadge} request=${request} />
    <a href=${pathTo("requests", request.id)}>${patient.first_name} ${patient.last_name}</a>
    <span>${formatShortDate(requested.start)}, ${formatTime(requested.start)}</span>
    <${DecisionOutcome} request=${request} />
  </li>`;
}
