/** Stands for the desk that an aggregator is configured for, whatever its name. */
export const OWN_DESK = "";

/** Most characters of a desk's name. */
export const LONGEST_DESK = 100;

/** Invisible characters, such as a line feed; U+FFFD, which stands for what was no text; white space at either end. */
const ODD = /[\p{C}\p{Zl}\p{Zp}\ufffd]|^\s|\s$/u;

/** Whether `slipstream.desk` names a desk: 1 to 100 visible characters, without spaces around them. */
export function isDeskName(name: string): boolean {
  return name !== "" && name.length <= LONGEST_DESK && !ODD.test(name);
}

/** A number that differs between desks, by which their spans are told apart. 0 for the own desk. */
export function saltOf(desk: string): number {
  let salt = desk === OWN_DESK ? 0 : 0x811c9dc5;
  for (let i = 0; i < desk.length; i += 1) salt = Math.imul(salt ^ desk.charCodeAt(i), 0x01000193);
  return salt;
}
