/** The buttons that open the dialogs to accept, link or reject a request. */
import { html } from "htm/preact";
import { openDialog } from "../open_dialog.js";
import { canCreate } from "../practice.js";
import { t } from "../texts.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** @param {{request: Request, tabindex: number}} props */
export function DecisionButtons({ request, tabindex }) {
  const name = `${request.patient.first_name} ${request.patient.last_name}`;
  const first = canCreate() ? "accept" : "link";
  const reject = request.duplicate_of ? t.value.otherRequests.reject : t.value.verbs.reject;
  return html`
    <button type="button" class="button primary" tabindex=${tabindex} aria-label=${`${t.value.verbs[first]}: ${name}`}
      onClick=${() => (openDialog.value = { kind: first, request })}>${t.value.verbs[first]}</button>
    <button type="button" class="button" tabindex=${tabindex} aria-label=${`${reject}: ${name}`}
      onClick=${() => (openDialog.value = { kind: "reject", request })}>${reject}</button>
  `;
}
