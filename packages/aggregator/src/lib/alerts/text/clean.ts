/** Controls and line ends, of which a value could make lines of its own or commands for a terminal. */
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
const LONE_SURROGATES = /\p{Surrogate}/gu;
/** Signs that turn the direction of what follows, so that it reads as something else. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text as one line that shows what it holds, well-formed: a lone surrogate becomes U+FFFD. */
export function cleanLine(text: string): string {
  return text
    .replaceAll(LONE_SURROGATES, "\ufffd")
    .replaceAll(CONTROLS, " ")
    .replaceAll(DIRECTIONS, "")
    .trim();
}

/** With a zero-width space after each `@`, so that no name in it is a mention. */
export function withoutMentions(text: string): string {
  return text.replaceAll("@", "@\u200b");
}
