/** 我的: who, until when, how this phone keeps things; another PIN, locking, and giving the phone up. */

import { h } from "../dom.js";
import * as clock from "../clock.js";
import * as outbox from "../keeping/outbox.js";
import * as vault from "../keeping/vault.js";
import { model } from "../model.js";
import * as words from "../words.js";
import { pinBox } from "./lock.js";
import { say, screen } from "./frame.js";

/** doings: {lock, signOut, install} */
export function phone(doings) {
  const { packet } = model;
  const rows = packet ? [
    ["我是", `${packet.account.name}（${packet.account.role}）`],
    ["村", packet.village.full_name],
    ["本村农户", `${packet.households.length} 户`],
    ["资料下载于", words.moment(packet.made_at, clock.now())],
    ["资料用到", `${words.moment(packet.expires_at, clock.now())}，到时自动清除，连网就会延长`],
  ] : [["资料", "已到期清除，请连网重新下载"]];
  rows.push(["存放", model.isPersistent ? "手机答应不会自行清理" : "空间不够时手机可能清理，请常上传"]);
  return screen({
    title: "我的",
    content: [
      h("dl", { class: "known" }, rows.map(([label, text]) => h("div", {}, h("dt", {}, label), h("dd", {}, text)))),
      h("p", { class: "hint" }, "手机里只有本村的资料，证件号和电话只显示一部分，用您的六位密码加密。这里不记录位置，也不打卡。"),
      doings.install ? h("button", { type: "button", onclick: doings.install }, "装到手机桌面") : h("p", { class: "hint" }, "装到桌面：点浏览器菜单里的“添加到主屏幕”。"),
      h("details", { class: "more" }, h("summary", {}, "换开锁密码"), change()),
      h("details", { class: "more" }, h("summary", {}, "退出并清空这部手机"), leaving(doings)),
    ],
    actions: h("button", { type: "button", onclick: doings.lock }, "锁上"),
  });
}

function change() {
  const problem = h("p", { class: "problem", role: "alert" });
  const [before, after, again] = [pinBox("现在的密码"), pinBox("新密码（6 位数字）"), pinBox("新密码再输一次")];
  return h("form", { class: "fields", onsubmit: async (event) => {
    event.preventDefault();
    if (after.input.value !== again.input.value) { problem.textContent = "两次输的新密码不一样。"; return; }
    if (!/^\d{6}$/.test(after.input.value)) { problem.textContent = "新密码要 6 位数字。"; return; }
    try {
      await vault.change(before.input.value, after.input.value);
      event.target.reset();
      problem.textContent = "";
      say("开锁密码已换");
    } catch (error) {
      if (!(error instanceof vault.WrongPin)) throw error;
      if (!error.left) { location.reload(); return; }
      problem.textContent = `现在的密码不对，还可以试 ${error.left} 次。`;
    }
  } }, before.element, after.element, again.element, problem, h("button", { class: "main" }, "换"));
}

function leaving(doings) {
  const count = outbox.unsent().length;
  const sure = h("input", { type: "checkbox" });
  const button = h("button", { type: "button", class: "danger", onclick: () => {
    if (count && !sure.checked) { say(`请先上传，或者勾选“不要了”`); return; }
    doings.signOut();
  } }, "退出并清空");
  return h("div", { class: "fields" },
    h("p", {}, count ? `还有 ${count} 条没有上传，清空后就没有了。最好先到“上传”里传完。` : "填的都已上传。清空后，下次要连网登录、重新下载。"),
    count ? h("label", { class: "option" }, sure, h("span", {}, `这 ${count} 条不要了`)) : null,
    button);
}
