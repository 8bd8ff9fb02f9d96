/** 要办的: everything to be done in one list, by due day: leads, changes, notices, and the month's visits by group. */

import { h } from "../dom.js";
import { lastOfMonth } from "../clock.js";
import * as drafts from "../keeping/drafts.js";
import { addressOf } from "../places.js";
import { groupName, groups, model, nameOf, stepOf, tasksOf, today } from "../model.js";
import * as words from "../words.js";
import { titleOf } from "./drafts.js";
import { screen } from "./frame.js";

export function list() {
  const day = today();
  const open = model.packet.tasks.filter((task) => !stepOf(task));
  const done = model.packet.tasks.filter(stepOf);
  const items = [
    ...open.map((task) => ({ due: task.due_on, card: taskCard(task, day) })),
    ...groups().filter((group) => group.missing.length).map((group) => ({ due: lastOfMonth(day), card: groupCard(group) })),
  ];
  const far = "9999";
  items.sort((one, other) => ((one.due || far) < (other.due || far) ? -1 : (one.due || far) > (other.due || far) ? 1 : 0));
  return screen({
    title: `${words.day(day)}要办的事`,
    content: [
      drafts.all().map((draft) => h("a", { class: "card begun", href: addressOf(draft.about) }, h("b", {}, `没写完：${titleOf(draft.about)}`), h("span", {}, "接着写"))),
      items.length ? sections(items, day) : h("p", { class: "empty" }, "都办完了。"),
      done.length ? h("section", {}, h("h2", {}, "已办，等平台答复"), done.map((task) => h("p", { class: "card done" }, h("b", {}, nameOf(task.household_no)), h("span", {}, `${task.title} · ${words.STATES[stepOf(task).state]}`)))) : null,
    ],
  });
}

function sections(items, day) {
  const parts = [
    ["已经过期", (due) => due && due < day],
    ["今天", (due) => due === day],
    ["以后", (due) => due && due > day],
    ["没有规定期限", (due) => !due],
  ];
  return parts.map(([label, isMeant]) => {
    const meant = items.filter((item) => isMeant(item.due));
    return meant.length ? h("section", {}, h("h2", {}, label), meant.map((item) => item.card)) : null;
  });
}

export function taskCard(task, day) {
  const isLate = Boolean(task.due_on && task.due_on < day);
  return h("a", { class: `card ${isLate ? "late" : ""}`, href: addressOf(`task:${task.id}`) },
    h("span", { class: "line" }, h("b", {}, task.household_no ? nameOf(task.household_no) : task.title), h("span", { class: isLate ? "when late" : "when" }, words.due(task.due_on, day))),
    h("span", {}, task.household_no ? task.title : words.KINDS[task.kind] || ""),
    task.reasons.slice(0, 2).map((reason) => h("small", {}, reason)));
}

function groupCard(group) {
  const scope = group.households.filter((one) => one.is_in_scope !== false);
  const asked = group.missing.filter((one) => tasksOf(one.no).length).length;
  return h("a", { class: "card", href: addressOf(`group:${group.name}`) },
    h("span", { class: "line" }, h("b", {}, `走访 ${groupName(group.name)}`), h("span", { class: "when" }, `还有 ${group.missing.length} 户`)),
    h("span", {}, `本月 ${scope.length} 户，已走访 ${scope.length - group.missing.length} 户`),
    asked ? h("small", {}, `其中 ${asked} 户另有要办的事`) : null);
}
