// What was chosen: each seat with its price, the sum, and the way to hold them.

export class Tray {
  constructor(root, house, names, words, kinds, actions) {
    Object.assign(this, { root, house, names, words, kinds, actions, plan: house.plan });
    this.form = root.querySelector("form");
    this.rows = root.querySelector(".chosen");
    this.error = root.querySelector(".error");
    this.kind = new Map();
    root.hidden = false;
    house.addEventListener("change", () => this.show());
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.show();
  }

  show() {
    const chosen = [...this.house.chosen].sort((one, other) => one - other);
    this.rows.replaceChildren(...chosen.map((seat) => this.row(seat)));
    // Such places are kept for who needs them: the question is asked with the first of them.
    this.root.querySelector(".access").hidden = !chosen.some((seat) => this.plan.flags[seat] & 3);
    this.root.querySelector("[data-empty]").hidden = chosen.length > 0;
    this.root.querySelector(".when-chosen").hidden = chosen.length === 0;
    this.root.querySelector("output").textContent = this.sum(chosen);
    const button = this.root.querySelector("[data-hold]");
    button.textContent = chosen.length === 1
      ? this.words.say("holdOne")
      : this.words.say("hold", { n: this.words.number(chosen.length) });
    this.root.classList.toggle("filled", chosen.length > 0);
  }

  row(seat) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = this.names.long(seat);
    const price = document.createElement("span");
    price.className = "amount";
    price.textContent = this.words.money(this.costs(seat), this.house.offer(seat).currency);
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "seat", value: this.plan.ids[seat] });
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button", className: "remove", textContent: "×" });
    remove.setAttribute("aria-label", this.words.say("remove", { seat: this.names.short(seat) }));
    remove.addEventListener("click", () => {
      const following = item.nextElementSibling ?? item.previousElementSibling;
      const index = [...this.rows.children].indexOf(following) - (item.nextElementSibling ? 1 : 0);
      this.actions.choose(seat);
      this.rows.children[index]?.querySelector(".remove").focus();
    });
    item.append(input, name, price, remove);
    const picker = this.picker(seat);
    if (picker) item.append(picker);
    return item;
  }

  // Which ticket types a seat of the pool may be sold as; null where there is nothing to choose.
  picker(seat) {
    const offer = this.house.offer(seat);
    const section = this.kinds[offer.section];
    if (offer.ticket_type || !section || !section.types.length) return null;
    const name = `type-${this.plan.ids[seat]}`;
    if (section.types.length === 1) {
      const only = document.createElement("input");
      return Object.assign(only, { type: "hidden", name, value: section.types[0].id });
    }
    const picker = document.createElement("select");
    picker.name = name;
    picker.setAttribute("aria-label", this.words.say("asType", { seat: this.names.short(seat) }));
    for (const kind of section.types) picker.append(new Option(kind.name, kind.id));
    picker.value = this.kind.get(seat) ?? section.types[0].id;
    this.kind.set(seat, picker.value);
    picker.addEventListener("change", () => {
      this.kind.set(seat, picker.value);
      this.show();
      this.rows.querySelector(`[name="${picker.name}"]`)?.focus();
    });
    return picker;
  }

  // A seat with a price of its own keeps it whatever it is sold as.
  costs(seat) {
    const offer = this.house.offer(seat);
    const section = this.kinds[offer.section];
    if (offer.ticket_type || !section) return offer.price;
    if (Number(offer.price) !== Number(section.pool)) return offer.price;
    const chosen = this.kind.get(seat) ?? section.types[0]?.id;
    return section.types.find((kind) => kind.id === chosen)?.price ?? offer.price;
  }

  // Tickets of several places are paid once for so many seats.
  sum(chosen) {
    const sums = new Map();
    for (const seat of chosen) {
      const { currency, places_per_ticket: places } = this.house.offer(seat);
      sums.set(currency, (sums.get(currency) ?? 0) + Number(this.costs(seat)) / places);
    }
    return [...sums].map(([currency, amount]) => this.words.money(amount, currency)).join(" + ");
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy || !this.house.chosen.size) return;
    this.setBusy(true);
    this.fail("");
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json" },
      });
      const told = await answer.json();
      if (told.to) {
        location.assign(told.to);
        return;
      }
      this.fail(told.message);
      await this.actions.refused(told);
    } catch {
      this.fail(this.words.say("failed"));
    }
    this.setBusy(false);
  }

  setBusy(busy) {
    this.busy = busy;
    this.actions.busy(busy);
    this.root.querySelector("[data-hold]").disabled = busy;
  }

  fail(message) {
    this.error.textContent = message;
    this.error.hidden = !message;
  }
}
