// Keeps the house in step with the server: told of changes where it tells, asked for them else.

const ASK_MS = 3000;
// Where changes are told: asked for all the same, in case that a word was lost.
const ASK_SELDOM_MS = 30000;
const AGAIN_MS = 60000;
const TOGETHER_MS = 120;

export class Live {
  constructor(api, stream, house, moved) {
    Object.assign(this, { api, stream, house, moved });
    this.paused = false;
    this.told = false;
    document.addEventListener("visibilitychange", () => this.wake());
    addEventListener("pagehide", () => this.hush());
  }

  start() {
    this.listen();
    this.plan();
  }

  // Only while somebody looks: a browser keeps few connections, and the house few streams.
  listen() {
    if (!this.stream || this.source || document.hidden) return;
    const source = new EventSource(this.stream);
    this.source = source;
    source.addEventListener("open", () => {
      this.told = true;
      // What changed between the last answer and now.
      this.soon();
    });
    source.addEventListener("change", () => this.soon());
    source.addEventListener("error", () => {
      this.told = false;
      this.plan();
      // Refused, not interrupted: the house tells as many at once as it can. Asked again later.
      if (source.readyState !== EventSource.CLOSED) return;
      this.source = null;
      setTimeout(() => this.listen(), AGAIN_MS);
    });
  }

  hush() {
    this.source?.close();
    this.source = null;
    this.told = false;
  }

  // Several changes at once are asked for once.
  soon() {
    if (this.waiting) return;
    this.waiting = setTimeout(() => {
      this.waiting = null;
      this.ask();
    }, TOGETHER_MS);
  }

  plan() {
    clearTimeout(this.next);
    this.next = setTimeout(() => this.ask(), this.told ? ASK_SELDOM_MS : ASK_MS);
  }

  wake() {
    if (document.hidden) {
      this.hush();
    } else {
      this.listen();
      this.ask();
    }
  }

  async ask() {
    if (!document.hidden && !this.paused) {
      try {
        const answer = await fetch(`${this.api}/seats?since=${this.house.version}`);
        if (answer.ok) this.take(await answer.json());
      } catch {
        // No answer: asked again at the next turn.
      }
    }
    this.plan();
  }

  take(told) {
    if (told.plan_version !== this.house.plan.version) this.moved();
    else if (told.version !== this.house.version && !this.paused) this.house.take(told);
  }
}
