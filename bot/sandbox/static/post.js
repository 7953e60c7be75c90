// One post, drawn from plain values: who it speaks to, what is owed by when under which clause, and the buttons.
import { h } from "vue";
import { ago, button, clauses } from "/assets/shared.js";

const FEW = 4; // rows of a card that are shown at first

export default {
  props: { post: Object },
  emits: ["press", "thread", "timeline"],
  data: () => ({ whole: false }),
  methods: {
    press(verb, row) {
      const about = row ? { obligation: row.obligation, version: row.version, to: row.to } : {};
      this.$emit("press", { verb, reference: this.post.reference, ...about });
    },
    header() {
      const p = this.post;
      return h("header", [
        h("strong", { class: "from" }, "Homeward"),
        h("time", { datetime: p.at, title: p.exact }, p.said),
        h("span", { class: "ago" }, ago(p.at)),
        p.label && h("span", { class: ["kind", p.kind] }, p.label),
        p.mine && h("span", { class: "mine" }, "for you"),
      ]);
    },
    mentions() {
      const one = (person) => h("span", { class: ["mention", { me: person.me }] }, `@${person.name}, ${person.title}`);
      return this.post.mentions.length ? h("p", { class: "mentions" }, this.post.mentions.map(one)) : null;
    },
    row(row) {
      const buttons = row.buttons.map((verb) => button(verb, row.says, () => this.press(verb.verb, row)));
      return h("li", { class: row.tone }, [
        h("p", { class: "says" }, [h("span", row.says), " ", clauses(row.clauses, row.house)]),
        row.state && h("p", { class: "state" }, row.state),
        buttons.length ? h("p", { class: "buttons" }, buttons) : null,
      ]);
    },
    rows() {
      const p = this.post;
      const few = p.kind === "card" && !this.whole && p.rows.length > FEW + 1;
      const shown = few ? p.rows.slice(0, FEW) : p.rows;
      const label = few ? `Show ${p.rows.length - FEW} more` : "Show fewer";
      const fold = p.kind === "card" && p.rows.length > FEW + 1;
      return [
        p.rows.length ? h("ul", { class: "rows" }, shown.map(this.row)) : null,
        fold && h("button", { type: "button", class: "link", "aria-expanded": this.whole, onClick: () => (this.whole = !this.whole) }, label),
      ];
    },
    below() {
      const p = this.post;
      const about = p.reference || "";
      const parts = p.buttons.map((verb) => button(verb, about, () => this.press(verb.verb)));
      return parts.length ? h("p", { class: "buttons below" }, parts) : null;
    },
    thread() {
      const t = this.post.thread;
      if (!t) return null;
      const timeline = button({ label: "Timeline" }, this.post.reference, () => this.$emit("timeline", this.post.reference));
      const fresh = t.unread ? h("span", { class: "badge" }, `${t.unread} new`) : null;
      const open = { type: "button", class: "thread", "aria-label": `${t.label}, ${this.post.reference}`, onClick: () => this.$emit("thread", this.post.id) };
      const thread = h("button", open, [h("span", t.label), fresh, h("span", { class: "ago" }, t.latest ? `last ${ago(t.latest)}` : "")]);
      return h("p", { class: "into" }, [thread, timeline]);
    },
  },
  render() {
    const p = this.post;
    const counts = p.counts.map((c) => h("span", { class: ["count", c.tone] }, c.says));
    return h("article", { class: ["post", p.kind, { "for-me": p.mine }], tabindex: -1, "data-post": p.id }, [
      h("span", { class: "avatar", "aria-hidden": "true" }, "⌂"),
      h("div", { class: "said" }, [
        this.header(),
        h("div", { class: "body" }, [
          h("h3", [p.headline, ...counts]),
          this.mentions(),
          ...this.rows(),
          ...p.lines.map((line) => h("p", { class: "line" }, line)),
          p.picture && h("figure", { class: "picture", tabindex: 0, innerHTML: p.picture }), // an SVG whose every text was escaped where it was made
          this.below(),
        ]),
        this.thread(),
      ]),
    ]);
  },
};
