// One heartbeat for all parts of a page: htmx parts listen to the event `live` on the body.
// It beats every five seconds, but not while the page is hidden or the reader has paused it. A beat
// costs the server two looks at indexes when nothing has moved (204, and the page stays as it is);
// streams are left to the buyers.
const EVERY = 5000;
const KEPT = "fullhouse-live";

let paused = sessionStorage.getItem(KEPT) === "off";

function beat() {
  if (paused || document.hidden) return;
  document.body.dispatchEvent(new CustomEvent("live"));
}

function show(button) {
  button.hidden = false;
  button.setAttribute("aria-pressed", String(!paused));
}

export function startLive() {
  const button = document.querySelector("[data-live]");
  if (!button) return;
  show(button);
  button.addEventListener("click", () => {
    paused = !paused;
    sessionStorage.setItem(KEPT, paused ? "off" : "on");
    show(button);
    beat();
  });
  setInterval(beat, EVERY);
  document.addEventListener("visibilitychange", beat);
  // A part is asked for when its row is opened first, not before.
  for (const row of document.querySelectorAll("details[data-once]")) {
    row.addEventListener("toggle", () => {
      const part = row.open && row.querySelector("[hx-trigger='open once']");
      if (part) part.dispatchEvent(new CustomEvent("open"));
    });
  }
}
