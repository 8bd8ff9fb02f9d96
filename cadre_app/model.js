/** What the screens show: the packet, what was said since, and how things stand with the network. One place, told to all who listen. */

import * as clock from "./clock.js";
import * as drafts from "./keeping/drafts.js";
import * as outbox from "./keeping/outbox.js";
import * as photos from "./keeping/photos.js";
import * as packets from "./keeping/packet.js";

export const model = {
  packet: null,
  isOnline: navigator.onLine,
  isSending: false,
  isSignedOut: false,
  hasUpdate: false,
  trouble: "", // why the last try to speak to the server came to nothing
  lastContact: "",
  isPersistent: null,
};

const listeners = new Set();
export const listen = (hear) => { listeners.add(hear); return () => listeners.delete(hear); };
export function tell(changes = {}) {
  Object.assign(model, changes);
  for (const hear of [...listeners]) hear();
}

/** Reads everything that the open lock lets be read. */
export async function load() {
  model.packet = await packets.load();
  await outbox.load();
  await drafts.load();
  await photos.tidy(drafts.all());
}

export const today = () => clock.today(model.packet);
export const household = (no) => (model.packet ? model.packet.households.find((one) => one.no === no) : null) || null;
export const task = (id) => (model.packet ? model.packet.tasks.find((one) => one.id === id) : null) || null;
export const nameOf = (no) => { const found = household(no); return found ? found.head : "（不在本村名单）"; };
export const visitFields = () => model.packet.forms.visit.fields;

/** The newest thing said on this phone about a household this month that still counts as having been there; null when none. */
export function saidOf(no) {
  const month = today().slice(0, 7);
  const said = outbox.all().filter((entry) => (
    entry.record.household_no === no && ["confirmation", "visit"].includes(entry.record.kind)
    && entry.record.method !== "phone" && entry.record.on.startsWith(month) && outbox.isLive(entry)
  ));
  return said[said.length - 1] || null;
}

/** Was somebody there this month: as the server says, or as was said here. An undo on its way counts as not. */
export function isSeen(one) {
  if (saidOf(one.no)) return true;
  if (!one.confirmed_on || !one.confirmed_on.startsWith(today().slice(0, 7))) return false;
  return !outbox.all().some((entry) => entry.record.household_no === one.no && entry.state === "accepted" && outbox.isUndone(entry)
    && entry.record.kind !== "undo" && entry.record.on === one.confirmed_on);
}

/** What was said here about a task, when it still counts. */
export function stepOf(one) {
  return outbox.all().find((entry) => entry.record.kind === "step" && entry.record.task === one.id
    && entry.record.version === one.version && entry.state !== "conflict" && outbox.isLive(entry)) || null;
}

/** Households to be seen this month, by group in the order of the packet: [{name, households, missing}]. */
export function groups() {
  const found = new Map();
  for (const one of model.packet.households) {
    if (!found.has(one.group)) found.set(one.group, { name: one.group, households: [], missing: [] });
    const group = found.get(one.group);
    group.households.push(one);
    if (one.is_in_scope !== false && !isSeen(one)) group.missing.push(one);
  }
  return [...found.values()];
}

export const groupName = (name) => name || (model.packet.households.some((one) => one.group) ? "未分组的户" : "本村");

/** Open tasks of a household: they ask for more than one tap. */
export const tasksOf = (no) => model.packet.tasks.filter((one) => one.household_no === no && !stepOf(one));

/** Says "no change" of households: one record each, nothing else in it. Gives the entries, for undoing. */
export async function confirm(households) {
  const on = today();
  const made = await outbox.add(households.map((one) => ({ kind: "confirmation", household_no: one.no, on })));
  tell();
  return made;
}
