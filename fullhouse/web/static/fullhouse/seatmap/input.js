// Hands on the map: drag, wheel, pinch, tap, and the keys that do the same.

const CLICK_PIXELS = 6;
const KEY_PIXELS = 70;
const STEPS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
// A turn of the wheel that began on the page goes on scrolling it, also over the map.
const SAME_TURN_MS = 250;
// Of one notch, whatever the mouse calls a notch.
const MOST_WHEEL = 240;

export function listen(canvas, view, actions) {
  const pointers = new Map();
  let travelled = 0;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const middle = () => {
    const [one, other] = [...pointers.values()];
    const apart = Math.hypot(one.x - other.x, one.y - other.y);
    return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, apart };
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
    travelled = pointers.size > 1 ? Infinity : 0;
  });

  canvas.addEventListener("pointermove", (event) => {
    const now = at(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      actions.hover(now);
      return;
    }
    const held = pointers.size === 2 ? middle() : null;
    pointers.set(event.pointerId, now);
    if (held) pinch(view, held, middle());
    if (pointers.size > 1) return;
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    if (travelled <= CLICK_PIXELS) return;
    actions.hover(null);
    view.pan(now.x - before.x, now.y - before.y);
  });

  const lift = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    const tapped = !pointers.size && travelled <= CLICK_PIXELS && event.type === "pointerup";
    if (tapped) actions.tap(at(event), event.pointerType !== "mouse", event.timeStamp);
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") actions.hover(null);
  });

  // One finger may scroll the page while all of the house is in sight; two are always the map's.
  const keep = (event) => {
    if (event.touches.length > 1 && event.cancelable) event.preventDefault();
  };
  canvas.addEventListener("touchstart", keep, { passive: false });
  canvas.addEventListener("touchmove", keep, { passive: false });

  listenWheel(canvas, view, at);
  listenKeys(canvas, view);
}

// Where the fingers were stays under them; how they turn means nothing.
function pinch(view, before, now) {
  view.pan(now.x - before.x, now.y - before.y);
  view.zoomAt(now.x, now.y, now.apart / before.apart || 1);
}

function listenWheel(canvas, view, at) {
  let scrolled = -Infinity;
  document.addEventListener("wheel", (event) => {
    if (!event.defaultPrevented) scrolled = event.timeStamp;
  }, { passive: true });
  canvas.addEventListener("wheel", (event) => {
    // All of it is in sight: the wheel scrolls the page on.
    const outward = view.atWhole && event.deltaY > 0;
    const goesOn = event.timeStamp - scrolled < SAME_TURN_MS;
    if (!event.ctrlKey && (outward || goesOn)) return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    const turned = Math.max(-MOST_WHEEL, Math.min(MOST_WHEEL, event.deltaY * lines));
    const { x, y } = at(event);
    view.zoomAt(x, y, Math.exp(-turned * (event.ctrlKey ? 0.01 : 0.0022)));
  }, { passive: false });
}

function listenKeys(canvas, view) {
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step) view.pan(step[0] * KEY_PIXELS, step[1] * KEY_PIXELS);
    else if (event.key === "+" || event.key === "=") zoom(view, 1.5);
    else if (event.key === "-") zoom(view, 1 / 1.5);
    else if (event.key === "0") view.showAll();
    else return;
    event.preventDefault();
  });
}

export function zoom(view, factor) {
  view.glideTo(Math.max(view.smallest, view.scale * factor), view.x, view.y);
}
