/** The sign-in screen. Locally it offers demo practices and roles; in AWS it redirects to the hosted page. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../texts.js";
import { demoPractices, signInLocally } from "./local_sign_in.js";
import { beginSignIn } from "./sign_in_method.js";

export function SignInPage() {
  const [state, setState] = useState("waiting");
  const begin = () => {
    setState("waiting");
    beginSignIn().then(setState, () => setState("failed"));
  };
  useEffect(begin, []);
  const texts = t.value.signIn;
  return html`
    <main class="sign-in">
      <div class="brand"><span class="mark" aria-hidden="true"></span>Chairlink</div>
      <h1>${texts.title}</h1>
      ${state === "local" && html`<${DemoChoice} />`}
      ${state === "failed" &&
      html`<p class="notice bad" role="alert">${texts.failed}</p>
        <button type="button" class="button primary" onClick=${begin}>${t.value.tryAgain}</button>`}
      ${(state === "waiting" || state === "leaving") && html`<p role="status">${t.value.loading}</p>`}
    </main>
  `;
}

function DemoChoice() {
  const texts = t.value.signIn;
  const [practices, setPractices] = useState(/** @type {import("./local_sign_in.js").DemoPractice[]} */ ([]));
  const [failed, setFailed] = useState(false);
  useEffect(() => void demoPractices().then(setPractices, () => setFailed(true)), []);

  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    setFailed(false);
    signInLocally(String(given.get("practice")), String(given.get("role"))).catch(() => setFailed(true));
  };
  return html`
    <form onSubmit=${submit}>
      <fieldset>
        <legend>${texts.practice}</legend>
        ${practices.map(
          (one, at) => html`<label class="choice">
            <input type="radio" name="practice" value=${one.practice_id} defaultChecked=${at === 0} />
            <span>${one.name} <small>${texts.pms(one.pms.kind)}</small></span>
          </label>`,
        )}
      </fieldset>
      <fieldset>
        <legend>${texts.role}</legend>
        ${["front_desk", "manager"].map(
          (role, at) => html`<label class="choice">
            <input type="radio" name="role" value=${role} defaultChecked=${at === 0} />
            <span>${texts.roles[role]}</span>
          </label>`,
        )}
      </fieldset>
      ${failed && html`<p class="notice bad" role="alert">${texts.failed}</p>`}
      <button class="button primary" disabled=${!practices.length}>${texts.enter}</button>
      <p class="hint">${texts.demo}</p>
    </form>
  `;
}
