// A typed time, and below it how it is understood, before anything is saved.
import { h } from "vue";

export default {
  props: { named: String, field: String, first: String, describedBy: String, needed: Boolean, wrong: Boolean, echo: String },
  emits: ["typed"],
  mounted() {
    if (this.first) this.$emit("typed", this.first);
  },
  beforeUnmount() {
    clearTimeout(this.later);
  },
  methods: {
    type(event) {
      clearTimeout(this.later);
      const typed = event.target.value;
      this.later = setTimeout(() => this.$emit("typed", typed), 200);
    },
  },
  render() {
    return h("div", { class: "typed-time" }, [
      h("input", {
        type: "text", id: this.named, name: this.field, autocomplete: "off", ".defaultValue": this.first || "", onInput: this.type,
        "aria-describedby": this.describedBy, "aria-required": this.needed ? "true" : null, "aria-invalid": this.wrong ? "true" : "false",
      }),
      h("p", { class: "echo", "aria-live": "polite" }, this.echo ? [h("span", { "aria-hidden": "true" }, "→ "), this.echo] : ""),
    ]);
  },
};
