/** What a placeholder stands for; undefined if it is not known. */
export type Placeholder = (name: string) => string | undefined;

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** A text with its placeholders filled. What is not known reads "unknown". */
export function filled(template: string, placeholder: Placeholder): string {
  return template.replaceAll(PLACEHOLDER, (_, name: string) => placeholder(name) ?? "unknown");
}

/** The same; undefined if something is not known. */
export function filledIfKnown(template: string, placeholder: Placeholder): string | undefined {
  for (const [, name = ""] of template.matchAll(PLACEHOLDER)) {
    if (placeholder(name) === undefined) return undefined;
  }
  return filled(template, placeholder);
}
