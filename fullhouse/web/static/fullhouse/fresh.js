// A page that comes back from the browser's memory may be hours old: shown anew.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
