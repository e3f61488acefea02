/** The practice of the signed-in user: its practitioners, chairs, services and PMS capabilities. */
import { signal } from "@preact/signals";
import { api, practicePath, toResult } from "./staff_api.js";
import { t } from "./texts.js";

/** @typedef {import("../shared/api_client.js").Schemas["StaffPractice"]} Practice */

/** @type {import("@preact/signals").Signal<Practice | null>} */
export const practice = signal(null);

export async function loadPractice() {
  const { data } = await toResult(api.GET("/practices/{practice_id}", { params: { path: practicePath() } }));
  if (data) practice.value = data;
}

/** Whether Chairlink can create appointments in the practice's PMS. If not, requests are linked. */
export const canCreate = () => practice.value?.pms.capabilities.create ?? true;

/** @param {string | null | undefined} id of a practitioner, chair or service; returns its display name */
export function nameOf(id) {
  const currentPractice = practice.value;
  const things = [...(currentPractice?.practitioners ?? []), ...(currentPractice?.chairs ?? []), ...(currentPractice?.services ?? [])];
  return things.find((one) => one.id === id)?.name ?? id ?? "";
}

/**
 * An obstacle as a sentence.
 *
 * @param {import("../shared/api_client.js").Schemas["Obstacle"]} obstacle
 */
export function obstacleText(obstacle) {
  return t.value.obstacles[obstacle.code](nameOf(obstacle.resource_id));
}
