/** Telephone numbers: how they are shown, and as a link that dials them. */
import { html } from "htm/preact";

/** A number as it can be read and dialled. @param {{phone: string}} props */
export function PhoneLink({ phone }) {
  return html`<a class="phone" href="tel:${phone}">${formatPhone(phone)}</a>`;
}

/** North American numbers as people there write them, others as they are. @param {string} phone E.164 */
export function formatPhone(phone) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : phone;
}
