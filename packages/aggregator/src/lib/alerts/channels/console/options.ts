/** The console has no settings but those that all channels have. */
export const consoleFields = {} as const;
