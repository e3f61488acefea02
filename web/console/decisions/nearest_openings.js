/** Buttons that move the drafted appointment to one of the nearest openings. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { formatShortDate, formatTime } from "../../shared/wall_time.js";
import { nameOf } from "../practice.js";
import { api, requestParams, toResult } from "../staff_api.js";
import { t } from "../texts.js";
import { draftOf } from "./appointment_draft.js";

/** @typedef {import("./appointment_draft.js").Slot} Slot */

const MAX_OPENINGS = 4;
const SEARCH_DAYS = 7;

/**
 * @param {import("../staff_api.js").Request} request
 * @param {Slot[] | null | undefined} newer from a refused acceptance: openings around the time that was tried
 */
export function useOpenings(request, newer) {
  const [openings, setOpenings] = useState(/** @type {Slot[]} */ ([]));
  useEffect(() => {
    const query = { days: SEARCH_DAYS, limit: MAX_OPENINGS };
    const call = { params: { ...requestParams(request.id).params, query } };
    toResult(api.GET("/practices/{practice_id}/requests/{request_id}/openings", call)).then(
      ({ data }) => data && setOpenings(data.items),
    );
  }, [request.id]);
  return newer?.length ? newer.slice(0, MAX_OPENINGS) : openings;
}

/** @param {{openings: Slot[], draft: import("./appointment_draft.js").Draft, onSelect: (slot: Slot) => void}} props */
export function NearestOpenings({ openings, draft, onSelect }) {
  if (!openings.length) return null;
  return html`
    <div class="openings" role="group" aria-labelledby="openings-title">
      <h3 id="openings-title">${t.value.accept.openings}</h3>
      <ul>
        ${openings.map((slot) => {
          const { start, chair_id, practitioner_id } = draftOf(slot);
          const isSelected = start === draft.start && chair_id === draft.chair_id && practitioner_id === draft.practitioner_id;
          return html`<li>
            <button type="button" aria-pressed=${isSelected} onClick=${() => onSelect(slot)}>
              <strong>${formatShortDate(slot.start)}, ${formatTime(slot.start)}</strong>
              <span>${[nameOf(chair_id), nameOf(practitioner_id)].filter(Boolean).join(" · ")}</span>
            </button>
          </li>`;
        })}
      </ul>
    </div>
  `;
}
