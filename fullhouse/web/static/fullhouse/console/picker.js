// Seats pressed on their rows are written into the field above them, and the other way round. The
// rows are one stop of the Tab key; arrows go from seat to seat.
const APART = /[,،;\n]+/;

function written(field) {
  return field.value.split(APART).map((label) => label.trim()).filter(Boolean);
}

function show(field) {
  const chosen = new Set(written(field));
  for (const seat of document.querySelectorAll("[data-seat]")) {
    seat.setAttribute("aria-pressed", String(chosen.has(seat.dataset.seat)));
  }
}

function press(field, seat) {
  if (seat.hasAttribute("aria-disabled")) return;
  const label = seat.dataset.seat;
  const before = written(field);
  const after = before.includes(label) ? before.filter((each) => each !== label) : [...before, label];
  field.value = after.join(", ");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function neighbour(seat, key) {
  const row = seat.parentElement;
  if (key === "ArrowLeft") return seat.previousElementSibling;
  if (key === "ArrowRight") return seat.nextElementSibling;
  const other = key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
  const place = [...row.children].indexOf(seat);
  return other?.children[Math.min(place, other.children.length - 1)];
}

function go(event) {
  const next = neighbour(event.target, event.key);
  if (!next?.dataset.seat) return;
  event.preventDefault();
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

export function startPicker() {
  const field = document.querySelector("input[name=seats]");
  if (!field) return;
  document.addEventListener("click", (event) => {
    if (event.target.dataset?.seat) press(field, event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.dataset?.seat && event.key.startsWith("Arrow")) go(event);
  });
  field.addEventListener("input", () => show(field));
  document.body.addEventListener("htmx:afterSwap", () => show(field));
}
