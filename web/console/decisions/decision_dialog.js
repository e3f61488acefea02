/** The pop-up that is open, if one is. */
import { html } from "htm/preact";
import { clock, shortDay } from "../../shared/wall_time.js";
import { Dialog, close, opened } from "../dialogs.js";
import { Help } from "../keyboard_help.js";
import { now } from "../polling.js";
import { sayWho } from "../request_status/status_badge.js";
import { address } from "../router.js";
import { ago, sayProblem, t } from "../texts.js";
import { AcceptDialog } from "./accept_dialog.js";
import { LinkDialog } from "./link_dialog.js";
import { RejectDialog } from "./reject_dialog.js";

/** @typedef {import("../staff_api.js").Request} Request */

export function DecisionDialog() {
  const open = opened.value;
  if (!open) return null;
  if (open.kind === "help") return html`<${Help} />`;
  const Kind = { accept: AcceptDialog, link: LinkDialog, reject: RejectDialog }[open.kind];
  return html`<${Kind} key=${open.kind + open.request.id} request=${open.request} />`;
}

/** Somebody was faster: who, when, and what they decided. @param {{request: Request}} props */
export function Overtaken({ request }) {
  const say = t.value.overtaken;
  const { decision, accepted } = request;
  const who = decision ? sayWho(decision) : "";
  return html`
    <${Dialog} title=${say.title}>
      <div class="dialog-body">
        <p class="notice warn" role="alert">
          ${say.already(t.value.statuses[request.status], who)}${decision && ` (${ago(decision.at, now.value)})`}.
          ${accepted && ` ${shortDay(accepted.start)}, ${clock(accepted.start)}.`}
        </p>
        <p>${say.nothingLost}</p>
      </div>
      <footer class="dialog-foot">
        <a class="button" href=${address("requests", request.id)} onClick=${close}>${say.look}</a>
        <button type="button" class="button primary" onClick=${close}>${t.value.back}</button>
      </footer>
    <//>
  `;
}

/** A refusal, in words; nothing that was entered is lost. @param {{problem: import("../staff_api.js").Problem | null}} props */
export function Refused({ problem }) {
  if (!problem) return null;
  const fields = (problem.errors ?? []).map((error) => `${error.field}: ${error.message}`);
  const words = fields.length ? fields.join("; ") : sayProblem(problem);
  return html`<p class="notice bad" role="alert">${words}</p>`;
}
