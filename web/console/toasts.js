/** What was just done, with a way back. A toast stays until the next one or until it is dismissed: nobody is hurried. */
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { t } from "./texts.js";

/** @typedef {{words: string, tone?: "good" | "bad", action?: {words: string, run: () => void}}} Toast */

/** @type {import("@preact/signals").Signal<Toast | null>} */
export const toast = signal(null);

export const dismissToast = () => void (toast.value = null);

/** @param {Toast} told */
export const showToast = (told) => void (toast.value = told);

export function ToastArea() {
  const told = toast.value;
  return html`
    <div class="toasts" role="status">
      ${told &&
      html`<div class="toast ${told.tone ?? ""}">
        <span>${told.words}</span>
        ${told.action && html`<button type="button" class="button" onClick=${told.action.run}>${told.action.words}</button>`}
        <button type="button" class="plain" onClick=${dismissToast} aria-label=${t.value.dismiss}>✕</button>
      </div>`}
    </div>
  `;
}
