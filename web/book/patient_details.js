/** Who the patient is and how to reach them. */
import { html } from "htm/preact";
import { t } from "./texts.js";
import { Line, Wrong, described } from "./form_fields.js";
import { practice } from "./practice.js";
import { wrongs } from "./request_submission.js";

export function Details() {
  const optional = html` <span class="aside">(${t.value.optional})</span>`;
  return html`
    <fieldset class="step">
      <legend><h2>${t.value.details}</h2></legend>
      <div class="pair">
        <${Line} name="first_name" label=${t.value.first_name} autocomplete="given-name" required />
        <${Line} name="last_name" label=${t.value.last_name} autocomplete="family-name" required />
      </div>
      <p class="hint">${t.value.reach_hint}</p>
      <div class="pair">
        <${Line} name="email" label=${t.value.email} type="email" autocomplete="email" />
        <${Line} name="phone" label=${t.value.phone} type="tel" autocomplete="tel" />
      </div>
      <label class="tick"><input type="checkbox" name="may_email" defaultChecked /><span>${t.value.may_email}</span></label>
      <div class="pair">
        <${Line} name="date_of_birth" label=${[t.value.date_of_birth, optional]} hint=${t.value.date_of_birth_hint} type="date" autocomplete="bday" max=${new Date().toISOString().slice(0, 10)} />
      </div>
      <div class="field">
        <label for="note">${t.value.note}${optional}</label>
        <p class="hint" id="note-hint">${t.value.note_hint}</p>
        <textarea id="note" name="note" rows="3" maxlength="1000" aria-describedby="note-hint"></textarea>
        <${Wrong} name="note" />
      </div>
      <label class="tick">
        <input type="checkbox" name="consent" id="consent" required aria-invalid=${wrongs.value.has("consent")} ...${described("consent")} />
        <span>${t.value.consent(practice.value?.name ?? "")}</span>
      </label>
      <${Wrong} name="consent" />
    </fieldset>
  `;
}
