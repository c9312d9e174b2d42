// Turns the end of a hold into the time that is left; without scripts the end itself is read.
const LOCALE = document.documentElement.lang === "fa" ? "fa-IR" : "en";
const two = new Intl.NumberFormat(LOCALE, { minimumIntegerDigits: 2, useGrouping: false });
const one = new Intl.NumberFormat(LOCALE, { useGrouping: false });

function left(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts = [hours ? two.format(minutes) : one.format(minutes), two.format(seconds % 60)];
  return (hours ? [one.format(hours), ...parts] : parts).join(":");
}

function tick() {
  for (const time of document.querySelectorAll("time[data-until]")) {
    const seconds = Math.floor((Date.parse(time.dateTime) - Date.now()) / 1000);
    if (!time.title) time.title = time.textContent;
    time.classList.toggle("near", seconds < 120);
    time.textContent = left(Math.max(seconds, 0));
    if (seconds < 0 && !time.dataset.over) {
      time.dataset.over = "yes";
      document.body.dispatchEvent(new CustomEvent("live"));
    }
  }
}

export function startCountdowns() {
  tick();
  setInterval(tick, 1000);
}
