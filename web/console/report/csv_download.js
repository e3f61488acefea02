/** The same figures as a table that a spreadsheet opens. */
import { toResult, api, practicePath } from "../staff_api.js";

/** @param {import("./report_page.js").ReportQuery} asked */
export async function saveCsv(asked) {
  const call = { params: { path: practicePath(), query: asked }, headers: { Accept: "text/csv" }, parseAs: /** @type {const} */ ("blob") };
  const { data, problem } = await toResult(api.GET("/practices/{practice_id}/reports/online-scheduling", call));
  if (!data) return problem;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(/** @type {Blob} */ (/** @type {unknown} */ (data)));
  link.download = `online-scheduling-${asked.from}-${asked.to}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
  return undefined;
}
