/** The dialog that lists the keyboard shortcuts and can switch the single-key ones off. */
import { html } from "htm/preact";
import { Dialog } from "./dialogs.js";
import { t } from "./texts.js";
import { shortcutsEnabled } from "./keyboard_shortcuts.js";

export function KeyboardHelp() {
  const say = t.value.help;
  return html`
    <${Dialog} title=${say.title}>
      <div class="dialog-body">
        <dl class="keys">
          ${say.keys.map(
            ([keys, meaning]) => html`<div>
              <dt>${keys?.split(" ").map((key) => html`<kbd>${key}</kbd>`)}</dt>
              <dd>${meaning}</dd>
            </div>`,
          )}
        </dl>
        <label class="check">
          <input type="checkbox" checked=${shortcutsEnabled.value} onChange=${() => (shortcutsEnabled.value = !shortcutsEnabled.value)} />
          <span>${say.switch}</span>
        </label>
      </div>
    <//>
  `;
}
