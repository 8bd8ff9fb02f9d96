/**
 * The lock. Everything about people is encrypted (AES-GCM) under a random key; that key lies on the phone locked by the PIN.
 * The PIN is stretched (PBKDF2) and mixed with a key that the browser does not give out, so that a copy of the store is not
 * enough to try all PINs elsewhere. Wrong PINs are counted before they are tried, and too many empty the store.
 */

import { now } from "../clock.js";
import { device } from "../identity.js";
import { readPlain, wipeAll, writePlain } from "./database.js";

const ROUNDS = 310000;
const WAITS = [0, 0, 0, 30, 60, 120, 300, 600, 1200, 1800]; // seconds to wait after so many wrong PINs
export const TRIES = WAITS.length;
export const PIN_LENGTH = 6;

const random = (count) => crypto.getRandomValues(new Uint8Array(count));
const text = new TextEncoder();
let key = null;

/** A wrong PIN: left tries remain, the next after seconds. With none left everything is gone. */
export class WrongPin extends Error {
  constructor(left, seconds) {
    super("wrong pin");
    Object.assign(this, { left, seconds });
  }
}

export const isOpen = () => key !== null;
export const exists = async () => Boolean(await readPlain("vault"));
export function close() { key = null; }

/** A new lock with a new key; whatever was sealed before cannot be read any more. */
export async function create(pin) {
  const salt = random(16);
  const phone = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  await lock({ salt, phone }, pin, fresh);
  await open(pin);
}

/** Opens with the PIN; throws WrongPin. */
export async function open(pin) {
  key = await tried(pin, false);
}

/** Another PIN for the same key. */
export async function change(before, after) {
  const found = await tried(before, true);
  await lock({ salt: random(16), phone: (await readPlain("vault")).phone }, after, found);
}

/** How many tries are left, and how many seconds to wait for the next. */
export async function standing() {
  const vault = await readPlain("vault");
  const seconds = Math.max(0, Math.ceil((vault.waitUntil - now()) / 1000));
  return { left: TRIES - vault.wrong, seconds };
}

async function tried(pin, isToBeGivenOut) {
  const { left, seconds } = await standing();
  if (seconds > 0) throw new WrongPin(left, seconds);
  const vault = await readPlain("vault");
  const wrong = vault.wrong + 1;
  const waitUntil = now() + (WAITS[wrong] || 0) * 1000;
  await writePlain("vault", { ...vault, wrong, waitUntil }); // counted first: pulling the plug does not give a free try
  const found = await unlocked(vault, pin, isToBeGivenOut);
  if (found) {
    await writePlain("vault", { ...vault, wrong: 0, waitUntil: 0 });
    return found;
  }
  if (wrong >= TRIES) await wipeAll(await device()); // whoever tried them does not come in again with the old signing in
  throw new WrongPin(TRIES - wrong, WAITS[wrong] || 0);
}

async function lock({ salt, phone }, pin, fresh) {
  const iv = random(12);
  const wrapping = await stretched(pin, salt, ROUNDS, phone);
  const wrapped = await crypto.subtle.wrapKey("raw", fresh, wrapping, { name: "AES-GCM", iv });
  await writePlain("vault", { salt, rounds: ROUNDS, iv, wrapped, phone, wrong: 0, waitUntil: 0 });
}

async function unlocked(vault, pin, isToBeGivenOut) {
  const wrapping = await stretched(pin, vault.salt, vault.rounds, vault.phone);
  const kind = { name: "AES-GCM", iv: vault.iv };
  try {
    return await crypto.subtle.unwrapKey("raw", vault.wrapped, wrapping, kind, "AES-GCM", isToBeGivenOut, ["encrypt", "decrypt"]);
  } catch (error) {
    return null; // not this PIN
  }
}

async function stretched(pin, salt, iterations, phone) {
  const typed = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, typed, 256);
  const mixed = await crypto.subtle.sign("HMAC", phone, bits);
  return crypto.subtle.importKey("raw", mixed, "AES-GCM", false, ["wrapKey", "unwrapKey"]);
}

/** Encrypts a value (anything JSON can say), or bytes. */
export async function seal(value) {
  const iv = random(12);
  const isBytes = value instanceof ArrayBuffer;
  const plain = isBytes ? value : text.encode(JSON.stringify(value));
  return { iv, isBytes, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain) };
}

/** What seal was given. */
export async function unseal(box) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.bytes);
  return box.isBytes ? plain : JSON.parse(new TextDecoder().decode(plain));
}
