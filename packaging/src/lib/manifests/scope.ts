/** `text` with the packages' scope changed from `from` to `to`. Only the packages named in `folders` are meant. */
export function renamed(text: string, folders: readonly string[], from: string, to: string): string {
  const names = folders.join("|");
  return text.replace(new RegExp(`${from}/(?=(?:${names})(?![\\w-]))`, "g"), `${to}/`);
}
