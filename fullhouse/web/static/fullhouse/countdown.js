// How long a hold still lasts. The server's clock counts: it told the seconds left, not a time.

// Looked away from so long, another tab may have ended it, or the machine may have slept.
const AWAY_MS = 15000;

const box = document.querySelector("[data-countdown]");

if (box) {
  const words = JSON.parse(document.getElementById(box.dataset.words).textContent);
  const given = Number(box.dataset.countdown);
  const whole = Math.max(given, Number(box.dataset.whole));
  const ends = performance.now() + given * 1000;
  const shown = box.querySelector("[data-left]");
  const ring = box.querySelector("circle.left");
  const say = document.querySelector("[data-say]");
  const digits = new Intl.NumberFormat(words.locale, { useGrouping: false });
  const padded = new Intl.NumberFormat(words.locale, { minimumIntegerDigits: 2 });
  // Told to those who do not see the clock: often enough to act, too seldom to disturb.
  const told = new Set();
  const MOMENTS = [300, 120, 60, 30];

  const announce = (seconds) => {
    const due = MOMENTS.find((moment) => seconds <= moment && seconds > moment - 5);
    if (due === undefined || told.has(due)) return;
    told.add(due);
    say.textContent = due >= 60
      ? words.left.replace("{n}", digits.format(due / 60))
      : words.leftSeconds.replace("{n}", digits.format(due));
  };

  const tick = () => {
    const seconds = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
    shown.textContent = `${digits.format(Math.floor(seconds / 60))}:${padded.format(seconds % 60)}`;
    ring.setAttribute("stroke-dashoffset", whole ? 100 - (100 * seconds) / whole : 100);
    box.classList.toggle("soon", seconds <= 60);
    announce(seconds);
    if (seconds > 0) return;
    clearInterval(timer);
    say.textContent = words.over;
    // The page tells what became of it; a moment later, so that the server's clock is past it too.
    setTimeout(() => location.reload(), 1000);
  };

  let left = Infinity;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) left = Date.now();
    else if (Date.now() - left > AWAY_MS) location.reload();
  });

  shown.hidden = false;
  const timer = setInterval(tick, 500);
  tick();
}
