/**
 * Header of the patient's pages: the practice, and a button for the other language. In an iframe only the button shows.
 */
import { html } from "htm/preact";
import { language } from "./language.js";

/** @param {{practice: {name: string, address?: string | null, phone: string | null}, other: string}} props */
export function Header({ practice, other }) {
  const next = language.value === "en" ? "fr" : "en";
  return html`
    <header class="top">
      <div class="who">
        <img src="/shared/icon.svg" alt="" width="40" height="40" />
        <div>
          <p class="name">${practice.name}</p>
          ${practice.address && html`<p class="where">${practice.address}</p>`}
        </div>
      </div>
      <button type="button" class="button quiet" lang=${next} onClick=${() => (language.value = next)}>${other}</button>
    </header>
  `;
}
