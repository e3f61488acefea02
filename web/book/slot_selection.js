/** State of the slot picker: the selected service, practitioner and time, and the openings of the week shown. */
import { computed, signal } from "@preact/signals";
import { api, toResult } from "../shared/api_client.js";
import { addDays, today } from "../shared/wall_time.js";
import { practice, practiceId } from "./practice.js";

/** @typedef {import("../shared/api_client.js").Schemas["Slot"]} Slot */

const DAYS_PER_PAGE = 7;
const WEEKS_TO_SEARCH = 4;
const MAX_WEEKS_AHEAD = 52;

export const serviceId = signal("");
/** Empty: any practitioner. */
export const practitionerId = signal("");
export const firstDay = signal("");
export const day = signal("");
/** The selected start as the API wrote it; empty if none is selected. */
export const start = signal("");
/** Whether the patient suggests a time instead of picking an opening. */
export const suggestsOwnTime = signal(false);

/** @type {import("@preact/signals").Signal<readonly Slot[]>} */
export const openings = signal([]);
export const searchState = signal(/** @type {"idle" | "looking" | "done" | "failed"} */ ("idle"));

export const service = computed(() => practice.value?.services.find((one) => one.id === serviceId.value));
export const practitioner = computed(() => practice.value?.practitioners.find((one) => one.id === practitionerId.value));

/** The days shown, each with the start times of its openings. */
export const days = computed(() =>
  Array.from({ length: DAYS_PER_PAGE }, (_, n) => {
    const date = addDays(firstDay.value, n);
    return { date, starts: openings.value.map((slot) => slot.start).filter((text) => text.startsWith(date)) };
  }),
);

export const startsOfDay = computed(() => days.value.find((one) => one.date === day.value)?.starts ?? []);

/** @type {AbortController | null} */
let runningSearch = null;

/** @param {string} id */
export function chooseService(id) {
  serviceId.value = id;
  return searchFromToday();
}

/** @param {string} id empty: any practitioner */
export function choosePractitioner(id) {
  practitionerId.value = id;
  return serviceId.value ? searchFromToday() : undefined;
}

/** @param {1 | -1} direction */
export function changeWeek(direction) {
  const next = addDays(firstDay.value, direction * DAYS_PER_PAGE);
  return searchWeeks(next < todayAtPractice() ? todayAtPractice() : next, 1);
}

export const retrySearch = () => searchWeeks(firstDay.value || todayAtPractice(), 1);
export const hasEarlier = computed(() => practice.value !== null && firstDay.value > todayAtPractice());
export const hasLater = computed(() => practice.value !== null && firstDay.value < addDays(todayAtPractice(), 7 * MAX_WEEKS_AHEAD));

export function clearSelection() {
  serviceId.value = practitionerId.value = start.value = day.value = "";
  suggestsOwnTime.value = false;
  openings.value = [];
  searchState.value = "idle";
}

const todayAtPractice = () => today(practice.value?.timezone ?? "UTC");
const searchFromToday = () => searchWeeks(todayAtPractice(), WEEKS_TO_SEARCH);

/**
 * Shows the first week with an opening, searching from that day on.
 *
 * @param {string} from
 * @param {number} weeks how many weeks to search at most
 */
async function searchWeeks(from, weeks) {
  runningSearch?.abort();
  const mine = (runningSearch = new AbortController());
  searchState.value = "looking";
  for (let week = 0, first = from; week < weeks; week += 1, first = addDays(first, DAYS_PER_PAGE)) {
    const { data, problem } = await toResult(fetchOpenings(first, mine.signal));
    if (mine.signal.aborted) return;
    if (problem) {
      firstDay.value ||= from;
      searchState.value = "failed";
      return;
    }
    if (data.items.length > 0 || week === weeks - 1) {
      showWeek(data.items.length > 0 ? first : from, data.items);
    }
    if (data.items.length > 0) break;
  }
  searchState.value = "done";
}

/**
 * @param {string} first
 * @param {AbortSignal} signal
 */
function fetchOpenings(first, signal) {
  const query = { service_id: serviceId.value, from: first, to: addDays(first, DAYS_PER_PAGE - 1) };
  const who = practitionerId.value ? { practitioner_id: practitionerId.value } : {};
  return api.GET("/public/practices/{practice_id}/openings", {
    params: { path: { practice_id: practiceId }, query: { ...query, ...who } },
    signal,
  });
}

/**
 * Keeps the selected time if it is still among the openings.
 *
 * @param {string} first
 * @param {readonly Slot[]} items
 */
function showWeek(first, items) {
  firstDay.value = first;
  openings.value = items;
  if (!items.some((slot) => slot.start === start.value)) start.value = "";
  day.value = (start.value || items[0]?.start || first).slice(0, 10);
}
