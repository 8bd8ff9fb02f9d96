/** 上传: what is kept on this phone, what has arrived, and what needs a look, record by record. */

import { h } from "../dom.js";
import * as clock from "../clock.js";
import * as outbox from "../keeping/outbox.js";
import { addressOf } from "../places.js";
import { household, model, task, tell } from "../model.js";
import * as sync from "../talking/sync.js";
import * as words from "../words.js";
import { say, screen } from "./frame.js";
import { takeBack } from "./group.js";
import { titleOfRecord } from "./drafts.js";

export function sent() {
  const all = [...outbox.all()].reverse();
  const troubled = outbox.troubled();
  const waiting = all.filter((entry) => ["waiting", "sent"].includes(entry.state));
  const settling = all.filter(outbox.isSettling);
  const arrived = all.filter((entry) => entry.state === "accepted" && !outbox.isSettling(entry));
  return screen({
    title: "上传情况",
    content: [
      part("要您看一下", troubled, troubledRow),
      h("ul", { class: "sums" },
        h("li", {}, h("b", {}, `${waiting.length} 条`), "存在这部手机里，还没上传"),
        h("li", {}, h("b", {}, `${arrived.length + settling.length} 条`), "最近三天上传的，平台已收到")),
      h("p", { class: "hint" }, [model.isOnline ? "" : "现在没有网络。", model.lastContact ? `上次连上平台：${words.moment(model.lastContact, clock.now())}。` : "", model.trouble]),
      part("存在手机里", waiting, waitingRow),
      part("已收到，乡镇正在核对", settling, arrivedRow),
      part("平台已收到", arrived, arrivedRow),
      !all.length ? h("p", { class: "empty" }, "还没有记过什么。") : null,
    ],
    actions: model.isSignedOut
      ? h("a", { class: "button main", href: "/sign-in?next=/app/" }, "重新登录，再上传")
      : h("button", { type: "button", class: "main", disabled: model.isSending, onclick: sendNow }, model.isSending ? "正在上传……" : "现在就上传"),
  });
}

async function sendNow() {
  const isDone = await sync.now(true);
  if (isDone && !outbox.troubled().length) say("都已上传，资料也是最新的");
  else if (!isDone && !model.isOnline) say("现在没有网络，有网时会自动上传");
}

function part(label, entries, row) {
  return entries.length ? h("section", {}, h("h2", {}, label), h("ul", { class: "records" }, entries.map(row))) : null;
}

const heading = (entry) => [h("b", {}, titleOfRecord(entry.record)), h("small", {}, words.moment(entry.record.made_at, clock.now()))];

function waitingRow(entry) {
  return h("li", {}, heading(entry), h("span", {}, outbox.isUndone(entry) ? "正在撤销" : words.STATES[entry.state]),
    !outbox.canUndo(entry) ? null : h("button", { type: "button", class: "small-button plain", "aria-label": `撤销 ${titleOfRecord(entry.record)}`, onclick: () => takeBack([entry]) }, "撤销"));
}

function arrivedRow(entry) {
  return h("li", { class: "fine" }, heading(entry), h("span", {}, outbox.isUndone(entry) ? "已撤销" : outbox.isSettling(entry) ? "算一次走访；有一项和别人填的不同" : words.STATES[entry.state]),
    entry.answer && entry.answer.message ? h("p", {}, entry.answer.message, entry.answer.next_step ? h("span", {}, entry.answer.next_step) : null) : null);
}

/** Where a record was written, and what stood there; null when the list has it no longer. */
function draftOf(record) {
  if (record.kind === "step") {
    const one = task(record.task);
    return one && one.steps.some((step) => step.code === record.step)
      ? { about: `task:${record.task}`, values: { step: record.step, version: one.version, data: { [record.step]: record.data } } } : null;
  }
  if (record.kind !== "visit" || !household(record.household_no)) return null;
  const { data, base, method, result, note } = record;
  return { about: `visit:${record.household_no}`, values: { data, base, method, result, note } };
}

async function rewritten(entry) {
  const { about, values } = draftOf(entry.record);
  await outbox.rewrite(entry, about, values);
  tell();
  location.hash = addressOf(about);
}

/** What the platform said, what comes next, and that one has read it. */
function troubledRow(entry) {
  const { record, answer } = entry;
  const about = record.kind === "step" ? `task:${record.task}` : `household:${record.household_no}`;
  return h("li", { class: "look" }, heading(entry), h("span", {}, words.STATES[entry.state]),
    answer ? h("p", {}, answer.message, answer.next_step ? h("span", {}, answer.next_step) : null) : null,
    h("div", { class: "pair" },
      entry.state === "refused" && draftOf(record)
        ? h("button", { type: "button", class: "small-button", "aria-label": `改一改 ${titleOfRecord(record)}`, onclick: () => rewritten(entry) }, "改一改")
        : record.household_no || record.task ? h("a", { class: "small-button plain", href: addressOf(about) }, "去看看") : null,
      entry.state === "refused" ? h("button", { type: "button", class: "small-button plain", "aria-label": `再传一次 ${titleOfRecord(record)}`, onclick: async () => { await outbox.again(entry); tell(); sync.now(); } }, "再传一次") : null,
      h("button", { type: "button", class: "small-button", "aria-label": `知道了 ${titleOfRecord(record)}`, onclick: async () => { await outbox.forget(entry); tell(); } }, "知道了")));
}
