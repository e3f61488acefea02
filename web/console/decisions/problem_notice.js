/** Error message for a decision that the API refused. */
import { html } from "htm/preact";
import { problemText } from "../texts.js";

/**
 * The form stays as it is, so nothing that was entered is lost.
 *
 * @param {{problem: import("../staff_api.js").Problem | null}} props
 */
export function ProblemNotice({ problem }) {
  if (!problem) return null;
  const fields = (problem.errors ?? []).map((error) => `${error.field}: ${error.message}`);
  const text = fields.length ? fields.join("; ") : problemText(problem);
  return html`<p class="notice bad" role="alert">${text}</p>`;
}
