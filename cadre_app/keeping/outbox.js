/**
 * What was said about households, in the order it was said. A record never changes once it is kept; only where it stands does:
 * waiting → sent (no answer yet) → accepted · conflict · refused, or withdrawn before it ever left the phone.
 */

import * as clock from "../clock.js";
import { newId } from "../identity.js";
import { DRAFTS, OUTBOX, PHOTOS, readAll, transact } from "./database.js";
import * as drafts from "./drafts.js";
import * as photos from "./photos.js";
import { seal, unseal } from "./vault.js";

const KEPT_DAYS = 3; // what has arrived stays readable so long
let entries = [];

export async function load() {
  const rows = await readAll(OUTBOX);
  entries = await Promise.all(rows.map(async (row) => ({
    seq: row.seq, id: row.id, state: row.state, attempts: row.attempts, record: await unseal(row.box),
    answer: row.answer ? await unseal(row.answer) : null,
  })));
}

export const all = () => entries;
export const unsent = () => entries.filter((entry) => entry.state === "waiting" || entry.state === "sent");
export const troubled = () => entries.filter((entry) => entry.state === "conflict" || entry.state === "refused");
/** Arrived and counted, but the township has to say which of two answers holds. */
export const isSettling = (entry) => entry.state === "accepted" && Boolean(entry.answer && entry.answer.settling);
/** Whether there is still a way back: steps are done once they have arrived. */
export const canUndo = (entry) => entry.record.kind !== "undo" && !isUndone(entry)
  && (["waiting", "sent"].includes(entry.state) || (entry.state === "accepted" && entry.record.kind !== "step"));

/** How many wait to be sent, readable while locked: the state of a record is no secret. */
export async function countUnsent() {
  return (await readAll(OUTBOX)).filter((row) => row.state === "waiting" || row.state === "sent").length;
}

/**
 * Keeps new records, all or none: [{kind, household_no, on, …}] → entries. In the same transaction the draft that they were goes,
 * and photos become those of the first: a phone that dies here has either the draft or the record, never both or neither.
 */
export async function add(records, { about = "", pictures = [] } = {}) {
  const made = records.map((record) => ({ id: newId(), made_at: clock.iso(), ...record }));
  const rows = await Promise.all(made.map(async (record) => (
    { id: record.id, state: "waiting", attempts: 0, box: await seal(record), answer: null }
  )));
  const numbers = [];
  const draft = about ? await drafts.release(about) : null;
  await transact([OUTBOX, DRAFTS, PHOTOS], "readwrite", (stores) => {
    rows.forEach((row, place) => {
      stores[OUTBOX].add(row).onsuccess = (event) => { numbers[place] = event.target.result; };
    });
    if (draft) stores[DRAFTS].delete(draft);
    for (const id of pictures) {
      stores[PHOTOS].get(id).onsuccess = (event) => {
        if (event.target.result) stores[PHOTOS].put({ ...event.target.result, record: made[0].id }, id);
      };
    }
  });
  const fresh = made.map((record, place) => (
    { seq: numbers[place], id: record.id, state: "waiting", attempts: 0, record, answer: null }
  ));
  entries = [...entries, ...fresh];
  return fresh;
}

/** They are about to leave the phone: from here on the server may know them. Gives those that had not been withdrawn. */
export async function markSent(chosen) {
  return change(chosen, ["waiting", "sent"], (row) => ({ ...row, state: "sent", attempts: row.attempts + 1 }));
}

/** What the server said to one record. */
export async function settle(entry, state, answer) {
  const box = await seal(answer);
  await change([entry], ["sent"], (row) => ({ ...row, state, answer: box }));
  entry.answer = answer;
}

/** Takes records back: what never left the phone is withdrawn, for the rest an undo record goes after them. */
export async function undo(chosen) {
  const withdrawn = await change(chosen, ["waiting"], (row) => ({ ...row, state: "withdrawn" }));
  const gone = new Set(withdrawn);
  const late = chosen.filter((entry) => !gone.has(entry) && canUndo(entry));
  await add(late.map((entry) => ({ kind: "undo", of: entry.id, household_no: entry.record.household_no, on: entry.record.on })));
}

/** An undo of it is on its way or done. */
export function isUndone(entry) {
  return entries.some((other) => other.record.kind === "undo" && other.record.of === entry.id && !["refused", "conflict", "withdrawn"].includes(other.state));
}

/** Still said: neither taken back nor refused. */
export const isLive = (entry) => !["refused", "withdrawn"].includes(entry.state) && entry.record.kind !== "undo" && !isUndone(entry);

/** The person has read what was wrong; it need not stand there any longer. */
export async function forget(entry) {
  await photos.dropOf(entry.id);
  await drop([entry]);
}

/** What was refused goes back to where it was written, as a draft: nothing has to be typed twice. */
export async function rewrite(entry, about, values) {
  const pictures = await photos.of(entry.id);
  await drafts.save(about, { ...values, photos: pictures }); // first: whatever happens then, it is there once at least
  await photos.takeBack(entry.id);
  await drop([entry]);
}

/** Once more, the same record under the same name. */
export const again = (entry) => change([entry], ["refused"], (row) => ({ ...row, state: "waiting", answer: null }));

/** Removes what arrived days ago. */
export async function tidy() {
  const line = clock.now() - KEPT_DAYS * 86400000;
  const isDone = (entry) => ["accepted", "withdrawn"].includes(entry.state) && Date.parse(entry.record.made_at) < line;
  await drop(entries.filter(isDone));
}

async function drop(chosen) {
  if (!chosen.length) return;
  await transact([OUTBOX], "readwrite", (stores) => chosen.forEach((entry) => { stores[OUTBOX].delete(entry.seq); }));
  const gone = new Set(chosen);
  entries = entries.filter((entry) => !gone.has(entry));
}

/** Conditional on what stands in the store: two open pages cannot both move a record. Gives those that were moved. */
async function change(chosen, from, next) {
  const moved = [];
  await transact([OUTBOX], "readwrite", (stores) => chosen.forEach((entry) => {
    stores[OUTBOX].get(entry.seq).onsuccess = (event) => {
      const row = event.target.result;
      if (!row) {
        entry.state = "withdrawn"; // another page emptied the store
        return;
      }
      if (!from.includes(row.state)) {
        Object.assign(entry, { state: row.state, attempts: row.attempts });
        return;
      }
      const changed = next(row);
      stores[OUTBOX].put(changed);
      moved.push([entry, changed]);
    };
  }));
  for (const [entry, row] of moved) Object.assign(entry, { state: row.state, attempts: row.attempts });
  return moved.map(([entry]) => entry);
}
