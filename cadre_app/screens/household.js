/** One household: who lives there, what is known (and from where), what is open; and the quick answers at the bottom. */

import { h } from "../dom.js";
import * as drafts from "../keeping/drafts.js";
import * as outbox from "../keeping/outbox.js";
import { addressOf } from "../places.js";
import { household as find, isSeen, model, saidOf, tasksOf, tell, today } from "../model.js";
import { said } from "../talking/sync.js";
import * as words from "../words.js";
import { say, screen } from "./frame.js";
import { confirmed, takeBack } from "./group.js";
import { taskCard } from "./list.js";

export function household(no) {
  const one = find(no);
  if (!one) return screen({ title: "这户已不在本村名单上", back: "#/households", content: null });
  const entry = saidOf(no);
  const tasks = tasksOf(no);
  const draft = drafts.of(`visit:${no}`);
  return screen({
    title: one.head,
    back: addressOf(`group:${one.group}`),
    content: [
      h("p", { class: "lead" }, [one.group, `${one.size} 口人`, ...one.tags].filter(Boolean).join(" · ")),
      one.address ? h("p", {}, one.address) : null,
      h("p", { class: isSeen(one) ? "note fine" : "note" }, standing(one, entry)),
      tasks.length ? h("section", {}, h("h2", {}, "要办的事"), tasks.map((task) => taskCard(task, today()))) : null,
      members(one),
      known(one),
    ],
    actions: [
      h("div", { class: "pair" },
        entry && outbox.canUndo(entry)
          ? h("button", { type: "button", class: "plain", onclick: () => takeBack([entry]) }, "撤销刚才记的")
          : h("button", { type: "button", class: "main", onclick: () => confirmed([one], `${one.head} 已记“无变化”`) }, "无变化"),
        h("a", { class: "button", href: addressOf(`visit:${no}`) }, draft ? "接着写" : "有变化")),
      h("details", { class: "more" }, h("summary", {}, "人不在了、搬走了、名单不对"), results(one)),
    ],
  });
}

function standing(one, entry) {
  if (entry) return `${words.moment(entry.record.made_at, Date.parse(entry.record.made_at))} 记过：${words.STATES[entry.state]}`;
  if (isSeen(one)) return `本月 ${words.day(one.confirmed_on)}已走访`;
  return one.last_visit_on ? `上次走访 ${words.day(one.last_visit_on)}` : "还没有走访记录";
}

function members(one) {
  return h("section", {}, h("h2", {}, "家里人"), h("ul", { class: "people" }, one.members.map((member) => h("li", {},
    h("b", {}, member.name), ` ${[member.relation, member.age === null || member.age === undefined ? "" : `${member.age} 岁`, member.labour, member.education].filter(Boolean).join(" · ")}`,
    h("small", {}, [member.identity, member.phone].filter(Boolean).join("　"))))));
}

function known(one) {
  if (!one.known.length) return null;
  return h("section", {}, h("h2", {}, "已经知道的（不用再填）"), h("dl", { class: "known" }, one.known.map((fact) => h("div", {},
    h("dt", {}, fact.label), h("dd", {}, fact.text || words.value(null, fact.value)), h("dd", { class: "source" }, [fact.source, words.since(fact.as_of)].filter(Boolean).join(" ")))))); 
}

/** One tap, kept at once, with undo: they go back to the office that has the list. What needs a word more opens the form. */
function results(one) {
  const { results: offered, fields } = model.packet.forms.visit;
  const hasMore = (code) => code === "wrong_data" || fields.some((field) => field.required_if && field.required_if[0] === "result" && field.required_if[1].includes(code));
  return h("div", { class: "choices" }, (offered || Object.entries(words.RESULTS)).map(([code, label]) => (hasMore(code)
    ? h("a", { class: "button", href: addressOf(`visit:${one.no}:${code}`) }, label)
    : h("button", { type: "button", onclick: () => answered(one, code, label) }, label))));
}

async function answered(one, result, label) {
  const made = await outbox.add([{ kind: "visit", household_no: one.no, on: today(), data: {}, base: {}, method: "onsite", result, note: "" }]);
  tell();
  say(`${one.head} 已记“${label}”`, () => takeBack(made));
  said();
}
