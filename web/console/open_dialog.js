/** Which dialog is open (one at a time), and the frame that all dialogs share. */
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "./texts.js";

/** @typedef {import("./staff_api.js").Request} Request */
/** @typedef {{kind: "accept" | "link" | "reject" | "correct", request: Request} | {kind: "help"}} OpenDialog */

/** @type {import("@preact/signals").Signal<OpenDialog | null>} */
export const openDialog = signal(null);

export const closeDialog = () => void (openDialog.value = null);

/**
 * A modal dialog. The browser's own element traps the focus, closes on Escape and returns the focus.
 *
 * @param {{title: string, size?: string, children?: import("preact").ComponentChildren}} props
 */
export function Dialog({ title, size = "", children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  /** @param {KeyboardEvent} event Ctrl+Enter sends the form from any of its fields */
  const onKeyDown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) box.current?.querySelector("form")?.requestSubmit();
  };
  return html`
    <dialog class="dialog ${size}" ref=${box} aria-labelledby="dialog-title" onCancel=${closeDialog} onKeyDown=${onKeyDown}>
      <header class="dialog-head">
        <h2 id="dialog-title" tabindex="-1">${title}</h2>
        <button type="button" class="plain" onClick=${closeDialog} aria-label=${t.value.close}>✕</button>
      </header>
      ${children}
    </dialog>
  `;
}
