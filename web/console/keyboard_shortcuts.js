/** Single-key shortcuts. They are inactive in input fields, while a dialog is open, and when switched off. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

export const shortcutsEnabled = signal(true);

/**
 * Whether a key press may trigger a shortcut.
 *
 * @param {KeyboardEvent} event
 */
export function isShortcut(event) {
  if (!shortcutsEnabled.value || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target instanceof Element ? event.target : null;
  return !target?.closest("input, select, textarea, dialog");
}

/** @param {Record<string, () => void>} bindings what each key does on this screen */
export function useShortcuts(bindings) {
  useEffect(() => {
    /** @param {KeyboardEvent} event */
    const onKeyDown = (event) => {
      const run = bindings[event.key];
      if (!run || !isShortcut(event)) return;
      event.preventDefault();
      run();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  });
}
