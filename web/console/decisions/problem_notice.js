/** Why the API refused a decision, in text. */
import { html } from "htm/preact";
import { problemText } from "../texts.js";

/** A refusal, in text; nothing that was entered is lost. @param {{problem: import("../staff_api.js").Problem | null}} props */
export function ProblemNotice({ problem }) {
  if (!problem) return null;
  const fields = (problem.errors ?? []).map((error) => `${error.field}: ${error.message}`);
  const text = fields.length ? fields.join("; ") : problemText(problem);
  return html`<p class="notice bad" role="alert">${text}</p>`;
}
