/** Something has changed: everything known is shown, and only what one opens is asked. */

import { h } from "../dom.js";
import { form } from "../form.js";
import * as drafts from "../keeping/drafts.js";
import * as outbox from "../keeping/outbox.js";
import { addressOf } from "../places.js";
import { household as find, model, tell, today, visitFields } from "../model.js";
import { said } from "../talking/sync.js";
import * as words from "../words.js";
import { change } from "./change.js";
import { say, screen } from "./frame.js";
import { takeBack } from "./group.js";
import { photoRow } from "./photo.js";

const asksOfResult = (field) => Boolean(field.required_if && field.required_if[0] === "result");

/** about: the household's number, and after a colon the result that was pressed. */
export function visit(about) {
  const [no, preset] = about.split(":");
  const one = find(no);
  if (!one) return screen({ title: "这户已不在本村名单上", back: "#/households", content: null });
  const draft = drafts.of(`visit:${no}`);
  const values = { data: {}, base: {}, method: "onsite", result: "", note: "", photos: [], ...(draft ? draft.values : {}) };
  const changed = () => { drafts.save(`visit:${no}`, values); };
  if (preset && values.result !== preset) {
    values.result = preset;
    changed();
  }
  const first = head(values, changed, one);
  const changes = blocks().map((fields) => change({ fields, one, values, changed }));
  const problem = h("p", { class: "problem", role: "alert" });
  return screen({
    title: `${one.head} ${values.result ? words.RESULTS[values.result] || "" : "有变化"}`,
    back: addressOf(`household:${no}`),
    content: [
      first.element,
      h("p", { class: "hint" }, "点“改”的才要填，别的不用动。写到一半可以放下，手机会记住。"),
      h("ul", { class: "facts" }, changes.map((block) => block.element)),
      photoRow(values, changed),
    ],
    actions: [
      problem,
      h("div", { class: "pair" },
        h("button", { type: "button", class: "plain", onclick: () => thrown(no, values) }, "不要了"),
        h("button", { type: "button", class: "main", onclick: () => kept(one, values, [first, ...changes], problem) }, "保存")),
    ],
  });
}

/** What belongs together is asked together: the fields of one group are one block, in the order of the form. */
function blocks() {
  const found = new Map();
  for (const field of visitFields().filter((one) => !asksOfResult(one))) {
    const key = field.group || field.name;
    found.set(key, [...(found.get(key) || []), field]);
  }
  return [...found.values()];
}

/** How, what came of it, and in a sentence what is wrong where the list is wrong. */
function head(values, changed, one) {
  const { methods, results } = model.packet.forms.visit;
  const more = visitFields().filter(asksOfResult);
  const all = { ...values.data, method: values.method, result: values.result, note: values.note };
  const fields = [
    { name: "method", label: "怎么联系的", kind: "choice", choices: methods || [["onsite", "入户"], ["phone", "电话"]], help: "电话联系照样记下，但不算走访。" },
    ...(values.result ? [{ name: "result", label: "情况", kind: "choice", choices: results || Object.entries(words.RESULTS) }] : []),
    { name: "note", label: "哪里不对，实际是什么", kind: "long_text", most: 200, required_if: ["result", ["wrong_data"]] },
    ...more,
  ];
  return form({ fields, values: all, people: one.members, changed: () => {
    Object.assign(values, { method: all.method, result: all.result, note: all.note || "" });
    for (const field of more) if (all[field.name] !== undefined) values.data[field.name] = all[field.name];
    changed();
  } });
}

async function kept(one, values, parts, problem) {
  for (const part of parts) {
    const missing = part.missing();
    if (missing.length) {
      problem.textContent = `还差：${missing.map((field) => field.label).join("、")}`;
      part.show(missing[0]);
      return;
    }
  }
  // What a later answer made pointless (the name of somebody new, after all nobody came) stays behind.
  const data = Object.assign({}, ...parts.map((part) => part.given()));
  ["method", "result", "note"].forEach((name) => { delete data[name]; });
  if (!Object.keys(data).length && !values.result && !values.photos.length) {
    problem.textContent = "还没有改任何一项。没有变化的话，请返回点“无变化”。";
    return;
  }
  const { method, result, note } = values;
  const made = await outbox.add([{ kind: "visit", household_no: one.no, on: today(), data, base: values.base, method, result, note: result === "wrong_data" ? note.trim() : "" }],
    { about: `visit:${one.no}`, pictures: values.photos });
  tell();
  location.hash = addressOf(`household:${one.no}`);
  say(`${one.head} 已保存在手机里`, () => takeBack(made));
  said();
}

/** Thrown away, with the way back open for a moment. */
async function thrown(no, values) {
  await drafts.drop(`visit:${no}`);
  tell();
  location.hash = addressOf(`household:${no}`);
  say("没有保存", async () => { await drafts.save(`visit:${no}`, values); location.hash = addressOf(`visit:${no}`); });
}
