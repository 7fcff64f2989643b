/** 0: done; 1: something failed or is bad; 2: wrong usage or configuration. */
export const exitCode = { done: 0, bad: 1, usage: 2 } as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
