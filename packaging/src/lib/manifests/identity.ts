/** What all packages have in common. It stands in the root `package.json` and nowhere else. */
export interface Identity {
  /** npm scope of the packages, such as "@slipstream". */
  readonly scope: string;
  /** Address of the repository's page, such as "https://github.com/OWNER/NAME". */
  readonly repository: string;
  readonly version: string;
  readonly license: string;
  readonly author: string;
}

/** @throws Error if the root's `package.json` lacks a part; it names the part. */
export function identityOf(root: Readonly<Record<string, unknown>>): Identity {
  const { slipstream, repository } = root;
  return {
    scope: text(field(slipstream, "scope"), "slipstream.scope", /^@[a-z0-9][a-z0-9-]*$/),
    repository: text(repository, "repository", /^https:\/\/[^ ]+[^/]$/),
    version: text(root.version, "version", /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/),
    license: text(root.license, "license", /./),
    author: text(root.author, "author", /./),
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function text(value: unknown, name: string, form: RegExp): string {
  if (typeof value === "string" && form.test(value)) return value;
  throw new Error(`package.json: ${name} is ${JSON.stringify(value)}; expected ${form}`);
}
