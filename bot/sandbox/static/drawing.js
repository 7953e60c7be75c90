// A drawing that the server made: an SVG whose every text was escaped there.
import { h } from "vue";

export default {
  props: { svg: String },
  render() {
    return h("div", { class: "drawing", tabindex: 0, role: "region", "aria-label": "Drawing of the timeline; the table below says the same", innerHTML: this.svg });
  },
};
