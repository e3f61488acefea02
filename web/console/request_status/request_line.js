/** One request as a line of a list: status, patient, time and outcome. */
import { html } from "htm/preact";
import { clock, shortDay } from "../../shared/wall_time.js";
import { address } from "../router.js";
import { Outcome } from "./decision_outcome.js";
import { Standing } from "./status_badge.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** A request as one of several behind a figure. @param {{request: Request}} props */
export function RequestLine({ request }) {
  const { patient, requested } = request;
  return html`<li>
    <${Standing} request=${request} />
    <a href=${address("requests", request.id)}>${patient.first_name} ${patient.last_name}</a>
    <span>${shortDay(requested.start)}, ${clock(requested.start)}</span>
    <${Outcome} request=${request} />
  </li>`;
}
