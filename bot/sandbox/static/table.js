// A table from plain values. A cell is a text, clauses, an episode that opens its timeline, or the buttons of an obligation.
import { h } from "vue";
import { button, clauses } from "/assets/shared.js";

export default {
  props: { caption: String, columns: Array, rows: Array, hideCaption: Boolean },
  emits: ["press", "timeline"],
  methods: {
    cell(cell, row, n) {
      const parts = [];
      if (cell.text !== undefined) parts.push(h("span", { class: cell.strong ? "strong" : null }, cell.text));
      if (cell.quiet) parts.push(h("span", { class: "quiet" }, cell.quiet));
      if (cell.clauses) parts.push(clauses(cell.clauses, cell.house));
      if (cell.episode) {
        const open = { type: "button", class: "link", title: "Open its timeline", onClick: () => this.$emit("timeline", cell.episode) };
        parts.push(h("button", open, cell.episode));
      }
      for (const verb of cell.buttons || []) {
        const pressed = { verb: verb.verb, reference: row.reference, obligation: row.obligation, version: row.version };
        parts.push(button(verb, `${row.says}, ${row.reference}`, () => this.$emit("press", pressed)));
      }
      return h(n === 0 ? "th" : "td", { scope: n === 0 ? "row" : null, "data-label": this.columns[n], class: cell.kind }, parts);
    },
  },
  render() {
    const heads = this.columns.map((column) => h("th", { scope: "col" }, column));
    const rows = this.rows.map((row) => h("tr", { class: row.tone }, row.cells.map((cell, n) => this.cell(cell, row, n))));
    return h("table", [
      h("caption", { class: this.hideCaption ? "unseen" : null }, this.caption),
      h("thead", h("tr", heads)),
      h("tbody", rows),
    ]);
  },
};
