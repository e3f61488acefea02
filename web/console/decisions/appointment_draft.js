/** An appointment in the making: what the front desk has put together so far, and what of it differs from the wish. */

/** @typedef {import("../staff_api.js").Schemas} Schemas */
/** @typedef {Schemas["Slot"]} Slot */
/**
 * `start` is the wall time on the practice's clock, to the minute; ids are empty where anyone or any chair will do.
 *
 * @typedef {{start: string, duration_minutes: number, practitioner_id: string, chair_id: string, service_id: string}} Draft
 */

/**
 * @param {Slot} slot
 * @returns {Draft}
 */
export const draftOf = (slot) => ({
  start: slot.start.slice(0, 16),
  duration_minutes: slot.duration_minutes,
  practitioner_id: slot.practitioner_id ?? "",
  chair_id: slot.chair_id ?? "",
  service_id: slot.service_id ?? "",
});

/** @param {Draft} draft */
export const dayOf = (draft) => draft.start.slice(0, 10);

/** @param {Draft} draft */
export const timeOf = (draft) => draft.start.slice(11, 16);

/**
 * What the draft asks the API for. The time goes as the patient's own, offset and all, where it is the same.
 *
 * @param {Draft} draft
 * @param {Slot} requested
 * @returns {Partial<Schemas["Acceptance"]>}
 */
export function draftChanges(draft, requested) {
  return {
    start: draft.start === requested.start.slice(0, 16) ? requested.start : draft.start,
    duration_minutes: draft.duration_minutes,
    ...(draft.practitioner_id && { practitioner_id: draft.practitioner_id }),
    ...(draft.chair_id && { chair_id: draft.chair_id }),
    ...(draft.service_id && { service_id: draft.service_id }),
  };
}
