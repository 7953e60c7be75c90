// What every part of the page needs: the training clock, and what the clauses of the protocol say.
import { h, reactive } from "vue";

export const room = reactive({ now: "", clauses: {}, protocol: "" });

// How long ago, by the training clock: `40 min ago`, `5 h ago`, `3 days ago`.
export function ago(moment) {
  const minutes = Math.round((Date.parse(room.now) - Date.parse(moment)) / 60000);
  if (!Number.isFinite(minutes) || minutes < 0) return "";
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

export function clause(id) {
  const href = `/protocol/${encodeURIComponent(room.protocol)}#${encodeURIComponent(id)}`;
  const about = { class: "clause", href, target: "_blank", rel: "noopener", title: room.clauses[id] || id };
  return h("a", about, id);
}

const MOST = 4; // clauses of one line; the rest unfolds
export function clauses(ids, house) {
  if (!ids.length) return house ? h("span", { class: "clauses" }, h("span", { class: "clause house" }, "house rule")) : null;
  const [first, rest] = [ids.slice(0, MOST), ids.slice(MOST)];
  const more = rest.length ? h("details", { class: "more" }, [h("summary", `+${rest.length}`), ...rest.map(clause)]) : null;
  return h("span", { class: "clauses" }, [...first.map(clause), more]);
}

export function button(action, about, press) {
  const attributes = { type: "button", class: action.first ? "primary" : "", "aria-label": `${action.label}: ${about}` };
  return h("button", { ...attributes, onClick: press }, action.label);
}
