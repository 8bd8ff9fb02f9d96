/** The village's packet: what the server gave this phone to work with. Replaced as a whole or not at all. */

import * as clock from "../clock.js";
import { PLAIN, SEALED, read, readPlain, transact, wipeExpired, writePlain } from "./database.js";
import { seal, unseal } from "./vault.js";

/** The packet on the phone; null when there is none. */
export async function load() {
  const box = await read(SEALED, "packet");
  return box ? unseal(box) : null;
}

/** Puts a packet in the place of the one before; drafts and records are not touched. */
export async function keep(packet) {
  const box = await seal(packet);
  await transact([SEALED, PLAIN], "readwrite", (stores) => {
    stores[SEALED].put(box, "packet");
    stores[PLAIN].put(packet.expires_at, "expires_at");
  });
}

/** The server has heard of this phone: what it carries may stay until then. */
export async function prolong(until) {
  const known = await readPlain("expires_at");
  if (known && until && Date.parse(until) > Date.parse(known)) await writePlain("expires_at", until);
}

/** Empties what is past its day; can be asked while locked. True when it was emptied now. */
export async function expireIfDue() {
  const until = await readPlain("expires_at");
  if (!until || clock.now() < Date.parse(until)) return false;
  await wipeExpired();
  return true;
}
