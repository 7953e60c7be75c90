// A modal dialog of the browser's own: it keeps the focus inside and gives it back to where it was.
import { h } from "vue";

export default {
  props: { titled: String },
  emits: ["gone"],
  mounted() {
    this.$el.showModal();
    this.$el.querySelector(".fields :is(input, textarea, select)")?.focus(); // whoever opened it wants to write
  },
  beforeUnmount() {
    this.$el.close();
  },
  methods: {
    leave(event) {
      event.preventDefault(); // the page takes it away, once it knows
      this.$emit("gone");
    },
  },
  render() {
    return h("dialog", { "aria-labelledby": this.titled, onCancel: this.leave }, this.$slots.default());
  },
};
