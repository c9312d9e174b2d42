// Hands on the map: drag, wheel, pinch, tap, and the keys that do the same.

const CLICK_PIXELS = 6;
const KEY_PIXELS = 70;
const NEAR = 7;
const STEPS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export function listen(canvas, view, actions) {
  const pointers = new Map();
  let travelled = 0;
  let spread = 0;

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
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
    travelled = pointers.size > 1 ? Infinity : 0;
    if (pointers.size === 2) spread = middle().apart;
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
    if (held) {
      const moved = middle();
      view.zoomAt(moved.x, moved.y, moved.apart / spread || 1);
      view.pan(moved.x - held.x, moved.y - held.y);
      spread = moved.apart;
      return;
    }
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    if (travelled > CLICK_PIXELS) view.pan(now.x - before.x, now.y - before.y);
  });

  const lift = (event) => {
    const tapped = pointers.size === 1 && travelled <= CLICK_PIXELS && event.type === "pointerup";
    pointers.delete(event.pointerId);
    if (tapped) actions.tap(at(event), event.pointerType !== "mouse");
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerleave", () => actions.hover(null));

  canvas.addEventListener("wheel", (event) => {
    // All of it is in sight: the wheel scrolls the page on.
    if (view.atWhole && event.deltaY > 0) return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    const { x, y } = at(event);
    view.zoomAt(x, y, Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0022)));
  }, { passive: false });

  canvas.addEventListener("dblclick", (event) => {
    if (view.scale < NEAR) view.zoomAt(at(event).x, at(event).y, 2);
  });

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
