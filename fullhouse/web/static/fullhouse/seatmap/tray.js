// What was chosen: each seat with its price, the sum, and the way to hold them.

export class Tray {
  constructor(root, house, names, words, kinds, actions) {
    Object.assign(this, { root, house, names, words, kinds, actions, plan: house.plan });
    this.form = root.querySelector("form");
    this.rows = root.querySelector(".chosen");
    this.error = root.querySelector(".error");
    this.kind = new Map();
    this.more = root.querySelector(".tray-more");
    this.more.addEventListener("click", () => this.unfold(!this.unfolded));
    root.hidden = false;
    this.asked = new Set();
    // What others do must not take a list away under the hand that chooses from it.
    house.addEventListener("change", () => {
      if (this.drawn !== [...house.chosen].join()) this.show();
    });
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.show();
  }

  show() {
    const chosen = [...this.house.chosen].sort((one, other) => one - other);
    this.drawn = [...this.house.chosen].join();
    this.rows.replaceChildren(...chosen.map((seat) => this.row(seat)));
    // Such places are kept for who needs them: the question is asked with the first of them.
    this.root.querySelector(".access").hidden = !chosen.some((seat) => this.plan.flags[seat] & 3);
    this.root.querySelector("[data-empty]").hidden = chosen.length > 0;
    for (const part of this.root.querySelectorAll(".when-chosen")) part.hidden = !chosen.length;
    this.showSum(chosen);
    this.root.classList.toggle("filled", chosen.length > 0);
    this.askOnce();
  }

  showSum(chosen) {
    const { root, words } = this;
    const one = chosen.length === 1;
    const n = words.number(chosen.length);
    const sum = this.sum(chosen);
    root.querySelector("output").textContent = sum;
    this.more.textContent = `${one ? words.say("oneSeat") : words.say("seats", { n })} · ${sum}`;
    const hold = root.querySelector("[data-hold]");
    hold.textContent = one ? words.say("holdOne") : words.say("hold", { n });
  }

  // Where the list folds away (a narrow window) it is shown for what is to be answered in it.
  askOnce() {
    const found = [...this.root.querySelectorAll(".tray-list select, .tray-list input")];
    const asks = found.filter((each) => each.type !== "hidden" && !each.closest("[hidden]"));
    const kinds = new Set(asks.map((each) => each.name.split("-")[0]));
    if ([...kinds].some((kind) => !this.asked.has(kind))) this.unfold(true);
    if (!this.house.chosen.size) this.unfold(false);
    this.asked = kinds;
  }

  unfold(open) {
    this.unfolded = open;
    this.root.classList.toggle("unfolded", open);
    this.more.setAttribute("aria-expanded", String(open));
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
    for (const kind of section.types) {
      const price = this.words.money(this.priced(offer, section, kind.id), offer.currency);
      picker.append(new Option(`${this.words.isolated(kind.name)} · ${price}`, kind.id));
    }
    picker.value = this.kind.get(seat) ?? section.types[0].id;
    this.kind.set(seat, picker.value);
    picker.addEventListener("change", () => {
      this.kind.set(seat, picker.value);
      this.show();
      this.rows.querySelector(`[name="${picker.name}"]`)?.focus();
    });
    return picker;
  }

  costs(seat) {
    const offer = this.house.offer(seat);
    const section = this.kinds[offer.section];
    if (offer.ticket_type || !section) return offer.price;
    return this.priced(offer, section, this.kind.get(seat) ?? section.types[0]?.id);
  }

  // A seat with a price of its own keeps it whatever it is sold as.
  priced(offer, section, kind) {
    if (Number(offer.price) !== Number(section.pool)) return offer.price;
    return section.types.find((each) => each.id === kind)?.price ?? offer.price;
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
      if (!answer.headers.get("content-type")?.includes("json")) {
        // A page that a person must read: sent once more as a form, which is held only once.
        this.form.submit();
        return;
      }
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
