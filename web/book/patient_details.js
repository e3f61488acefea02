/** Form section with the patient's name, contact details, note and consent. */
import { html } from "htm/preact";
import { describedByError, FieldError, TextField } from "./form_fields.js";
import { practice } from "./practice.js";
import { fieldErrors } from "./request_submission.js";
import { t } from "./texts.js";

/** A field that no patient sees or reaches. Programs that fill in every field fill it in, and mark their request so. */
function HiddenField() {
  return html`
    <div class="unseen" aria-hidden="true">
      <label for="homepage">${t.value.homepage}</label>
      <input id="homepage" name="homepage" type="text" tabindex="-1" autocomplete="off" maxlength="2000" />
    </div>
  `;
}

export function PatientDetails() {
  const optional = html` <span class="aside">(${t.value.optional})</span>`;
  return html`
    <fieldset class="step">
      <legend><h2>${t.value.details}</h2></legend>
      <div class="pair">
        <${TextField} name="first_name" label=${t.value.first_name} autocomplete="given-name" required />
        <${TextField} name="last_name" label=${t.value.last_name} autocomplete="family-name" required />
      </div>
      <p class="hint">${t.value.reach_hint}</p>
      <div class="pair">
        <${TextField} name="email" label=${t.value.email} type="email" autocomplete="email" />
        <${TextField} name="phone" label=${t.value.phone} type="tel" autocomplete="tel" />
      </div>
      <label class="tick"><input type="checkbox" name="may_email" defaultChecked /><span>${t.value.may_email}</span></label>
      <div class="pair">
        <${TextField} name="date_of_birth" label=${[t.value.date_of_birth, optional]} hint=${t.value.date_of_birth_hint} type="date" autocomplete="bday" max=${new Date().toISOString().slice(0, 10)} />
      </div>
      <div class="field">
        <label for="note">${t.value.note}${optional}</label>
        <p class="hint" id="note-hint">${t.value.note_hint}</p>
        <textarea id="note" name="note" rows="3" maxlength="1000" aria-describedby="note-hint"></textarea>
        <${FieldError} name="note" />
      </div>
      <${HiddenField} />
      <label class="tick">
        <input type="checkbox" name="consent" id="consent" required aria-invalid=${fieldErrors.value.has("consent")} ...${describedByError("consent")} />
        <span>${t.value.consent(practice.value?.name ?? "")}</span>
      </label>
      <${FieldError} name="consent" />
    </fieldset>
  `;
}
