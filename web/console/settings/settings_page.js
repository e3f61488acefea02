/** The settings screen for managers. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { practice } from "../practice.js";
import { api, practicePath, toResult } from "../staff_api.js";
import { problemText, t } from "../texts.js";
import { showToast } from "../toasts.js";
import { FIELDS, toChanges, toForm } from "./settings_form_values.js";

export function SettingsPage() {
  const currentPractice = practice.value;
  const [form, setForm] = useState(() => (currentPractice ? toForm(currentPractice) : {}));
  const [problem, setProblem] = useState(/** @type {import("../staff_api.js").Problem | null} */ (null));
  const [isBusy, setBusy] = useState(false);
  const texts = t.value.settings;
  if (!currentPractice) return null;

  /** @param {SubmitEvent} event */
  const save = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    const call = { params: { path: practicePath() }, body: toChanges(currentPractice, form) };
    const { data, problem: failed } = await toResult(api.PATCH("/practices/{practice_id}", call));
    setBusy(false);
    setProblem(failed ?? null);
    if (!data) return;
    practice.value = data;
    setForm(toForm(data));
    showToast({ text: texts.saved, tone: "good" });
  };
  /** @param {string} field */
  const errorOf = (field) => problem?.errors?.find((error) => error.field.split(".")[0] === field)?.message;
  return html`
    <form class="settings panel" onSubmit=${save} novalidate>
      <h1>${texts.title}</h1>
      ${FIELDS.map((field) => html`<${SettingField} key=${field.name} field=${field} value=${form[field.name]} wrong=${errorOf(field.name)}
        onChange=${(/** @type {string | boolean} */ value) => setForm((known) => ({ ...known, [field.name]: value }))} />`)}
      ${problem && !problem.errors && html`<p class="notice bad" role="alert">${problemText(problem)}</p>`}
      <div><button class="button primary" aria-disabled=${isBusy}>${isBusy ? t.value.working : problem ? t.value.tryAgain : texts.save}</button></div>
      <p class="hint">${texts.delayHint}</p>
    </form>
  `;
}

/** @param {{field: import("./settings_form_values.js").Field, value: any, wrong: string | undefined, onChange: (value: string | boolean) => void}} props */
function SettingField({ field, value, wrong, onChange }) {
  const { name, kind } = field;
  const [label, hint] = t.value.settings.fields[name] ?? [name];
  const id = `setting-${name}`;
  /** @param {any} event */
  const change = ({ target }) => onChange(kind === "check" ? target.checked : target.value);
  const common = { id, name, onChange: change, "aria-invalid": Boolean(wrong), "aria-describedby": `${id}-hint` };
  if (kind === "check") {
    return html`<label class="check"><input type="checkbox" ...${common} checked=${value} /><span>${label} <small id=${`${id}-hint`}>${hint}</small></span></label>`;
  }
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${kind === "choice"
      ? html`<select ...${common} value=${value}>${field.options?.map((one) => html`<option value=${one}>${t.value.settings.options[one]}</option>`)}</select>`
      : html`<input type=${kind} ...${common} value=${value} />`}
    <span class=${wrong ? "wrong" : "hint"} id=${`${id}-hint`} role=${wrong ? "alert" : undefined}>${wrong ?? hint}</span>
  </div>`;
}
