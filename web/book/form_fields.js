/** Form controls of the booking page: radio option, text field and field error. */
import { html } from "htm/preact";
import { fieldErrors } from "./request_submission.js";
import { t } from "./texts.js";

/**
 * One option of a radio group. It is a real radio button, so arrow keys work.
 *
 * @param {{name: string, value: string, selected: import("@preact/signals").Signal<string>, onSelect: (value: string) => void,
 *   disabled?: boolean, children: unknown}} props
 */
export function RadioOption({ name, value, selected, onSelect, disabled = false, children }) {
  return html`
    <label class="pill">
      <input type="radio" name=${name} value=${value} checked=${selected.value === value} disabled=${disabled} onChange=${() => onSelect(value)} />
      <span>${children}</span>
    </label>
  `;
}

/** The error message of a field, if it has one. @param {{name: string}} props */
export function FieldError({ name }) {
  const wrong = fieldErrors.value.get(name);
  return wrong ? html`<p class="wrong" id="${name}-wrong">${t.value.field_errors[wrong]}</p>` : null;
}

/** Attributes that connect a field to its error message for screen readers. @param {string} name */
export function describedByError(name) {
  return fieldErrors.value.has(name) ? { "aria-describedby": `${name}-wrong` } : {};
}

/**
 * A labelled single-line input, with its hint and its error.
 *
 * @param {{name: string, label: string, type?: string, autocomplete: string, required?: boolean, hint?: string, max?: string}} props
 */
export function TextField({ name, label, type = "text", autocomplete, required = false, hint, max }) {
  const wrong = fieldErrors.value.has(name);
  const notes = [hint && `${name}-hint`, wrong && `${name}-wrong`].filter(Boolean).join(" ");
  return html`
    <div class="field">
      <label for=${name}>${label}</label>
      ${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
      <input id=${name} name=${name} type=${type} autocomplete=${autocomplete} required=${required} max=${max}
        maxlength=${type === "date" ? undefined : 254} aria-invalid=${wrong} aria-describedby=${notes || undefined} />
      <${FieldError} name=${name} />
    </div>
  `;
}
