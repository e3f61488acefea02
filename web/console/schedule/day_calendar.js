/** One day as a calendar with a column for each chair; wraps EventCalendar. */
import { createCalendar, destroyCalendar, Interaction, ResourceTimeGrid } from "@event-calendar/core";
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { language } from "../../shared/language.js";
import { toMinutes, toTimeOfDay } from "../time_of_day.js";

/** Id of the drafted appointment, the only event that can be moved. */
export const DRAFT_EVENT_ID = "wanted";

/** @typedef {import("@event-calendar/core").Calendar} Calendar */
/** @typedef {import("@event-calendar/core").Calendar.Event} CalendarEvent */
/** @typedef {import("@event-calendar/core").Calendar.Options} Options */
/** @typedef {import("@event-calendar/core").Calendar.EventInput} EventInput */
/** @typedef {{start: string, duration_minutes: number, chair_id: string}} Position */

/**
 * @typedef {object} GridProps
 * @property {string} day YYYY-MM-DD
 * @property {{id: string, name: string}[]} chairs
 * @property {EventInput[]} events
 * @property {[number, number]} hours first and last minute shown, since midnight
 * @property {string} label
 * @property {(position: Position) => void} [onMove] the movable event was dragged or resized, or another time was clicked
 */

/** @param {GridProps} props */
export function DayCalendar(props) {
  const { day, chairs, events, hours, label } = props;
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const calendar = useRef(/** @type {Calendar | null} */ (null));
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    if (!box.current) return;
    const made = createCalendar(box.current, [ResourceTimeGrid, Interaction], options(latest));
    calendar.current = made;
    const roles = new MutationObserver(() => box.current && dropTableRoles(box.current));
    roles.observe(box.current, { childList: true, subtree: true });
    return () => {
      roles.disconnect();
      void destroyCalendar(made);
    };
  }, []);
  const gridInputs = JSON.stringify([day, chairs, hours, language.value]);
  useEffect(() => {
    const grid = calendar.current;
    grid?.setOption("locale", language.value === "fr" ? "fr-CA" : "en-CA");
    grid?.setOption("resources", chairs.map(({ id, name }) => ({ id, title: name })));
    grid?.setOption("slotMinTime", toTimeOfDay(hours[0]));
    grid?.setOption("slotMaxTime", toTimeOfDay(hours[1]));
    grid?.setOption("date", `${day}T00:00:00`);
  }, [gridInputs]);
  const eventInputs = JSON.stringify(events);
  useEffect(() => void calendar.current?.setOption("events", events), [eventInputs, gridInputs]);
  return html`<div class="grid" ref=${box} role="region" aria-label=${label} tabindex="0"></div>`;
}

/**
 * @param {{current: GridProps}} latest
 * @returns {Options}
 */
function options(latest) {
  /** @param {CalendarEvent} event */
  const onMoved = (event) =>
    latest.current.onMove?.({
      start: wallTime(event.start),
      duration_minutes: Math.round((Number(event.end) - Number(event.start)) / 60_000),
      chair_id: String(event.resourceIds[0] ?? ""),
    });
  return {
    view: "resourceTimeGridDay",
    date: `${latest.current.day}T00:00:00`,
    headerToolbar: { start: "", center: "", end: "" },
    allDaySlot: false,
    height: "auto",
    slotDuration: "00:30:00",
    snapDuration: "00:15:00",
    slotHeight: 34,
    nowIndicator: false,
    editable: true,
    slotEventOverlap: false,
    eventContent: ({ event, timeText }) =>
      event.display === "background" ? "" : { domNodes: eventContent(event, timeText, latest.current) },
    eventDrop: ({ event }) => onMoved(event),
    eventResize: ({ event }) => onMoved(event),
    dateClick: ({ date, resource }) => {
      const wanted = latest.current.events.find((one) => one.id === DRAFT_EVENT_ID);
      if (!wanted || !resource) return;
      const minutes = toMinutes(String(wanted.end).slice(11)) - toMinutes(String(wanted.start).slice(11));
      latest.current.onMove?.({ start: wallTime(date), duration_minutes: minutes, chair_id: String(resource.id) });
    },
  };
}

/**
 * EventCalendar sets ARIA table roles, but its cells are not nested as a table's must be. Without the roles a screen
 * reader reads a list of appointments, each of which says its chair and time.
 *
 * @param {HTMLElement} box
 */
function dropTableRoles(box) {
  const roles = ["table", "rowgroup", "row", "cell", "columnheader"].map((role) => `[role="${role}"]`);
  for (const one of box.querySelectorAll(roles.join())) {
    one.setAttribute("role", "presentation");
    one.removeAttribute("aria-colindex");
  }
}

/**
 * @param {CalendarEvent} event
 * @param {string} time
 * @param {GridProps} props
 */
function eventContent(event, time, { chairs }) {
  const chair = chairs.find((one) => one.id === String(event.resourceIds[0]))?.name;
  const [name = "", ...rest] = String(event.title).split("\n");
  return [element("strong", name), element("span", rest.join(" ")), element("span", `${chair}, ${time}`, "unseen")];
}

/** @param {string} tag @param {string} text */
function element(tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

/** @param {Date} date from EventCalendar, which puts the wall time into the browser's local time */
function wallTime(date) {
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${day.join("-")}T${toTimeOfDay(date.getHours() * 60 + date.getMinutes())}`;
}
