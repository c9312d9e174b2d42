// Texts, numbers and prices as the reader's language writes them.

export class Words {
  constructor(texts) {
    this.texts = texts;
    this.persian = texts.locale.startsWith("fa");
    this.numbers = new Intl.NumberFormat(texts.locale);
  }

  say(name, facts = {}) {
    return this.texts[name].replace(/\{(\w+)\}/g, (_, key) => facts[key] ?? "");
  }

  number(value) {
    return this.numbers.format(value);
  }

  // Only the digits of a label change: a row may be called 12A.
  digits(text) {
    if (!this.persian) return text;
    return text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x06f0 + Number(digit)));
  }

  money(amount, currency) {
    let value = Number(amount);
    let unit = currency;
    if (currency === "IRR" && this.texts.toman) {
      value /= 10;
      unit = "IRT";
    }
    const whole = Number.isInteger(value);
    const decimals = { minimumFractionDigits: whole ? 0 : 2, maximumFractionDigits: 2 };
    const text = new Intl.NumberFormat(this.texts.locale, decimals).format(value);
    return `${text} ${this.texts.units[unit] ?? unit}`;
  }

  list(parts) {
    return parts.join(this.texts.comma);
  }
}
