/** Photos: made small when they are taken, without the place where that was, and kept sealed until the server has them. */

import { newId } from "../identity.js";
import { PHOTOS, read, readAll, remove, write } from "./database.js";
import { seal, unseal } from "./vault.js";

const LONGEST = 1280;
const QUALITY = 0.8;

/** Draws the picture anew: what the camera wrote beside it (place, time, device) is not drawn. Gives bytes of a JPEG. */
export async function shrunk(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return blob.arrayBuffer();
}

/** Keeps a photo of something that is still being written; gives its id. */
export async function keep(bytes) {
  const id = newId();
  await write(PHOTOS, id, { id, record: "", attempts: 0, box: await seal(bytes) });
  return id;
}

/** Removes those that belong to no record and to none of these drafts any more. */
export async function tidy(drafts) {
  const wanted = new Set(drafts.flatMap((draft) => draft.values.photos || []));
  for (const row of await readAll(PHOTOS)) if (!row.record && !wanted.has(row.id)) await drop(row.id);
}

export const drop = (id) => remove(PHOTOS, id);
/** The ids of a record's. */
export const of = async (record) => (await rowsOf(record)).map((row) => row.id);
const rowsOf = async (record) => (await readAll(PHOTOS)).filter((row) => row.record === record);
/** The record is no more: neither are they. */
export async function dropOf(record) { for (const row of await rowsOf(record)) await drop(row.id); }
/** They belong to what is being written again. */
export async function takeBack(record) { for (const row of await rowsOf(record)) await write(PHOTOS, row.id, { ...row, record: "" }); }
/** Photos of records, whether these have left or not. */
export const waiting = async () => (await readAll(PHOTOS)).filter((row) => row.record);
export const bytesOf = async (row) => unseal(row.box);

/** A picture for the screen. */
export async function shown(id) {
  const row = await read(PHOTOS, id);
  if (!row) return "";
  const bytes = new Uint8Array(await unseal(row.box));
  let text = "";
  for (let place = 0; place < bytes.length; place += 8192) text += String.fromCharCode(...bytes.subarray(place, place + 8192));
  return `data:image/jpeg;base64,${btoa(text)}`;
}
