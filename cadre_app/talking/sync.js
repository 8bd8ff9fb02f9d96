/** Brings phone and server together whenever there is a chance: at the start, when the network is back, after something was said. */

import * as clock from "../clock.js";
import { device } from "../identity.js";
import { wipeAll } from "../keeping/database.js";
import * as outbox from "../keeping/outbox.js";
import * as packets from "../keeping/packet.js";
import * as photos from "../keeping/photos.js";
import * as vault from "../keeping/vault.js";
import { model, tell } from "../model.js";
import { send } from "./sender.js";
import { Refused, SignedOut, Unreachable, Wiped } from "./server.js";
import * as server from "./server.js";

const FRESH = 10 * 60000; // a packet this young is not asked for again
const LONGEST_WAIT = 5 * 60000;
const UNDO_TIME = 8000; // what was just said leaves the phone only when the undo button is gone
const OTHER_PAGE = 3000;
let tries = 0;
let timer = null;
let heldUntil = 0;
let onWiped = () => {};

export function start(hearWiped) {
  onWiped = hearWiped;
  window.addEventListener("online", () => { tell({ isOnline: true }); soon(0); });
  window.addEventListener("offline", () => tell({ isOnline: false }));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(0); });
  if (navigator.serviceWorker) navigator.serviceWorker.addEventListener("message", (event) => { if (event.data === "send") soon(0); });
}

/** Talks to the server after a while, and not before what was just said may leave. */
export function soon(wait = 0) {
  clearTimeout(timer);
  timer = setTimeout(() => now(), Math.max(wait, heldUntil - Date.now()));
}

/** Something was said: it leaves after the undo button has gone; the browser may help when the app is in the background. */
export async function said() {
  heldUntil = Date.now() + UNDO_TIME;
  soon();
  try {
    const registration = await navigator.serviceWorker.ready;
    await registration.sync.register("outbox");
  } catch (error) {
    // No background sync in this browser: opening the app or coming back online does the same.
  }
}

/** One round; true when all went through. isForced asks for a new packet however young the old one is. */
export async function now(isForced = false) {
  clearTimeout(timer);
  heldUntil = 0;
  if (!navigator.locks) return round(isForced);
  return navigator.locks.request("talking", { ifAvailable: true }, (lock) => {
    if (lock) return round(isForced);
    soon(OTHER_PAGE); // another page of the app is talking; what was said here goes after it
    return false;
  });
}

async function round(isForced) {
  try {
    await hello();
    if (!vault.isOpen()) return false;
    tell({ isSending: true });
    const count = await send(await device());
    await sendPhotos();
    const age = model.packet ? clock.now() - Date.parse(model.packet.made_at) : Infinity;
    if (isForced || count || age > FRESH) await refresh();
    await outbox.tidy();
    tries = 0;
    tell({ isSending: false, isSignedOut: false, trouble: "", lastContact: clock.iso() });
    return true;
  } catch (error) {
    await failed(error);
    return false;
  }
}

/** Asks how things stand. To have been heard of also prolongs what is here; it does not while nobody is signed in. */
async function hello() {
  const answer = await server.state(await device());
  await clock.learn(answer.server_time);
  tell({ isOnline: true });
  if (answer.signed_in === false) throw new SignedOut();
  // After signing in the phone is given a signing in of its own, which lasts as long as what it carries.
  if ((answer.is_registered === false || (answer.by_password && answer.is_kept === false)) && vault.isOpen()) await server.register(await device(), "");
  await packets.prolong(answer.expires_at);
}

/** A new packet in the place of the old; somebody else's packet never comes to what another person has kept here. */
export async function refresh() {
  const fresh = await server.packet(await device());
  if (!vault.isOpen()) return;
  const mine = model.packet && model.packet.account.login;
  if (mine && mine !== fresh.account.login) {
    throw new Refused(403, { message: `这部手机上存的是${model.packet.account.name}的资料，现在登录的是${fresh.account.name}。`,
      next_step: `请用${model.packet.account.name}的账号登录；要换人用，请在“我的”里清除这部手机。` });
  }
  await packets.keep(fresh);
  tell({ packet: fresh });
}

async function sendPhotos() {
  const arrived = new Map(outbox.all().map((entry) => [entry.id, entry.state]));
  for (const row of await photos.waiting()) {
    const state = arrived.get(row.record);
    if (["waiting", "sent", "refused", "conflict"].includes(state)) continue; // after its record, and only once that is in
    try {
      if (state !== "withdrawn") await server.photo(await device(), row.id, row.record, await photos.bytesOf(row));
      await photos.drop(row.id);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await photos.drop(row.id); // the server does not want this one; the record stands without it
      tell({ trouble: `一张照片没有收下：${error.message}` });
    }
  }
}

async function failed(error) {
  tries += 1;
  if (error instanceof Wiped) {
    await emptied();
    return;
  }
  if (error instanceof SignedOut) tell({ isSending: false, isSignedOut: true, trouble: "" });
  else if (error instanceof Refused) tell({ isSending: false, trouble: `${error.message}${error.nextStep}` });
  else {
    if (!(error instanceof Unreachable)) console.warn(error);
    tell({ isSending: false, isOnline: navigator.onLine, trouble: navigator.onLine ? "连不上平台，过一会儿自动再试。" : "" });
    soon(Math.min(LONGEST_WAIT, 2000 * 2 ** Math.min(tries, 8)) * (0.75 + Math.random() / 2));
  }
}

/** The office gave this phone up. */
async function emptied() {
  const name = await device();
  await wipeAll();
  vault.close();
  tell({ packet: null, isSending: false });
  try {
    await server.wiped(name);
    await server.leave(name); // whoever found the phone shall not fetch a new packet with the old session
  } catch (error) {
    // The server hears of it the next time, or not at all: what matters is that nothing is left here.
  }
  onWiped();
}
