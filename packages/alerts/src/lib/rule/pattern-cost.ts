/** Longest value of a label that is expected: names are cut at 256 characters. */
const LONGEST_VALUE = 257;

/**
 * In how many ways a regular expression can be laid over a value before it is known not to match: each repetition by every length,
 * each alternative by itself. Infinity if something is repeated that can itself be laid in several ways, which takes exponential
 * time. An upper bound; classes of characters cost nothing.
 *
 * @param pattern a valid expression without references and lookarounds
 */
export function patternCost(pattern: string): number {
  // What is escaped or in brackets is one character, and property escapes hold braces.
  const plain = pattern.replaceAll(/\\[pPu]\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]/gsu, "x");
  return new Costs(plain).alternatives();
}

class Costs {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to the end of the group, or of the whole. */
  alternatives(): number {
    let all = this.#sequence();
    while (this.#take(/\|/y) !== undefined) all += this.#sequence();
    return all;
  }

  #sequence(): number {
    let cost = 1;
    while (this.#at < this.#text.length && !/[|)]/.test(this.#text[this.#at] ?? "")) cost *= this.#repeated();
    return cost;
  }

  #repeated(): number {
    const one = this.#atom();
    const quantifier = this.#take(/(?:[*+?]|\{\d+(?:,\d*)?\})\??/y);
    if (quantifier === undefined) return one;
    const lengths = lengthsOf(quantifier);
    return one > 1 ? (quantifier.startsWith("?") ? one + 1 : Number.POSITIVE_INFINITY) : lengths;
  }

  #atom(): number {
    if (this.#take(/\((?:\?(?:[a-z-]*:|<[^>]*>))?/y) === undefined) {
      this.#take(/./suy);
      return 1;
    }
    const cost = this.alternatives();
    this.#take(/\)/y);
    return cost;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [text] = pattern.exec(this.#text) ?? [];
    this.#at += text?.length ?? 0;
    return text;
  }
}

/** How many lengths a repetition can have. */
function lengthsOf(quantifier: string): number {
  if (quantifier.startsWith("?")) return 2;
  const [, from, comma, to] = /^\{(\d+)(,?)(\d*)\}/.exec(quantifier) ?? [];
  if (from === undefined) return LONGEST_VALUE + 1;
  if (comma === "") return 1;
  return to === "" ? LONGEST_VALUE + 1 : Math.min(LONGEST_VALUE, Number(to) - Number(from)) + 1;
}
