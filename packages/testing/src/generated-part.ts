/**
 * A page of `docs/` with one of its parts made again: what is between two marks, which name what it is made from.
 * @param path of the page, for the error
 * @throws Error if a mark is missing
 */
export function withGeneratedPart(page: string, path: string, from: string, part: string): string {
  const start = `<!-- Made from the ${from} by \`npm run docs\`. -->`;
  const end = `<!-- End of the ${from}. -->`;
  const [before, after] = [page.indexOf(start), page.indexOf(end)];
  if (before === -1 || after < before) throw new Error(`${path} has no ${start} ... ${end}`);
  return `${page.slice(0, before + start.length)}\n${part}\n${page.slice(after)}`;
}
