/** Downloads the report as a CSV file. */
import { api, practicePath, toResult } from "../staff_api.js";

/** @param {import("./report_page.js").ReportQuery} query */
export async function saveCsv(query) {
  const call = { params: { path: practicePath(), query }, headers: { Accept: "text/csv" }, parseAs: /** @type {const} */ ("blob") };
  const { data, problem } = await toResult(api.GET("/practices/{practice_id}/reports/online-scheduling", call));
  if (!data) return problem;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(/** @type {Blob} */ (/** @type {unknown} */ (data)));
  link.download = `online-scheduling-${query.from}-${query.to}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
  return undefined;
}
