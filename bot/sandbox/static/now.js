// Tells the parts of the page what the training clock shows and what the clauses say; it draws nothing itself.
import { room } from "/assets/shared.js";

export default {
  props: { moment: String, clauses: Object, protocol: String },
  created() {
    this.$watch(
      () => [this.moment, this.clauses, this.protocol],
      () => Object.assign(room, { now: this.moment, clauses: this.clauses || {}, protocol: this.protocol }),
      { immediate: true },
    );
  },
  render: () => null,
};
