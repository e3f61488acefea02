/** Asks whether the patient gets an e-mail, and offers its preview. */
import { html } from "htm/preact";
import { t } from "../texts.js";
import { EmailPreview } from "./email_preview.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** @param {Request} request whether the patient has an e-mail address and allowed its use */
export const canEmail = (request) => request.may_email && Boolean(request.patient.email);

/** @typedef {import("./email_preview.js").PreviewQuery} PreviewQuery */

/** @param {{request: Request, kind: "confirmation" | "rejection" | "later", notify: boolean, onChange: (yes: boolean) => void, previewQuery?: PreviewQuery}} props */
export function EmailQuestion({ request, kind, notify, onChange, previewQuery }) {
  const texts = t.value.emailQuestion;
  const address = request.patient.email;
  if (!canEmail(request)) return html`<p class="hint">${address ? texts.noEmailWanted : texts.noAddress}</p>`;
  return html`
    <fieldset class="email-question">
      <legend>${texts[kind]}</legend>
      <div class="either">
        <label class="choice">
          <input type="radio" name="notify" checked=${notify} onChange=${() => onChange(true)} />
          <span>${texts.yes} <small>${address}</small></span>
        </label>
        <label class="choice">
          <input type="radio" name="notify" checked=${!notify} onChange=${() => onChange(false)} />
          <span>${texts.no}</span>
        </label>
      </div>
      ${notify && previewQuery && html`<${EmailPreview} request=${request} previewQuery=${previewQuery} />`}
    </fieldset>
  `;
}
