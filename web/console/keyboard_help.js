/** The dialog that lists the keyboard shortcuts and can switch the single-key ones off. */
import { html } from "htm/preact";
import { Dialog } from "./open_dialog.js";
import { shortcutsEnabled } from "./keyboard_shortcuts.js";
import { t } from "./texts.js";

export function KeyboardHelp() {
  const texts = t.value.help;
  return html`
    <${Dialog} title=${texts.title}>
      <div class="dialog-body">
        <dl class="keys">
          ${texts.keys.map(
            ([keys, meaning]) => html`<div>
              <dt>${keys?.split(" ").map((key) => html`<kbd>${key}</kbd>`)}</dt>
              <dd>${meaning}</dd>
            </div>`,
          )}
        </dl>
        <label class="check">
          <input type="checkbox" checked=${shortcutsEnabled.value} onChange=${() => (shortcutsEnabled.value = !shortcutsEnabled.value)} />
          <span>${texts.switch}</span>
        </label>
      </div>
    <//>
  `;
}
