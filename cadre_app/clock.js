/** What time it is, by the server's clock as far as it is known: phones are wrong, and clocks get moved. */

import { readPlain, writePlain } from "./keeping/database.js";

const DAY = 86400000;
const CHINA = 8 * 3600000;
const KEEP_EVERY = 60000;
const TOLERATED = 60000; // networks set clocks back by seconds

let offset = 0; // server minus phone
let highest = 0; // the latest moment seen
let kept = 0;

export async function start() {
  const known = (await readPlain("clock")) || {};
  offset = known.offset || 0;
  highest = known.highest || 0;
}

/** Milliseconds. A clock that was turned back goes on from the latest moment that has been. */
export function now() {
  const moment = Date.now() + offset;
  if (moment < highest - TOLERATED) {
    offset += highest - moment;
    kept = 0;
  }
  highest = Math.max(highest, moment);
  if (highest - kept > KEEP_EVERY) {
    kept = highest;
    writePlain("clock", { offset, highest });
  }
  return highest;
}

/** The server said what time it is: from here on that counts. */
export async function learn(said) {
  const moment = Date.parse(said);
  if (Number.isNaN(moment)) return;
  offset = moment - Date.now();
  highest = kept = moment;
  await writePlain("clock", { offset, highest });
}

export const iso = (moment = now()) => new Date(moment).toISOString();

/** The day in China of a moment: "2022-07-18". */
export const dayOf = (moment) => new Date(moment + CHINA).toISOString().slice(0, 10);

/** Today as the packet counts: its day, and as many days on as have passed since it was made. */
export function today(packet) {
  const passed = days(dayOf(Date.parse(packet.made_at)), dayOf(now()));
  return plus(packet.day, Math.max(0, passed));
}

export const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);
export const plus = (day, count) => new Date(Date.parse(day) + count * DAY).toISOString().slice(0, 10);
export const lastOfMonth = (day) => {
  const [year, month] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
};
