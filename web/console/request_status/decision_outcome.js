/** The outcome of a decided request: how or why, and by whom. */
import { html } from "htm/preact";
import { t } from "../texts.js";
import { actorName } from "./actor_name.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** "As requested · by Robin Fraser"; empty for a request without a decision. @param {{request: Request}} props */
export function DecisionOutcome({ request }) {
  const { decision, resolution } = request;
  const how = resolution ? t.value.resolutions[resolution] : decision?.reason ? t.value.rejections[decision.reason] : "";
  return html`<span>${[how, decision && t.value.by(actorName(decision))].filter(Boolean).join(" · ")}</span>`;
}
