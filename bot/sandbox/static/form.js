// A form that sends its fields as one object, keeps what was typed, and waits for an answer before it sends again.
import { h } from "vue";

export default {
  props: { answered: Number, cleared: Number },
  emits: ["sent"],
  data: () => ({ waiting: false }),
  watch: {
    answered() {
      this.waiting = false;
      this.$nextTick(() => this.$el.querySelector("[aria-invalid=true]")?.focus());
    },
    cleared() {
      this.$el.reset();
    },
  },
  methods: {
    send(event) {
      event.preventDefault();
      if (this.waiting) return;
      this.waiting = true;
      this.$emit("sent", Object.fromEntries(new FormData(this.$el)));
    },
  },
  render() {
    const attributes = { novalidate: true, "aria-busy": this.waiting, onSubmit: this.send };
    return h("form", attributes, this.$slots.default());
  },
};
