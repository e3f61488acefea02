/** Where a request stands, as a word in a colour; the word alone says it too. */
import { html } from "htm/preact";
import { session } from "../sign_in/session.js";
import { t } from "../texts.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** @param {{request: Request}} props */
export function Standing({ request }) {
  const [tone, words] = request.fit
    ? [request.fit.verdict, t.value.verdicts[request.fit.verdict]]
    : [request.status, t.value.statuses[request.status]];
  return html`<span class="standing ${tone}">${words}</span>`;
}

/** What became of a decided request, and by whom. @param {{request: Request}} props */
export function Outcome({ request }) {
  const { decision, resolution } = request;
  const how = resolution ? t.value.resolutions[resolution] : decision?.reason ? t.value.rejections[decision.reason] : "";
  return html`<span>${[how, decision && t.value.by(sayWho(decision))].filter(Boolean).join(" · ")}</span>`;
}

/** @param {{by: string, by_name: string | null}} acted who acted: "you", a colleague by name, or what they are to us */
export function sayWho({ by, by_name }) {
  if (by === session.value?.me) return t.value.actors.me;
  if (by_name) return by_name;
  const kind = by.split(":")[0] ?? "";
  return /** @type {Record<string, string>} */ (t.value.actors)[kind] ?? t.value.actors.system;
}
