/** Coloured badge with the status of a request, or with its fit while it is pending. */
import { html } from "htm/preact";
import { t } from "../texts.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** @param {{request: Request}} props */
export function StatusBadge({ request }) {
  const [tone, label] = request.fit
    ? [request.fit.verdict, t.value.verdicts[request.fit.verdict]]
    : [request.status, t.value.statuses[request.status]];
  return html`<span class="status-badge ${tone}">${label}</span>`;
}
