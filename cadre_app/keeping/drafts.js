/** What somebody has begun to fill in: saved with every key, so that nothing is lost when the phone kills the app. */

import { DRAFTS, read, readKeys, remove, write } from "./database.js";
import { seal, unseal } from "./vault.js";
import { newId } from "../identity.js";

const drafts = new Map(); // about → {id, about, values}
const writing = new Map(); // id → what is being written, and whether something newer waits

export async function load() {
  drafts.clear();
  for (const id of await readKeys(DRAFTS)) {
    const draft = await unseal(await read(DRAFTS, id));
    drafts.set(draft.about, { ...draft, id });
  }
}

export const all = () => [...drafts.values()];
export const of = (about) => drafts.get(about) || null;

/** Keeps what the form holds now. The newest of several quick calls wins; each is on disk as soon as the one before is. */
export function save(about, values) {
  const known = drafts.get(about);
  const draft = { id: known ? known.id : newId(), about, values };
  drafts.set(about, draft);
  const running = writing.get(draft.id);
  if (running) {
    running.isStale = true;
    return running.done;
  }
  const job = { isStale: true, done: null };
  job.done = (async () => {
    while (job.isStale) {
      job.isStale = false;
      const newest = drafts.get(about);
      if (!newest) break;
      const box = await seal({ about, values: newest.values });
      if (drafts.has(about)) await write(DRAFTS, draft.id, box);
    }
    writing.delete(draft.id);
  })();
  writing.set(draft.id, job);
  return job.done;
}

/** No more is written of it; gives its id, for whoever removes it from the store. Null when there is none. */
export async function release(about) {
  const draft = drafts.get(about);
  if (!draft) return null;
  drafts.delete(about);
  const running = writing.get(draft.id);
  if (running) await running.done;
  return draft.id;
}

/** Thrown away. */
export async function drop(about) {
  const id = await release(about);
  if (id) await remove(DRAFTS, id);
}
