/** Top of the decision dialogs: the patient, the requested time and service, and the patient's note. */
import { html } from "htm/preact";
import { formatLongDate, formatTime } from "../../shared/wall_time.js";
import { formatDuration } from "../format_durations_and_percentages.js";
import { nameOf } from "../practice.js";
import { t } from "../texts.js";

/** @param {{request: import("../staff_api.js").Request}} props */
export function RequestSummary({ request }) {
  const { patient, requested, note } = request;
  const what = [nameOf(requested.service_id), formatDuration(requested.duration_minutes), nameOf(requested.practitioner_id) || t.value.anyone];
  return html`
    <div class="asked">
      <p><strong>${patient.first_name} ${patient.last_name}</strong> ${t.value.asksFor}
        <strong> ${formatLongDate(requested.start)}, ${formatTime(requested.start)}</strong></p>
      <p>${what.filter(Boolean).join(" · ")}</p>
      ${note && html`<p class="note">“${note}”</p>`}
    </div>
  `;
}
