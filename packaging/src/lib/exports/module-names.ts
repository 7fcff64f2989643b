/** A name that a module takes from another one, or "*" for all of them. */
export interface Taken {
  /** The specifier, such as "@slipstream/otlp/decode". */
  readonly from: string;
  readonly name: string;
}

export interface Exported {
  readonly name: string;
  readonly isType: boolean;
}

const list = /\{([^{}]*)\}/;
const statement = /^\s*(?:import|export)\s+(?:type\s+)?([^;"'`]*?)\s*from\s*"([^"]+)"/gms;
const dynamic =
  /(?:const|let)\s*(\{[^{}]*\}|\w+)\s*(?::[^=]+)?=\s*(?:await\s+)?import\(\s*"([^"]+)"|import\(\s*"([^"]+)"\s*\)(?:\.(\w+))?/g;

const several = /const \[([^\]]*)\] = await Promise\.all\(\[([^\]]*)\]\)/g;

/** What a module imports or passes on, from every other module. */
export function takenNames(text: string): readonly Taken[] {
  const source = text.replace(several, oneByOne);
  const statements = [...source.matchAll(statement)].flatMap(([, names = "", from = ""]) =>
    taken(names, from),
  );
  const dynamics = [...source.matchAll(dynamic)].flatMap(([, names, from, typed, name]) =>
    from === undefined ? [{ from: typed ?? "", name: name ?? "*" }] : taken(names ?? "*", from),
  );
  return [...statements, ...dynamics];
}

/** What an index exports: it consists of `export { a, type B, c as d } from "./x.ts"`. */
export function exportedNames(index: string): readonly Exported[] {
  return [...index.matchAll(/^export (type )?\{([^{}]*)\}/gms)].flatMap(([, type, names = ""]) =>
    items(names).map((item) => ({
      name:
        plain(item)
          .split(/\s+as\s+/)
          .at(-1) ?? item,
      isType: type !== undefined || item !== plain(item),
    })),
  );
}

/** `const [{ a }, { b }] = await Promise.all([import("x"), import("y")])` as one import after the other. */
function oneByOne(_: string, names: string, imports: string): string {
  const taken = [...names.matchAll(/\{[^{}]*\}|[\w$]+/g)];
  return [...imports.matchAll(/import\("[^"]+"\)/g)]
    .map(([imported], index) => `const ${taken[index]?.[0] ?? "all"} = await ${imported};`)
    .join("\n");
}

function taken(names: string, from: string): readonly Taken[] {
  const inside = list.exec(names)?.[1];
  if (inside === undefined) return [{ from, name: "*" }];
  return items(inside).map((item) => ({ from, name: plain(item).split(/\s+as\s+|\s*:\s*/)[0] ?? item }));
}

function plain(item: string): string {
  return item.replace(/^type\s+/, "");
}

function items(names: string): readonly string[] {
  return names
    .replace(/\/\/.*$/gm, "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
