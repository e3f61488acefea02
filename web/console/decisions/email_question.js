/** Whether the patient gets an e-mail, and what it will say: the very text that the mailer writes. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { about, answer, api } from "../staff_api.js";
import { sayProblem, t } from "../texts.js";

/** @typedef {import("../staff_api.js").Request} Request */

/** @param {Request} request whether the patient can and wants to be written to */
export const mayWrite = (request) => request.may_email && Boolean(request.patient.email);

/** @typedef {import("../../vendor/api.js").operations["preview_letter"]["parameters"]["query"]} Supposed */

/** @param {{request: Request, kind: "confirmation" | "rejection" | "later", notify: boolean, onAnswer: (yes: boolean) => void, supposed?: Supposed}} props */
export function LetterQuestion({ request, kind, notify, onAnswer, supposed }) {
  const say = t.value.letter;
  const address = request.patient.email;
  if (!address) return html`<p class="hint">${say.noAddress}</p>`;
  return html`
    <fieldset class="letter">
      <legend>${say[kind]}</legend>
      ${!request.may_email && html`<p class="hint">${say.askedNot}</p>`}
      <div class="either">
        <label class="choice">
          <input type="radio" name="notify" checked=${notify} onChange=${() => onAnswer(true)} />
          <span>${say.yes} <small>${address}</small></span>
        </label>
        <label class="choice">
          <input type="radio" name="notify" checked=${!notify} onChange=${() => onAnswer(false)} />
          <span>${say.no}</span>
        </label>
      </div>
      ${notify && supposed && html`<${Preview} request=${request} supposed=${supposed} />`}
    </fieldset>
  `;
}

/** What the patient would read, as it stands now. @param {{request: Request, supposed: Supposed}} props */
function Preview({ request, supposed }) {
  const [isOpen, setOpen] = useState(false);
  const [letter, setLetter] = useState(/** @type {{subject: string, text: string} | null} */ (null));
  const [problem, setProblem] = useState(/** @type {import("../staff_api.js").Problem | null} */ (null));
  const asked = JSON.stringify(supposed);
  useEffect(() => {
    if (!isOpen) return;
    let isOld = false;
    const call = { params: { ...about(request.id).params, query: supposed } };
    void answer(api.GET("/practices/{practice_id}/requests/{request_id}/letter", call)).then(({ data, problem: failed }) => {
      if (isOld) return;
      setLetter(data ?? null);
      setProblem(failed ?? null);
    });
    return () => void (isOld = true);
  }, [isOpen, asked]);
  return html`
    <details class="preview" onToggle=${(/** @type {any} */ event) => setOpen(event.target.open)}>
      <summary>${t.value.letter.preview}</summary>
      ${problem && html`<p class="wrong" role="status">${problem.errors?.map((error) => `${error.field}: ${error.message}`).join("; ") ?? sayProblem(problem)}</p>`}
      ${letter && html`<p><strong>${letter.subject}</strong></p><pre tabindex="0">${letter.text}</pre>`}
    </details>
  `;
}
