/** What the patient has chosen so far, and the free times they can choose from, a week at a time. */
import { computed, signal } from "@preact/signals";
import { answer, api } from "../shared/api_client.js";
import { dayAfter, today } from "../shared/wall_time.js";
import { practice, practiceId } from "./practice.js";

/** @typedef {import("../shared/api_client.js").Schemas["Slot"]} Slot */

const DAYS_SHOWN = 7;
const WEEKS_SEARCHED = 4;
const WEEKS_AHEAD = 52;

export const serviceId = signal("");
/** Empty for anyone. */
export const practitionerId = signal("");
export const firstDay = signal("");
export const day = signal("");
/** The chosen start as the API names it, or "" */
export const start = signal("");
/** Whether the patient suggests a time of their own. */
export const suggests = signal(false);

/** @type {import("@preact/signals").Signal<readonly Slot[]>} */
export const openings = signal([]);
export const search = signal(/** @type {"idle" | "looking" | "done" | "failed"} */ ("idle"));

export const service = computed(() => practice.value?.services.find((one) => one.id === serviceId.value));
export const practitioner = computed(() => practice.value?.practitioners.find((one) => one.id === practitionerId.value));

/** The days on show, with their free starts. */
export const days = computed(() =>
  Array.from({ length: DAYS_SHOWN }, (_, n) => {
    const date = dayAfter(firstDay.value, n);
    return { date, starts: openings.value.map((slot) => slot.start).filter((text) => text.startsWith(date)) };
  }),
);

export const startsOfDay = computed(() => days.value.find((one) => one.date === day.value)?.starts ?? []);

/** @type {AbortController | null} */
let searching = null;

/** @param {string} id */
export function chooseService(id) {
  serviceId.value = id;
  return lookFromToday();
}

/** @param {string} id "" for anyone */
export function choosePractitioner(id) {
  practitionerId.value = id;
  return serviceId.value ? lookFromToday() : undefined;
}

/** @param {1 | -1} direction */
export function turnPage(direction) {
  const next = dayAfter(firstDay.value, direction * DAYS_SHOWN);
  return look(next < thisDay() ? thisDay() : next, 1);
}

export const lookAgain = () => look(firstDay.value || thisDay(), 1);
export const hasEarlier = computed(() => practice.value !== null && firstDay.value > thisDay());
export const hasLater = computed(() => practice.value !== null && firstDay.value < dayAfter(thisDay(), 7 * WEEKS_AHEAD));

export function forget() {
  serviceId.value = practitionerId.value = start.value = day.value = "";
  suggests.value = false;
  openings.value = [];
  search.value = "idle";
}

const thisDay = () => today(practice.value?.timezone ?? "UTC");
const lookFromToday = () => look(thisDay(), WEEKS_SEARCHED);

/**
 * Show the first week with a free time, starting from that day.
 *
 * @param {string} from
 * @param {number} weeks how many to look through
 */
async function look(from, weeks) {
  searching?.abort();
  const mine = (searching = new AbortController());
  search.value = "looking";
  for (let week = 0, first = from; week < weeks; week += 1, first = dayAfter(first, DAYS_SHOWN)) {
    const { data, problem } = await answer(ask(first, mine.signal));
    if (mine.signal.aborted) return;
    if (problem) {
      firstDay.value ||= from;
      search.value = "failed";
      return;
    }
    if (data.items.length > 0 || week === weeks - 1) {
      show(data.items.length > 0 ? first : from, data.items);
    }
    if (data.items.length > 0) break;
  }
  search.value = "done";
}

/**
 * @param {string} first
 * @param {AbortSignal} signal
 */
function ask(first, signal) {
  const query = { service_id: serviceId.value, from: first, to: dayAfter(first, DAYS_SHOWN - 1) };
  const who = practitionerId.value ? { practitioner_id: practitionerId.value } : {};
  return api.GET("/public/practices/{practice_id}/openings", {
    params: { path: { practice_id: practiceId }, query: { ...query, ...who } },
    signal,
  });
}

/**
 * A chosen time stays chosen while it is still free.
 *
 * @param {string} first
 * @param {readonly Slot[]} items
 */
function show(first, items) {
  firstDay.value = first;
  openings.value = items;
  if (!items.some((slot) => slot.start === start.value)) start.value = "";
  day.value = (start.value || items[0]?.start || first).slice(0, 10);
}
