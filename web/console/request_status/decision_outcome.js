/** The outcome of a decided request: how or why, and by whom. */
import { html } from "htm/preact";
import { t } from "../texts.js";
import { sayWho } from "./actor_name.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** What became of a decided request, and by whom. @param {{request: Request}} props */
export function Outcome({ request }) {
  const { decision, resolution } = request;
  const how = resolution ? t.value.resolutions[resolution] : decision?.reason ? t.value.rejections[decision.reason] : "";
  return html`<span>${[how, decision && t.value.by(sayWho(decision))].filter(Boolean).join(" · ")}</span>`;
}
