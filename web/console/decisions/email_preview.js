/** Preview of the e-mail to the patient. The API renders it with the code that renders the real one. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { api, requestParams, toResult } from "../staff_api.js";
import { problemText, t } from "../texts.js";

/** @typedef {import("../staff_api.js").Request} Request */
/** @typedef {import("../../vendor/api.js").paths["/practices/{practice_id}/requests/{request_id}/email-preview"]["get"]["parameters"]["query"]} PreviewQuery */

/**
 * Loaded when opened, and again when the decision's details change.
 *
 * @param {{request: Request, previewQuery: PreviewQuery}} props
 */
export function EmailPreview({ request, previewQuery }) {
  const [isOpen, setOpen] = useState(false);
  const [email, setEmail] = useState(/** @type {{subject: string, text: string} | null} */ (null));
  const [problem, setProblem] = useState(/** @type {import("../staff_api.js").Problem | null} */ (null));
  const queryText = JSON.stringify(previewQuery);
  useEffect(() => {
    if (!isOpen) return;
    let isOld = false;
    const call = { params: { ...requestParams(request.id).params, query: previewQuery } };
    void toResult(api.GET("/practices/{practice_id}/requests/{request_id}/email-preview", call)).then(({ data, problem: failed }) => {
      if (isOld) return;
      setEmail(data ?? null);
      setProblem(failed ?? null);
    });
    return () => void (isOld = true);
  }, [isOpen, queryText]);
  return html`
    <details class="preview" onToggle=${(/** @type {any} */ event) => setOpen(event.target.open)}>
      <summary>${t.value.emailQuestion.preview}</summary>
      ${problem && html`<p class="wrong" role="status">${problem.errors?.map((error) => `${error.field}: ${error.message}`).join("; ") ?? problemText(problem)}</p>`}
      ${email && html`<p><strong>${email.subject}</strong></p><pre tabindex="0">${email.text}</pre>`}
    </details>
  `;
}
