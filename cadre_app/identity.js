/** Names that this phone makes itself: the same record sent twice has the same one. */

import { readPlain, writePlain } from "./keeping/database.js";

/** A random UUID; browsers before 2021 have no randomUUID. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** This phone's own name, made once; a wiped phone is a new one. */
export async function device() {
  let known = await readPlain("device");
  if (!known) {
    known = newId();
    await writePlain("device", known);
  }
  return known;
}
