/** Whether the patient gets an e-mail, and what it will say: the very text that the mailer writes. */
import { html } from "htm/preact";
import { t } from "../texts.js";
import { EmailPreview } from "./email_preview.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** @param {Request} request whether the patient can and wants to be written to */
export const canEmail = (request) => request.may_email && Boolean(request.patient.email);

/** @typedef {import("./email_preview.js").PreviewQuery} Supposed */

/** @param {{request: Request, kind: "confirmation" | "rejection" | "later", notify: boolean, onAnswer: (yes: boolean) => void, supposed?: Supposed}} props */
export function EmailQuestion({ request, kind, notify, onAnswer, supposed }) {
  const say = t.value.letter;
  const address = request.patient.email;
  if (!address) return html`<p class="hint">${say.noAddress}</p>`;
  return html`
    <fieldset class="letter">
      <legend>${say[kind]}</legend>
      ${!request.may_email && html`<p class="hint">${say.askedNot}</p>`}
      <div class="either">
        <label class="choice">
          <input type="radio" name="notify" checked=${notify} onChange=${() => onAnswer(true)} />
          <span>${say.yes} <small>${address}</small></span>
        </label>
        <label class="choice">
          <input type="radio" name="notify" checked=${!notify} onChange=${() => onAnswer(false)} />
          <span>${say.no}</span>
        </label>
      </div>
      ${notify && supposed && html`<${EmailPreview} request=${request} supposed=${supposed} />`}
    </fieldset>
  `;
}
