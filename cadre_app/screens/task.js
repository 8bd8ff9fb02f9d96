/** One thing to be done: why, until when, and the steps that the packet offers, each with its own few fields. */

import { h } from "../dom.js";
import { form } from "../form.js";
import * as drafts from "../keeping/drafts.js";
import * as outbox from "../keeping/outbox.js";
import { addressOf } from "../places.js";
import { household, nameOf, stepOf, task as find, tell, today } from "../model.js";
import { said } from "../talking/sync.js";
import * as words from "../words.js";
import { say, screen } from "./frame.js";
import { takeBack } from "./group.js";
import { photoRow } from "./photo.js";

export function task(id) {
  const one = find(id);
  if (!one) {
    return screen({ title: "这件事已经不在名单上", back: "#/", content: h("p", {}, "可能别人已经办了。写到一半的内容可以不要。"),
      actions: drafts.of(`task:${id}`) ? h("button", { type: "button", onclick: async () => { await drafts.drop(`task:${id}`); tell(); location.hash = "#/"; } }, "不要了") : null });
  }
  const people = household(one.household_no);
  const done = stepOf(one);
  const draft = drafts.of(`task:${id}`);
  const values = { step: one.steps.length === 1 ? one.steps[0].code : "", data: {}, version: one.version, photos: [], ...(draft ? draft.values : {}) };
  const changed = () => { drafts.save(`task:${id}`, values); };
  const problem = h("p", { class: "problem", role: "alert" });
  const place = h("div", {});
  const state = { form: null };
  const pick = (step) => {
    values.step = step.code;
    values.data[step.code] = values.data[step.code] || {};
    state.form = form({ fields: step.fields, values: values.data[step.code], changed, people: people ? people.members : [] });
    place.replaceChildren(h("section", {}, h("h2", {}, step.label), step.note ? h("p", { class: "note" }, step.note) : null, state.form.element), one.takes_photo ? photoRow(values, changed) : "");
    save.disabled = false;
    save.textContent = "保存";
  };
  const save = h("button", { type: "button", class: "main", disabled: true, onclick: () => kept(one, values, state.form, problem) }, "先选要做哪一步");
  const chosen = one.steps.find((step) => step.code === values.step);
  if (chosen && !done) pick(chosen);
  return screen({
    title: one.household_no ? nameOf(one.household_no) : one.title,
    back: "#/",
    content: [
      h("p", { class: "lead" }, one.household_no ? one.title : words.KINDS[one.kind]),
      h("p", { class: one.due_on && one.due_on < today() ? "note late" : "note" }, [words.due(one.due_on, today()), one.due_on ? `（${words.day(one.due_on)}前）` : ""]),
      one.reasons.length ? h("section", {}, h("h2", {}, "为什么"), h("ul", { class: "reasons" }, one.reasons.map((reason) => h("li", {}, reason)))) : null,
      one.plain ? h("p", {}, one.plain) : null,
      people ? h("a", { class: "button", href: addressOf(`household:${people.no}`) }, "看这户的情况") : null,
      done ? h("p", { class: "note fine" }, `已经办过：${words.STATES[done.state]}`) : null,
      !done && one.steps.length > 1 ? stepChoice(one, values, pick, changed) : null,
      !done && !one.steps.length ? h("p", { class: "note" }, "这件事要在网页版里办。") : null,
      place,
    ],
    actions: done
      ? (outbox.canUndo(done) ? h("button", { type: "button", class: "plain", onclick: () => takeBack([done]) }, "撤销刚才记的") : null)
      : one.steps.length ? [problem, h("div", { class: "pair" }, draft ? h("button", { type: "button", class: "plain", onclick: async () => { await drafts.drop(`task:${id}`); tell(); location.hash = "#/"; } }, "不要了") : null, save)] : null,
  });
}

function stepChoice(one, values, pick, changed) {
  return h("fieldset", { class: "field" }, h("legend", {}, "要做哪一步"), one.steps.map((step) => {
    const box = h("input", { type: "radio", name: "step", value: step.code, onchange: () => { pick(step); changed(); } });
    box.checked = values.step === step.code;
    return h("label", { class: "option" }, box, h("span", {}, step.label));
  }));
}

async function kept(one, values, filled, problem) {
  const missing = filled.missing();
  if (missing.length) {
    problem.textContent = `还差：${missing.map((field) => field.label).join("、")}`;
    filled.show(missing[0]);
    return;
  }
  const made = await outbox.add([{ kind: "step", household_no: one.household_no, on: today(), task: one.id, step: values.step, version: values.version, data: filled.given() }], { about: `task:${one.id}`, pictures: values.photos });
  tell();
  location.hash = "#/";
  say(`${nameOf(one.household_no)} 已保存在手机里`, () => takeBack(made));
  said();
}
