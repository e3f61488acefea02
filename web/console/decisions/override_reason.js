/** Text field for the reason to book in spite of obstacles. */
import { html } from "htm/preact";
import { t } from "../texts.js";

/** @param {{reason: string, onReason: (reason: string) => void}} props */
export function OverrideReason({ reason, onReason }) {
  const texts = t.value.accept;
  return html`<div class="field">
    <label for="override">${texts.override}</label>
    <input id="override" type="text" maxlength="1000" autocomplete="off" value=${reason} aria-describedby="override-hint"
      onInput=${(/** @type {any} */ event) => onReason(event.target.value)} />
    <span class="hint" id="override-hint">${texts.overrideHint}</span>
  </div>`;
}
