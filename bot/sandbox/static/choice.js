// One of a list, told as soon as it is chosen.
import { h } from "vue";

export default {
  props: { options: Array, chosen: String, named: String },
  emits: ["chose"],
  methods: {
    tell(event) {
      this.$emit("chose", event.target.value);
    },
  },
  render() {
    const option = ([value, label]) => h("option", { value, selected: value === this.chosen }, label);
    return h("select", { "aria-label": this.named, value: this.chosen, onChange: this.tell }, this.options.map(option));
  },
};
