// A list that grows at its end: it stays at the end when it was there, and leaves whoever reads further up in peace.
// When the button that had the focus is gone after an update, the post it was in has it.
import { h } from "vue";

export default {
  props: { named: String, opened: String, end: Number, focus: Number, on: String },
  data: () => ({ atEnd: true, held: null }),
  watch: {
    opened() {
      this.atEnd = true;
    },
    end() {
      this.atEnd = true;
    },
    focus() {
      const wanted = () => this.on && this.$el.querySelector(`[data-post="${this.on}"]`);
      this.$nextTick(() => (wanted() || this.$el).focus());
    },
  },
  mounted() {
    this.keep();
  },
  beforeUpdate() {
    const active = document.activeElement;
    this.held = this.$el.contains(active) ? active.closest("article") : null;
  },
  updated() {
    this.keep();
    if (document.activeElement === document.body) this.held?.focus();
  },
  methods: {
    keep() {
      if (this.atEnd) this.$el.scrollTop = this.$el.scrollHeight;
    },
    moved() {
      this.atEnd = this.$el.scrollHeight - this.$el.scrollTop - this.$el.clientHeight < 24;
    },
  },
  render() {
    const attributes = { role: "region", "aria-label": this.named, tabindex: 0, onScroll: this.moved };
    return h("div", attributes, this.$slots.default());
  },
};
