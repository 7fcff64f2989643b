/** Calls `quit` when q or Ctrl-C is typed. @returns how to stop listening */
export function onQuitKey(input: NodeJS.ReadStream, quit: () => void): () => void {
  if (!input.isTTY) return () => undefined;
  const typed = (bytes: Buffer): void => {
    // In raw mode Ctrl-C comes as a byte and not as a signal.
    if (bytes.includes("q") || bytes.includes("Q") || bytes.includes(0x03)) quit();
  };
  const restore = (): void => {
    input.setRawMode(false);
  };
  input.setRawMode(true);
  input.on("data", typed).resume();
  process.once("exit", restore);
  return () => {
    process.off("exit", restore);
    input.off("data", typed).pause();
    restore();
  };
}
