/** What a request line asks for. */
export interface Target {
  /** Host and port of the absolute form, as a client sends it to a proxy; undefined in the usual form. */
  readonly authority: string | undefined;
  /** As it was sent: not decoded, no dots resolved. */
  readonly path: string;
  /** What follows the question mark, without it. */
  readonly query: string;
}

/** Takes a request's URL apart. Never throws: a malformed path is one that no route has. */
export function parseTarget(url: string): Target {
  const absolute = /^https?:\/\/([^/?#]*)/i.exec(url);
  const rest = absolute === null ? url : url.slice(absolute[0].length);
  const fragment = rest.indexOf("#");
  const sent = fragment === -1 ? rest : rest.slice(0, fragment);
  const mark = sent.indexOf("?");
  return {
    authority: absolute?.[1],
    path: (mark === -1 ? sent : sent.slice(0, mark)) || "/",
    query: mark === -1 ? "" : sent.slice(mark + 1),
  };
}
