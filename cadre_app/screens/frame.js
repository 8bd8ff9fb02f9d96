/** What stands around every screen: how things stand, above; four places at the thumb, below; and the short word with its undo button. */

import { fill, h } from "../dom.js";
import * as outbox from "../keeping/outbox.js";
import { model } from "../model.js";

const PLACES = [["#/", "要办的"], ["#/households", "农户"], ["#/sent", "上传"], ["#/phone", "我的"]];

/** {element, show(screen), update()}: the screen goes between bar and places. */
export function frame() {
  const bar = h("a", { class: "bar", href: "#/sent" });
  const update = () => drawBar(bar);
  const place = h("div", { class: "screen" });
  const places = h("nav", { class: "places", "aria-label": "主要去处" });
  const element = h("div", { class: "frame" }, h("header", {}, h("div", { role: "status" }, bar)), place, places);
  const show = (screen) => {
    fill(place, screen);
    above();
    const here = location.hash.split("/")[1] || "";
    const count = outbox.troubled().length;
    fill(places, PLACES.map(([address, label]) => h("a", { href: address, "aria-current": address === `#/${here}` ? "page" : null },
      label, address === "#/sent" && count ? h("b", { class: "count" }, `${count}`) : null)));
  };
  return { element, show, update };
}

/** One sentence about what is here, what has arrived and what needs a look. */
export function sentence() {
  const waiting = outbox.unsent().length;
  const troubled = outbox.troubled().length;
  if (troubled) return { kind: "look", text: `有 ${troubled} 条要您看一下` };
  if (model.isSending && waiting) return { kind: "wait", text: `正在上传 ${waiting} 条……` };
  if (waiting && model.isSignedOut) return { kind: "look", text: `${waiting} 条存在手机里，请重新登录后上传` };
  if (waiting && !model.isOnline) return { kind: "wait", text: `没有网络，${waiting} 条已存在手机里` };
  if (waiting) return { kind: "wait", text: `${waiting} 条已存在手机里，马上上传` };
  if (model.isSignedOut) return { kind: "plain", text: "都已上传。再次上传前要重新登录" };
  if (!model.isOnline) return { kind: "plain", text: "没有网络，照常填写，都会存在手机里" };
  return { kind: "fine", text: "填的都已上传" };
}

function drawBar(bar) {
  const { kind, text } = sentence();
  if (bar.textContent === text && bar.dataset.kind === kind) return;
  bar.dataset.kind = kind;
  fill(bar, text);
}

let toast = null;
let timer = null;

/** A word that something was done, with a button that takes it back while it stands there. */
export function say(text, undo) {
  hush();
  const button = undo ? h("button", { type: "button", onclick: () => { hush(); undo(); } }, "撤销") : null;
  toast = h("div", { class: undo ? "toast" : "toast word", role: "alert" }, h("span", {}, text), button);
  document.body.append(toast);
  above();
  timer = setTimeout(hush, undo ? 8000 : 4000);
}

/** It stands over what can be pressed, not on it. */
function above() {
  const actions = document.querySelector(".actions");
  if (toast && !toast.classList.contains("word")) toast.style.bottom = `${window.innerHeight - (actions ? actions.getBoundingClientRect().top : window.innerHeight - 60) + 8}px`;
}

export function hush() {
  clearTimeout(timer);
  if (toast) toast.remove();
  toast = null;
}

/** A screen: heading, what it says, and what can be done, at the bottom where the thumb is. */
export function screen({ title, back, content, actions }) {
  return h("main", { class: actions ? "has-actions" : "" },
    back ? h("a", { class: "back", href: back }, "‹ 返回") : null,
    h("h1", { tabindex: "-1" }, title),
    content,
    actions ? h("div", { class: "actions" }, actions) : null);
}
