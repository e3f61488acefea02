/** The findings screen, for everybody at the practice. */
import { html } from "htm/preact";
import { t } from "../texts.js";
import { FindingsList } from "./findings_list.js";

export function FindingsPage() {
  return html`<div class="report"><h1>${t.value.findings.title}</h1><p class="hint">${t.value.findings.period}</p><${FindingsList} days=${{}} /></div>`;
}
