// Keeps the address of the page in step with what it shows, so that reloading it shows the same.
export default {
  props: { path: String, leave: String },
  watch: {
    path(now) {
      history.replaceState(history.state, "", now);
    },
    leave(to) {
      if (to) location.assign(to);
    },
  },
  render: () => null,
};
