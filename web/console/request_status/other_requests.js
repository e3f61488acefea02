/** The other requests of a request's patient: as a hint in the queue, and as a list on the request's screen. */
import { html } from "htm/preact";
import { formatLongDate, formatTime } from "../../shared/wall_time.js";
import { pathTo } from "../router.js";
import { t } from "../texts.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** @param {{request: Request}} props */
export function OtherRequestsHint({ request }) {
  const count = request.other_requests?.length;
  if (request.duplicate_of) return html`<span class="alarm">${t.value.otherRequests.duplicate}</span>`;
  return count ? html`<span class="aside">${t.value.otherRequests.count(count)}</span>` : null;
}

/** @param {{request: Request}} props */
export function OtherRequests({ request }) {
  const texts = t.value;
  if (!request.other_requests?.length) return null;
  return html`
    <div class="notice ${request.duplicate_of ? "warn" : ""}">
      ${request.duplicate_of ? texts.otherRequests.duplicate : texts.otherRequests.title}
      <ul>
        ${request.other_requests.map(
          (one) => html`<li key=${one.id}>
            <a href=${pathTo("requests", one.id)}>${formatLongDate(one.start)}, ${formatTime(one.start)}</a>
            ${` · ${texts.statuses[one.status]}`}${one.same_as_this && ` · ${texts.otherRequests.same}`}
          </li>`,
        )}
      </ul>
    </div>
  `;
}
