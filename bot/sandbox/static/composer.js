// The line to type commands in: it proposes what can be typed here, and completes what is begun.
import { h } from "vue";

const MOST = 8;
let count = 0;

export default {
  props: { named: String, example: String, words: Array, references: Array, inThread: Boolean, answered: Number, cleared: Number },
  emits: ["sent"],
  data: () => ({ typed: "", open: false, at: -1, waiting: false, list: `proposals-${++count}` }),
  watch: {
    answered() {
      this.waiting = false;
    },
    cleared() {
      this.typed = "";
      this.open = false;
    },
  },
  computed: {
    // What may follow what is typed: [the whole line, what it does].
    proposals() {
      const line = this.typed.replace(/^\s+/, "");
      const plain = line.replace(/^\/(missing)?\s*/, "");
      if (line && !line.startsWith("/") && !this.words.some(([word]) => word.startsWith(line.split(" ")[0]))) return [];
      const [word, ...rest] = plain.split(/\s+/);
      const known = this.words.find(([name]) => name === word);
      if (known && known[2] && !this.inThread && rest.length === 1) {
        const begun = rest[0].toUpperCase();
        return this.references.filter(([ref]) => ref.startsWith(begun)).slice(0, MOST).map(([ref, about]) => [`/missing ${word} ${ref}`, about]);
      }
      if (rest.length) return [];
      const fitting = this.words.filter(([name]) => name.startsWith(word.toLowerCase()) && name !== word);
      return fitting.slice(0, word ? MOST : 30).map(([name, about, asks]) => [`/missing ${name}${asks && !this.inThread ? " " : ""}`, about]);
    },
    showing() {
      return this.open && this.proposals.length > 0;
    },
  },
  methods: {
    type(event) {
      this.typed = event.target.value;
      this.open = this.typed !== "";
      this.at = -1;
    },
    take(n) {
      this.typed = this.proposals[n][0];
      this.at = -1;
      this.open = this.typed.endsWith(" ");
      this.$refs.line.focus();
    },
    key(event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!this.showing) this.open = true;
        const many = this.proposals.length;
        if (many) this.at = (this.at + (event.key === "ArrowDown" ? 1 : -1) + many + (this.at < 0 && event.key === "ArrowUp" ? 1 : 0)) % many;
        this.$nextTick(() => this.$el.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }));
      } else if (event.key === "Escape" && this.showing) {
        event.preventDefault();
        this.open = false;
      } else if (event.key === "Tab" && !event.shiftKey && this.showing && this.typed) {
        event.preventDefault();
        this.take(Math.max(this.at, 0));
      } else if (event.key === "Enter" && this.showing && this.at >= 0) {
        event.preventDefault();
        this.take(this.at);
      }
    },
    send(event) {
      event.preventDefault();
      if (this.waiting) return;
      this.waiting = true;
      this.open = false;
      this.$emit("sent", { line: this.$refs.line.value });
    },
    list_of() {
      const one = ([line, about], n) =>
        h("li", { id: `${this.list}-${n}`, role: "option", "aria-selected": n === this.at ? "true" : "false", onMousedown: (e) => (e.preventDefault(), this.take(n)) }, [
          h("span", { class: "typed" }, line),
          h("span", { class: "about" }, about),
        ]);
      return h("ul", { id: this.list, role: "listbox", "aria-label": "What you can type", hidden: !this.showing }, this.showing ? this.proposals.map(one) : []);
    },
  },
  render() {
    const line = {
      ref: "line", type: "text", name: "line", value: this.typed, role: "combobox", autocomplete: "off", "aria-autocomplete": "list",
      placeholder: this.example, "aria-label": this.named, "aria-expanded": this.showing ? "true" : "false", "aria-controls": this.list,
      "aria-activedescendant": this.showing && this.at >= 0 ? `${this.list}-${this.at}` : null,
      onInput: this.type, onKeydown: this.key, onBlur: () => (this.open = false),
    };
    return h("form", { class: "composer", novalidate: true, "aria-busy": this.waiting ? "true" : "false", onSubmit: this.send }, [
      this.list_of(),
      h("input", line),
      h("button", { type: "submit", class: "send" }, "Send"),
    ]);
  },
};
