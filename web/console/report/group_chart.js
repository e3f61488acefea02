/**
 * Stacked bar chart of the report's groups. Chart.js is loaded only when the report opens. The table has the same
 * figures.
 */
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../texts.js";
import { COLUMNS, groupName } from "./group_table.js";

/** Status colours. They differ in lightness too, for readers who cannot tell the hues apart. */
const COLOURS = { accepted: "#00697a", pending: "#9fb3bd", rejected: "#b3261e", expired: "#d9902f", cancelled: "#d5dee2" };

/** @param {{report: import("./report_page.js").Report}} props */
export function GroupChart({ report }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const groups = report.groups.filter((group) => group.figures.received || report.group_by === "day");
  useEffect(() => {
    /** @type {{destroy: () => void} | undefined} */
    let drawn;
    let isUnmounted = false;
    void import("chart.js/auto").then(({ default: Chart }) => {
      if (isUnmounted || !canvas.current) return;
      drawn = new Chart(canvas.current, {
        type: "bar",
        data: {
          labels: groups.map((group) => groupName(report, group)),
          datasets: COLUMNS.map((one) => ({
            label: t.value.statuses[one],
            data: groups.map((group) => group.figures[one]),
            backgroundColor: COLOURS[one],
            borderRadius: 3,
            maxBarThickness: 48,
          })),
        },
        options: {
          animation: false,
          maintainAspectRatio: false,
          scales: { x: { stacked: true, grid: { display: false } }, y: { stacked: true, ticks: { precision: 0 } } },
          plugins: { legend: { position: "bottom", labels: { boxWidth: 14 } } },
        },
      });
    });
    return () => {
      isUnmounted = true;
      drawn?.destroy();
    };
  }, [report, t.value]);
  return html`<div class="chart"><canvas ref=${canvas} role="img" aria-label=${t.value.report.chart}></canvas></div>`;
}
