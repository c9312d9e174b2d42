// Somebody else has what was chosen: says so at once, and offers the nearest that is free.

export class Offer {
  constructor(box, house, names, words, actions) {
    Object.assign(this, { box, house, names, words, actions });
  }

  // Returns what is told, for those who hear it.
  show(lost) {
    const { words, house } = this;
    const instead = house.nearest(lost);
    const names = (list) => words.list(list.map((seat) => this.names.short(seat)));
    const told = words.say(lost.length > 1 ? "lostMany" : "lost", { seats: names(lost) });
    const way = words.say(instead.length ? "nearest" : "nothingNear", { seats: names(instead) });
    const text = document.createElement("span");
    text.textContent = instead.length ? told : `${told} ${way}`;
    this.box.replaceChildren(text);
    if (instead.length) this.button(way, "", () => this.actions.take(instead));
    this.button(words.say("close"), "quiet", this.actions.closed);
    this.box.hidden = false;
    return `${told} ${way}`;
  }

  hide() {
    this.box.hidden = true;
  }

  button(text, className, pressed) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: text, className });
    button.addEventListener("click", () => {
      this.hide();
      pressed();
    });
    this.box.append(button);
  }
}
