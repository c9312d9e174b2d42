// Come back to by the history, a form is the one that was sent, so it keeps the name of its sending:
// the browser restores what was typed, but not what is hidden. Opened anew, it is a new one.
const field = document.querySelector("input[name=once]");
const [way] = performance.getEntriesByType("navigation");
if (field && way.type === "back_forward" && history.state?.once) {
  field.value = history.state.once;
} else if (field) {
  history.replaceState({ ...history.state, once: field.value }, "");
}
