import { attacks } from "./lib/hostile/attacks.ts";

// The attacker's process: NAME PORT. It goes on until it is killed.
const [name, port] = process.argv.slice(2);
const attack = attacks.find((one) => one.name === name);
if (attack === undefined) throw new Error(`There is no attack ${name}.`);
attack.begin(Number(port));
setInterval(() => {}, 60_000);
