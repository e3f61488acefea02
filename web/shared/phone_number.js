/** Formats telephone numbers and links them so that a click dials. */
import { html } from "htm/preact";

/** A readable number that dials when clicked. @param {{phone: string}} props */
export function PhoneLink({ phone }) {
  return html`<a class="phone" href="tel:${phone}">${formatPhone(phone)}</a>`;
}

/** "604-555-0177" for North American numbers; others stay in E.164. @param {string} phone E.164 */
export function formatPhone(phone) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : phone;
}
