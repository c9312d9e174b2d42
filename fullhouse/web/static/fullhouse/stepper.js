// Numbers to type or to step, in the reader's digits. Without a script the field is a plain one.
const persian = document.documentElement.lang.startsWith("fa");
const FOREIGN = /[\u0660-\u0669\u06f0-\u06f9]/g;
const latin = (text) => text.replace(FOREIGN, (digit) => String(digit.charCodeAt(0) & 15));
const written = (number) => persian
  ? String(number).replace(/\d/g, (digit) => String.fromCharCode(0x06f0 + Number(digit)))
  : String(number);

class Stepper {
  constructor(root) {
    this.input = root.querySelector("input");
    this.buttons = [...root.querySelectorAll("[data-step]")];
    this.least = Number(this.input.dataset.min);
    this.most = Number(this.input.dataset.max);
    this.input.setAttribute("role", "spinbutton");
    this.input.setAttribute("aria-valuemin", this.least);
    this.input.setAttribute("aria-valuemax", this.most);
    this.input.addEventListener("input", () => this.show());
    this.input.addEventListener("change", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    for (const button of this.buttons) {
      button.hidden = false;
      button.addEventListener("click", () => this.set(this.number + Number(button.dataset.step)));
    }
    this.typed();
  }

  // NaN for what is no number; nothing typed is the least.
  get number() {
    const text = latin(this.input.value).trim();
    return /^\d*$/.test(text) ? Number(text || this.least) : NaN;
  }

  set(number) {
    if (Number.isNaN(number)) return;
    this.input.value = written(Math.max(this.least, Math.min(this.most, number)));
    this.show();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  typed() {
    const { number, input } = this;
    if (input.value && !Number.isNaN(number)) input.value = written(number);
    this.show();
  }

  key(event) {
    const step = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.set(this.number + step);
  }

  show() {
    const { number, input, least, most } = this;
    const right = !input.value || (number >= least && number <= most);
    input.setAttribute("aria-valuenow", Number.isNaN(number) ? least : number);
    input.setAttribute("aria-valuetext", input.value || written(least));
    input.setCustomValidity(right ? "" : input.dataset.problem);
    const [fewer, more] = this.buttons;
    fewer.disabled = number <= least;
    more.disabled = number >= most;
  }
}

for (const root of document.querySelectorAll("[data-stepper]")) new Stepper(root);
