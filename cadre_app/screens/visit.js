/** Something has changed: everything known is shown, and only what one opens is asked. */

import { h } from "../dom.js";
import { form } from "../form.js";
import * as drafts from "../keeping/drafts.js";
import * as outbox from "../keeping/outbox.js";
import * as photos from "../keeping/photos.js";
import { addressOf } from "../places.js";
import { household as find, model, tell, today, visitFields } from "../model.js";
import { said } from "../talking/sync.js";
import * as words from "../words.js";
import { say, screen } from "./frame.js";
import { takeBack } from "./group.js";
import { photoRow } from "./photo.js";

export function visit(about) {
  const [no, preset] = about.split(":");
  const one = find(no);
  if (!one) return screen({ title: "这户已不在本村名单上", back: "#/households", content: null });
  const draft = drafts.of(`visit:${no}`);
  const values = { data: {}, base: {}, method: "onsite", result: "", note: "", photos: [], ...(draft ? draft.values : {}) };
  if (preset) values.result = preset;
  const changed = () => { drafts.save(`visit:${no}`, values); };
  if (preset) changed();
  const rows = visitFields().filter((field) => !field.required_if || field.required_if[0] !== "result").map((field) => row(one, field, values, changed));
  const first = head(values, changed, one);
  const problem = h("p", { class: "problem", role: "alert" });
  return screen({
    title: `${one.head} 有变化`,
    back: addressOf(`household:${no}`),
    content: [
      first.element,
      h("p", { class: "hint" }, "点“改”的才要填，别的不用动。写到一半可以放下，手机会记住。"),
      h("ul", { class: "facts" }, rows),
      photoRow(values, changed),
    ],
    actions: [
      problem,
      h("div", { class: "pair" },
        h("button", { type: "button", class: "plain", onclick: () => thrown(no, values) }, "不要了"),
        h("button", { type: "button", class: "main", onclick: () => kept(one, values, first, problem) }, "保存")),
    ],
  });
}

/** How, what came of it, and in a sentence what is wrong where the list is wrong. */
function head(values, changed, one) {
  const { methods, results } = model.packet.forms.visit;
  const more = visitFields().filter((field) => field.required_if && field.required_if[0] === "result");
  const all = { ...values.data, method: values.method, result: values.result, note: values.note };
  const fields = [
    { name: "method", label: "怎么联系的", kind: "choice", choices: methods || [["onsite", "入户"], ["phone", "电话"]], help: "电话联系照样记下，但不算走访。" },
    ...(values.result ? [{ name: "result", label: "情况", kind: "choice", choices: results || Object.entries(words.RESULTS) }] : []),
    { name: "note", label: "哪里不对", kind: "long_text", required: true, required_if: ["result", ["wrong_data"]] },
    ...more,
  ];
  return form({ fields, values: all, people: one.members, changed: () => {
    Object.assign(values, { method: all.method, result: all.result, note: all.note || "" });
    for (const field of more) {
      if (all[field.name] === undefined) continue;
      values.data[field.name] = all[field.name];
      values.base[field.name] = null;
    }
    changed();
  } });
}

/** A known value with a button; opened, a box for the new one. */
function row(one, field, values, changed) {
  const fact = one.known.find((known) => known.field === field.name);
  const element = h("li", { class: "fact" });
  const shown = fact ? fact.text || words.value(field, fact.value) : "没有记录";
  const closed = () => {
    element.replaceChildren(
      h("div", {}, h("b", {}, field.label), h("span", {}, shown), fact ? h("small", {}, [fact.source, words.day(fact.as_of)].filter(Boolean).join(" ")) : null),
      h("button", { type: "button", class: "small-button", "aria-label": `${fact ? "改" : "填"} ${field.label}`, onclick: () => open(true) }, fact ? "改" : "填"));
  };
  const open = (isNew) => {
    const inner = form({ fields: [{ ...field, label: `${field.label}：现在是`, required_if: null }], values: values.data, people: one.members, changed: () => {
      values.base[field.name] = fact ? fact.value : null;
      changed();
    } });
    element.replaceChildren(h("div", { class: "opened" }, h("p", { class: "hint" }, `原来：${shown}`), inner.element,
      h("button", { type: "button", class: "small-button plain", "aria-label": `不改 ${field.label}`, onclick: () => { delete values.data[field.name]; delete values.base[field.name]; changed(); closed(); } }, "不改了")));
    const box = element.querySelector("input, textarea, select");
    if (isNew && box) box.focus();
  };
  if (field.name in values.data) open(false);
  else closed();
  return element;
}

const isEmpty = (value) => value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);

async function kept(one, values, first, problem) {
  const missing = first.missing();
  if (missing.length) {
    problem.textContent = `还差：${missing.map((field) => field.label).join("、")}`;
    first.show(missing[0]);
    return;
  }
  const names = Object.keys(values.data).filter((name) => !isEmpty(values.data[name]));
  if (!names.length && !values.result && !values.photos.length) {
    problem.textContent = "还没有改任何一项。没有变化的话，请返回点“无变化”。";
    return;
  }
  const data = Object.fromEntries(names.map((name) => [name, typeof values.data[name] === "string" ? values.data[name].trim() : values.data[name]]));
  const base = Object.fromEntries(names.map((name) => [name, values.base[name] === undefined ? null : values.base[name]]));
  const made = await outbox.add([{ kind: "visit", household_no: one.no, on: today(), data, base, method: values.method, result: values.result, note: values.note }]);
  await photos.attach(values.photos, made[0].id);
  await drafts.drop(`visit:${one.no}`);
  tell();
  location.hash = addressOf(`household:${one.no}`);
  say(`${one.head} 已保存在手机里`, () => takeBack(made));
  said();
}

/** Thrown away only after the photos are gone too; the way back is open for a moment. */
async function thrown(no, values) {
  await drafts.drop(`visit:${no}`);
  tell();
  location.hash = addressOf(`household:${no}`);
  say("没有保存", async () => { await drafts.save(`visit:${no}`, values); location.hash = addressOf(`visit:${no}`); });
}
