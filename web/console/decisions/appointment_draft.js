/** The appointment that the front desk is editing before it accepts, and its conversion to an API request. */

/** @typedef {import("../staff_api.js").Schemas} Schemas */
/** @typedef {Schemas["Slot"]} Slot */
/**
 * `start` is practice wall time to the minute. An empty id means any practitioner, any chair or no service.
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
 * The draft as the body of an acceptance. An unchanged time is sent as requested, with its offset.
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
