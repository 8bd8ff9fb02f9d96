/** Starts the app: what is on the phone, the lock, then the screens; and keeps the shell, the clock and the server in step. */

import * as clock from "./clock.js";
import { fill, h } from "./dom.js";
import { device } from "./identity.js";
import { onWiped, PLAIN, readPlain, remove, wipeAll } from "./keeping/database.js";
import * as outbox from "./keeping/outbox.js";
import * as packets from "./keeping/packet.js";
import * as vault from "./keeping/vault.js";
import { listen, load, model, tell } from "./model.js";
import * as places from "./places.js";
import { frame, hush, say } from "./screens/frame.js";
import { group, households } from "./screens/group.js";
import { household } from "./screens/household.js";
import { list } from "./screens/list.js";
import { locked, newPin } from "./screens/lock.js";
import { phone } from "./screens/phone.js";
import { sent } from "./screens/sent.js";
import { task } from "./screens/task.js";
import { visit } from "./screens/visit.js";
import * as server from "./talking/server.js";
import * as sync from "./talking/sync.js";
import * as updates from "./updates.js";

const AWAY = 30 * 60000; // out of sight for so long locks
const FORMS = ["visit", "task"]; // are not drawn anew under somebody's fingers
const app = document.getElementById("app");
let around = null;
let hiddenAt = 0;

const SCREENS = { list, households, sent, group, household, visit, task, phone: () => phone({ lock, signOut: () => empty("已退出，手机已清空。"), install: updates.install() }) };

async function start() {
  if (!window.isSecureContext || !window.indexedDB || !crypto.subtle) {
    return only("这里还不能离线使用", "请让县里的管理员用 https 开头的地址，并用手机自带的新版浏览器打开。", h("a", { class: "button", href: "/" }, "用网页版"));
  }
  updates.start();
  await clock.start();
  sync.start(() => begin("这部手机上的资料已由管理员清空。"));
  window.addEventListener("hashchange", () => { hush(); draw(true); });
  document.addEventListener("visibilitychange", seen);
  setInterval(checkExpiry, 30000);
  listen(heard);
  onWiped(() => location.reload()); // what this page still has in memory goes too
  await packets.expireIfDue();
  return (await vault.exists()) ? showLock() : begin();
}

/** A page with one sentence and what to press. */
function only(title, text, ...actions) {
  around = null;
  fill(app, h("main", { class: "lock" }, h("h1", {}, title), h("p", {}, text), actions));
}

/** Nothing is here yet: sign in, choose a PIN, fetch the packet. */
async function begin(note = "") {
  vault.close();
  only("守望 · 走访", note || "正在连接平台……");
  const signIn = h("a", { class: "button main", href: "/sign-in?next=/app/" }, "登录");
  try {
    await leave();
    const state = await server.state(await device());
    await clock.learn(state.server_time);
    if (state.signed_in === false) throw new server.SignedOut();
    fill(app, newPin({ chosen: firstPacket }));
  } catch (error) {
    if (error instanceof server.Wiped) {
      await wipeAll(); // a new name for the phone, then again
      return only("这部手机已停用", "资料已清空。要再用，请登录后重新下载。", signIn);
    }
    if (error instanceof server.SignedOut) only("守望 · 走访", note || "走访时没有信号也能用。第一次要连网登录，下载本村的资料。", signIn);
    else only("守望 · 走访", `${note}第一次使用要连网下载本村资料，现在连不上平台。`, h("button", { type: "button", class: "main", onclick: () => begin() }, "再试一次"));
  }
  return null;
}

/** Whoever emptied the phone does not come in again with the old signing in. */
async function leave() {
  const name = await readPlain("leaving");
  if (!name) return;
  for (const said of [server.state, server.leave]) { // the first brings the mark of our own page
    try {
      await said(name);
    } catch (error) {
      if (error instanceof server.Unreachable) throw error;
    }
  }
  await remove(PLAIN, "leaving");
}

/** Gives a sentence when something is in the way. */
async function firstPacket(pin) {
  try {
    await server.register(await device(), navigator.userAgent.match(/\(([^)]*)\)/)?.[1] || "");
    const packet = await server.packet(await device());
    await vault.create(pin);
    await packets.keep(packet);
    model.isPersistent = navigator.storage && navigator.storage.persist ? await navigator.storage.persist() : false;
    await enter();
    return "";
  } catch (error) {
    if (error instanceof server.SignedOut) return "登录已过期，请重新登录。";
    if (error instanceof server.Refused) return error.message + error.nextStep;
    if (error instanceof server.Unreachable) return "连不上平台，请到有网的地方再试。";
    throw error;
  }
}

async function showLock(note = "") {
  around = null;
  const count = await outbox.countUnsent();
  fill(app, locked({ count, note, opened: enter, forgotten: () => empty("手机已清空。"), emptied: () => begin("密码输错太多次，手机里的资料已清空。") }));
  sync.soon(0); // an administrator's word is heard before the lock is opened
}

async function enter() {
  await load();
  if (model.isPersistent === null) model.isPersistent = navigator.storage && navigator.storage.persisted ? await navigator.storage.persisted() : false;
  around = frame();
  fill(app, around.element);
  draw(true);
  sync.now();
}

function lock() {
  vault.close();
  places.forget();
  tell({ packet: null });
  location.hash = "#/";
  showLock();
}

/** Emptied by whoever holds the phone: what comes next is signing in, so the old one is given up, now or with the next network. */
async function empty(note) {
  await wipeAll(await device());
  vault.close();
  places.forget();
  tell({ packet: null });
  await begin(note);
}

/** Draws the open screen; a form only when one came to it. */
function draw(isNew) {
  if (!around || !vault.isOpen()) return;
  around.update();
  const { name, about } = places.here();
  if (!isNew && FORMS.includes(name)) return;
  const place = window.scrollY;
  if (!model.packet && !["sent", "phone"].includes(name)) around.show(expired());
  else around.show(SCREENS[name](about));
  if (!isNew) { window.scrollTo(0, place); return; }
  window.scrollTo(0, 0);
  const heading = app.querySelector("h1");
  if (heading && !document.activeElement?.matches("input, textarea, select")) heading.focus({ preventScroll: true });
}

const expired = () => h("main", {}, h("h1", { tabindex: "-1" }, "资料已到期"),
  h("p", {}, "为了农户的安全，到期的资料已从手机清除。没上传的记录还在，连网登录后会一起上传，再下载新的资料。"),
  h("div", { class: "actions" }, model.isSignedOut
    ? h("a", { class: "button main", href: "/sign-in?next=/app/" }, "登录")
    : h("button", { type: "button", class: "main", onclick: fetchNew }, "连网更新")));

async function fetchNew() {
  if (!(await sync.now(true)) && !model.isSignedOut) say("现在连不上平台，有网时会自动更新");
}

function heard() {
  const { name } = places.here();
  // A search that is being typed and a list that is open stay as they are.
  if (name === "households" || (name === "phone" && app.querySelector("details[open]"))) { if (around) around.update(); return; }
  draw(false);
}

async function checkExpiry() {
  if (!(await packets.expireIfDue())) return;
  if (vault.isOpen()) { await load(); tell(); draw(true); }
}

async function seen() {
  if (document.hidden) { hiddenAt = clock.now(); return; }
  await checkExpiry();
  if (vault.isOpen() && hiddenAt && clock.now() - hiddenAt > AWAY) lock();
}

start();
