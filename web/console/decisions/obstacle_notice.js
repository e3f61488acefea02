/** Lists the obstacles of the drafted appointment, or says that there are none. */
import { html } from "htm/preact";
import { formatTime } from "../../shared/wall_time.js";
import { obstacleText } from "../practice.js";
import { t } from "../texts.js";

/** @param {{obstacles: import("../staff_api.js").Schemas["Obstacle"][]}} props */
export function ObstacleNotice({ obstacles }) {
  const texts = t.value.accept;
  if (!obstacles.length) return html`<p class="notice good" role="status">${texts.free}</p>`;
  return html`
    <div class="notice bad" id="obstacles" tabindex="-1" role="group" aria-label=${texts.inTheWay}>
      <strong>${texts.inTheWay}</strong>
      <ul>
        ${obstacles.map(
          (one) => html`<li>${obstacleText(one)}${one.start && ` (${formatTime(one.start)}, ${one.duration_minutes} min)`}</li>`,
        )}
      </ul>
    </div>
  `;
}
