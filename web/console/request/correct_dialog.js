/** The dialog that corrects what was mistyped about the patient of a request. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { useDecision } from "../decisions/decision_actions.js";
import { ProblemNotice } from "../decisions/problem_notice.js";
import { closeDialog, Dialog } from "../open_dialog.js";
import { t } from "../texts.js";
import { FIELDS, toCorrection, toForm } from "./patient_form_values.js";

const KINDS = { first_name: "text", last_name: "text", email: "email", phone: "tel", date_of_birth: "date" };

/** @param {{request: import("../staff_api.js").Request}} props */
export function CorrectDialog(props) {
  const { problem, isBusy, send } = useDecision(props.request);
  const { patient } = props.request;
  const [form, setForm] = useState(() => toForm(patient));
  const texts = t.value;
  const correction = toCorrection(patient, form);
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    return Object.keys(correction).length ? send("correct", correction) : closeDialog();
  };
  /** @param {string} name */
  const errorOf = (name) => problem?.errors?.find((error) => error.field === name)?.message;
  return html`
    <${Dialog} title=${texts.correct.title}>
      <form onSubmit=${submit} novalidate>
        <div class="dialog-body">
          ${FIELDS.map((name) => {
            const [id, wrong] = [`patient-${name}`, errorOf(name)];
            return html`<div class="field" key=${name}>
              <label for=${id}>${texts.matches.fields[name]}</label>
              <input id=${id} type=${KINDS[name]} value=${form[name]} autocomplete="off" aria-invalid=${Boolean(wrong)}
                aria-describedby=${wrong ? `${id}-wrong` : undefined}
                onInput=${(/** @type {any} */ event) => setForm((known) => ({ ...known, [name]: event.target.value }))} />
              ${wrong && html`<span class="wrong" id=${`${id}-wrong`} role="alert">${wrong}</span>`}
            </div>`;
          })}
          ${"email" in correction && html`<p class="hint">${texts.correct.linkEnds}</p>`}
          ${!problem?.errors && html`<${ProblemNotice} problem=${problem} />`}
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick=${closeDialog}>${texts.cancel}</button>
          <button class="button primary" aria-disabled=${isBusy}>${isBusy ? texts.working : problem?.type === "unreachable" ? texts.tryAgain : texts.correct.save}</button>
        </footer>
      </form>
    <//>
  `;
}
