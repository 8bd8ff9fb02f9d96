/** Empties the outbox: in order, in parts that shrink when the line is bad; a record that cannot be read holds nobody back. */

import * as outbox from "../keeping/outbox.js";
import { Refused } from "./server.js";
import * as server from "./server.js";

const MOST = 200;
const FIRST = 50;
const DONE = ["accepted", "repeated", "merged"];
let size = FIRST;

const isDone = (result) => DONE.includes(result.result) || result.settling === true;

/** Sends all that waits; throws what stopped it (no network, signed out, wiped). Gives how many were answered. */
export async function send(device) {
  let count = 0;
  const passed = new Set(); // asked in this round, and not answered
  for (;;) {
    const part = outbox.unsent().filter((entry) => !passed.has(entry.id)).slice(0, size);
    if (!part.length) return count;
    const leaving = await outbox.markSent(part);
    if (!leaving.length) continue;
    count += await sendPart(device, leaving, passed);
  }
}

async function sendPart(device, leaving, passed) {
  let answer;
  try {
    answer = await server.outbox(device, leaving.map((entry) => entry.record));
  } catch (error) {
    if (!(error instanceof Refused)) {
      size = Math.max(1, Math.floor(size / 2));
      throw error;
    }
    return partRefused(leaving, error, passed);
  }
  size = Math.min(MOST, size * 2);
  const results = new Map(answer.results.map((result) => [result.id, result]));
  for (const entry of leaving) {
    const result = results.get(entry.id);
    if (result) await outbox.settle(entry, isDone(result) ? "accepted" : result.result, result);
    else passed.add(entry.id); // no word about it: the next round asks again
  }
  return results.size;
}

/** The post as a whole was not understood: smaller ones find the one record it is about. */
async function partRefused(leaving, error, passed) {
  if (error.status === 403) throw error;
  if (leaving.length > 1) {
    size = Math.max(1, Math.floor(leaving.length / 2));
    return 0;
  }
  passed.add(leaving[0].id);
  await outbox.settle(leaving[0], "refused", { id: leaving[0].id, result: "refused", message: error.message, next_step: error.nextStep });
  return 1;
}
