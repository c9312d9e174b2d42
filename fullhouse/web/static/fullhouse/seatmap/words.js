// Texts, numbers and prices as the reader's language writes them.

const LATIN = /[A-Za-z\u00c0-\u024f]/;
const ARABIC = /[\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff]/;

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

  // A name in another direction than the text around it keeps to itself (Unicode FSI and PDI).
  isolated(name) {
    const other = this.persian ? LATIN : ARABIC;
    return other.test(name) ? `\u2068${name}\u2069` : name;
  }

  list(parts) {
    return parts.join(this.texts.comma);
  }
}
