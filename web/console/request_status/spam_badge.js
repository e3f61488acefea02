/** Badge of a request that is probably spam: somebody filled in the field that no patient sees. */
import { html } from "htm/preact";
import { t } from "../texts.js";

/** @param {{request: import("../staff_api.js").Request}} props */
export function SpamBadge({ request }) {
  return request.suspected_spam ? html`<span class="status-badge spam">${t.value.suspectedSpam}</span>` : null;
}
