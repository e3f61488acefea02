/** Messages after an action, with an optional button such as Undo. A toast stays until dismissed or replaced. */
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { EmailCountdown } from "./email_countdown.js";
import { t } from "./texts.js";

/** @typedef {{text: string, tone?: "good" | "bad", emailDueAt?: number, action?: {text: string, run: () => void}}} Toast */

/** @type {import("@preact/signals").Signal<Toast | null>} */
export const toast = signal(null);

export const dismissToast = () => void (toast.value = null);

/** @param {Toast} content */
export const showToast = (content) => void (toast.value = content);

export function ToastArea() {
  const content = toast.value;
  return html`
    <div class="toasts" role="status">
      ${content &&
      html`<div class="toast ${content.tone ?? ""}">
        <span>${content.text} ${content.emailDueAt && html`<${EmailCountdown} dueAt=${content.emailDueAt} />`}</span>
        ${content.action && html`<button type="button" class="button" onClick=${content.action.run}>${content.action.text}</button>`}
        <button type="button" class="plain" onClick=${dismissToast} aria-label=${t.value.dismiss}>✕</button>
      </div>`}
    </div>
  `;
}
