/** Replaces a decision dialog when somebody else has decided the request first. */
import { html } from "htm/preact";
import { formatShortDate, formatTime } from "../../shared/wall_time.js";
import { closeDialog, Dialog } from "../open_dialog.js";
import { formatAgo } from "../format_durations_and_percentages.js";
import { now } from "../polling.js";
import { actorName } from "../request_status/actor_name.js";
import { pathTo } from "../router.js";
import { t } from "../texts.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** Says who decided, when and how. @param {{request: Request}} props */
export function AlreadyDecidedDialog({ request }) {
  const texts = t.value.alreadyDecided;
  const { decision, accepted } = request;
  const who = decision ? actorName(decision) : "";
  return html`
    <${Dialog} title=${texts.title}>
      <div class="dialog-body">
        <p class="notice warn" role="alert">
          ${texts.already(t.value.statuses[request.status], who)}${decision && ` (${formatAgo(decision.at, now.value)})`}.
          ${accepted && ` ${formatShortDate(accepted.start)}, ${formatTime(accepted.start)}.`}
        </p>
        <p>${texts.nothingLost}</p>
      </div>
      <footer class="dialog-foot">
        <a class="button" href=${pathTo("requests", request.id)} onClick=${closeDialog}>${texts.look}</a>
        <button type="button" class="button primary" onClick=${closeDialog}>${t.value.back}</button>
      </footer>
    <//>
  `;
}
