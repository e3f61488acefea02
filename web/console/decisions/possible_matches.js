/**
 * Appointments of the PMS that may be the requested one: loads them, compares each with the request, offers to link it.
 */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { formatLongDate, formatTime } from "../../shared/wall_time.js";
import { formatDuration } from "../format_durations_and_percentages.js";
import { closeDialog } from "../open_dialog.js";
import { nameOf } from "../practice.js";
import { pathTo } from "../router.js";
import { api, requestParams, toResult } from "../staff_api.js";
import { t } from "../texts.js";

/** @typedef {import("../staff_api.js").Schemas} Schemas */
/** @typedef {Schemas["AppointmentMatch"]} PossibleMatch */
/** @typedef {import("../staff_api.js").Request} Request */

/** @param {string} request_id */
export const fetchMatches = (request_id) =>
  toResult(api.GET("/practices/{practice_id}/requests/{request_id}/matches", requestParams(request_id)));

/** Whether the request can be linked to it: it belongs to no other request. @param {PossibleMatch} match */
export const isLinkable = ({ appointment }) => appointment.request_id === null;

/**
 * @param {Request} request
 * @param {PossibleMatch[] | null | undefined} newer from a refused acceptance
 */
export function useMatches(request, newer) {
  const [matches, setMatches] = useState(/** @type {PossibleMatch[]} */ ([]));
  useEffect(() => void fetchMatches(request.id).then(({ data }) => data && setMatches(data.items)), [request.id]);
  return newer?.length ? newer : matches;
}

/** @param {{request: Request, matches: PossibleMatch[], isBusy: boolean, isDifferent: boolean, onDifferentChange: (isDifferent: boolean) => void, onConnect: (id: string) => void}} props */
export function SameAppointment({ request, matches, isBusy, isDifferent, onDifferentChange, onConnect }) {
  const texts = t.value.matches;
  return html`
    <section class="same" id="same-appointment" tabindex="-1" aria-labelledby="same-title">
      <h3 id="same-title">${texts.title}</h3>
      ${!isDifferent && html`<${Candidates} request=${request} matches=${matches} isBusy=${isBusy} onConnect=${onConnect} />`}
      <label class="check">
        <input type="checkbox" checked=${isDifferent} onChange=${() => onDifferentChange(!isDifferent)} />
        <span>${texts.different}</span>
      </label>
    </section>
  `;
}

/** @param {{request: Request, matches: PossibleMatch[], isBusy: boolean, onConnect: (id: string) => void}} props */
export function Candidates({ request, matches, isBusy, onConnect }) {
  return html`<ul class="candidates">
    ${matches.map((match) => html`<li key=${match.appointment.id}>
      <${Candidate} request=${request} match=${match} isBusy=${isBusy} onConnect=${onConnect}
        known=${matches.find((other) => other.appointment.id === match.same_patient_as)} />
    </li>`)}
  </ul>`;
}

/** @param {PossibleMatch} match */
const formatStart = ({ appointment }) => `${formatLongDate(appointment.start)}, ${formatTime(appointment.start)}`;

/** @param {{request: Request, match: PossibleMatch, known?: PossibleMatch, isBusy: boolean, onConnect: (id: string) => void}} props */
function Candidate({ request, match, known, isBusy, onConnect }) {
  const texts = t.value.matches;
  const { appointment, grade, reasons } = match;
  const when = formatStart(match);
  const about = [nameOf(appointment.service_id), formatDuration(appointment.duration_minutes), nameOf(appointment.practitioner_id), nameOf(appointment.chair_id)];
  return html`
    <div class="candidate-head">
      <span class="status-badge ${grade}">${texts.grades[grade]}</span>
      <strong>${when}</strong>
    </div>
    <p>${about.filter(Boolean).join(" · ")}</p>
    ${known && html`<p>${texts.samePatient} <strong>${formatStart(known)}</strong></p>`}
    <table class="compare">
      <caption class="unseen">${texts.why}</caption>
      <thead><tr><td></td><th scope="col">${texts.inRequest}</th><th scope="col">${texts.inSchedule}</th></tr></thead>
      <tbody>
        ${reasons.filter((one) => one.agrees !== null).map((one) => {
          const [inRequest, inSchedule] = [valueOf(request.patient, one.field), valueOf(appointment.patient, one.field)];
          return html`<tr class=${one.agrees ? "agrees" : "differs"}>
            <th scope="row">${texts.fields[one.field] ?? one.field}
              <small><span aria-hidden="true">${one.agrees ? "✓" : "≠"}</span> ${texts.likeness[one.likeness]}</small></th>
            <td>${inRequest}</td><td>${inSchedule}</td>
          </tr>`;
        })}
        <tr class=${appointment.start === request.requested.start ? "agrees" : "differs"}>
          <th scope="row">${t.value.time}</th>
          <td>${formatTime(request.requested.start)}</td><td>${formatTime(appointment.start)}</td>
        </tr>
      </tbody>
    </table>
    ${appointment.request_id === null
      ? html`<button type="button" class="button primary" aria-disabled=${isBusy} onClick=${() => onConnect(appointment.id)}
          aria-label=${`${texts.connect}: ${when}`}>${texts.connect}</button>`
      : html`<p class="notice warn">${texts.taken}
          <a href=${pathTo("requests", appointment.request_id)} onClick=${closeDialog} aria-label=${`${texts.takenBy}: ${when}`}>${texts.takenBy}</a></p>`}
  `;
}

/** @param {Schemas["Patient"] | null} patient @param {string} field */
function valueOf(patient, field) {
  if (!patient) return "";
  if (field === "name") return [patient.first_name, patient.last_name].filter(Boolean).join(" ");
  return String(/** @type {Record<string, unknown>} */ (patient)[field] ?? "");
}
