/** What a placeholder stands for; undefined if it is not known. */
export type Placeholder = (name: string) => string | undefined;

const PLACEHOLDER = /\{([^{}]*)\}/;

/** Names of the placeholders in a text, in their order. */
export function placeholdersIn(template: string): readonly string[] {
  return template.split(PLACEHOLDER).filter(isName);
}

/**
 * A text with its placeholders filled. What is not known reads "unknown".
 * @param escaped what becomes of the text around them
 */
export function filled(
  template: string,
  placeholder: Placeholder,
  escaped: (text: string) => string = (text) => text,
): string {
  return template
    .split(PLACEHOLDER)
    .map((part, index) => (isName(part, index) ? (placeholder(part) ?? "unknown") : escaped(part)))
    .join("");
}

/** The same; undefined if something is not known. */
export function filledIfKnown(
  template: string,
  placeholder: Placeholder,
  escaped?: (text: string) => string,
): string | undefined {
  const isKnown = placeholdersIn(template).every((name) => placeholder(name) !== undefined);
  return isKnown ? filled(template, placeholder, escaped) : undefined;
}

/** What a text is split into is in turn a text and the name of the placeholder behind it. */
function isName(_part: string, index: number): boolean {
  return index % 2 === 1;
}
