/** The e-mail that the patient would get, as the API would write it now. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { requestParams, toResult, api } from "../staff_api.js";
import { problemText, t } from "../texts.js";

/** @typedef {import("../staff_api.js").Request} Request */
/** @typedef {import("../../vendor/api.js").operations["preview_letter"]["parameters"]["query"]} Supposed */

/** What the patient would read, as it stands now. @param {{request: Request, supposed: Supposed}} props */
export function Preview({ request, supposed }) {
  const [isOpen, setOpen] = useState(false);
  const [letter, setLetter] = useState(/** @type {{subject: string, text: string} | null} */ (null));
  const [problem, setProblem] = useState(/** @type {import("../staff_api.js").Problem | null} */ (null));
  const asked = JSON.stringify(supposed);
  useEffect(() => {
    if (!isOpen) return;
    let isOld = false;
    const call = { params: { ...requestParams(request.id).params, query: supposed } };
    void toResult(api.GET("/practices/{practice_id}/requests/{request_id}/letter", call)).then(({ data, problem: failed }) => {
      if (isOld) return;
      setLetter(data ?? null);
      setProblem(failed ?? null);
    });
    return () => void (isOld = true);
  }, [isOpen, asked]);
  return html`
    <details class="preview" onToggle=${(/** @type {any} */ event) => setOpen(event.target.open)}>
      <summary>${t.value.letter.preview}</summary>
      ${problem && html`<p class="wrong" role="status">${problem.errors?.map((error) => `${error.field}: ${error.message}`).join("; ") ?? problemText(problem)}</p>`}
      ${letter && html`<p><strong>${letter.subject}</strong></p><pre tabindex="0">${letter.text}</pre>`}
    </details>
  `;
}
