/** A group's households: "no change" with one tap for one of them, or for all at once, and back again. */

import { h } from "../dom.js";
import * as outbox from "../keeping/outbox.js";
import { addressOf } from "../places.js";
import { confirm, groupName, groups, isSeen, saidOf, tasksOf, tell } from "../model.js";
import { said } from "../talking/sync.js";
import * as words from "../words.js";
import { say, screen } from "./frame.js";
import { pick } from "./pick.js";

export function group(name) {
  const found = groups().find((one) => one.name === name);
  if (!found) return screen({ title: "没有这个组", back: "#/", content: null });
  const simple = found.missing.filter((one) => !tasksOf(one.no).length);
  const asked = found.missing.length - simple.length;
  const seen = found.households.filter(isSeen);
  // Nobody walks a whole village at once: where the register has no streets, people pick where they have been.
  const picked = !name && simple.length > 1 ? pick({ all: found.missing, free: simple, row, confirmed: (homes) => confirmed(homes, `${homes.length} 户已记“无变化”`) }) : null;
  return screen({
    title: groupName(name),
    back: "#/",
    content: [
      h("p", { class: "lead" }, found.missing.length ? `还有 ${found.missing.length} 户没有走访，已走访 ${seen.length} 户。` : "本月都走访过了。"),
      picked ? h("p", { class: "hint" }, "档案里没有分组。走完几户，在名字前面打勾，一起记。") : null,
      picked ? picked.element : found.missing.length ? h("ul", { class: "rows" }, found.missing.map((one) => row(one))) : null,
      seen.length ? h("section", {}, h("h2", {}, "已走访"), h("ul", { class: "rows" }, seen.map(seenRow))) : null,
    ],
    actions: picked ? picked.actions : name && simple.length > 1 ? [
      asked ? h("p", { class: "hint" }, `另有 ${asked} 户有事要办，请一户一户来。`) : null,
      h("button", { type: "button", class: "main", onclick: () => confirmed(simple, `${simple.length} 户已记“无变化”`) }, `这 ${simple.length} 户都无变化`),
    ] : null,
  });
}

/** Says it, at once, and offers the way back. */
export async function confirmed(households, text) {
  const made = await confirm(households);
  say(text, () => takeBack(made));
  said();
}

export async function takeBack(entries) {
  await outbox.undo(entries);
  tell();
  say("已撤销");
  said();
}

function row(one, tick = null) {
  const tasks = tasksOf(one.no);
  return h("li", {}, tick,
    h("a", { href: addressOf(`household:${one.no}`) }, h("b", {}, one.head), h("small", {}, [one.door ? `${one.door} 号` : "", `${one.size} 口人`, ...one.tags].filter(Boolean).join(" · "))),
    tasks.length
      ? h("a", { class: "small-button plain", href: addressOf(`household:${one.no}`) }, "有事要办")
      : h("button", { type: "button", class: "small-button", "aria-label": `${one.head} 无变化`, onclick: () => confirmed([one], `${one.head} 已记“无变化”`) }, "无变化"));
}

function seenRow(one) {
  const entry = saidOf(one.no);
  return h("li", {},
    h("a", { href: addressOf(`household:${one.no}`) }, h("b", {}, one.head), h("small", {}, entry ? words.STATES[entry.state] : `${words.day(one.confirmed_on)}已走访`)),
    entry && outbox.canUndo(entry) ? h("button", { type: "button", class: "small-button plain", "aria-label": `撤销 ${one.head}`, onclick: () => takeBack([entry]) }, "撤销") : null);
}

/** All households of the village by group, and a box to find one by name. */
export function households() {
  const place = h("div", {});
  const draw = (text) => {
    place.textContent = "";
    for (const found of groups()) {
      const meant = found.households.filter((one) => !text || one.head.includes(text) || one.members.some((member) => member.name.includes(text)));
      if (!meant.length) continue;
      const open = h("details", { class: "group", open: Boolean(text) || found.households.length <= 12 },
        h("summary", {}, h("b", {}, groupName(found.name)), ` ${found.households.length} 户`),
        h("ul", { class: "rows" }, meant.map((one) => h("li", {},
          h("a", { href: addressOf(`household:${one.no}`) }, h("b", {}, one.head), h("small", {}, [isSeen(one) ? "本月已走访" : one.is_in_scope === false ? "" : "本月未走访", ...one.tags].filter(Boolean).join(" · ")))))));
      place.append(open);
    }
    if (!place.childElementCount) place.append(h("p", { class: "empty" }, "没有找到。"));
  };
  draw("");
  return screen({
    title: "本村农户",
    content: [h("label", { class: "find" }, h("span", {}, "找一户（户主或家里人的姓名）"), h("input", { type: "search", autocomplete: "off", oninput: (event) => draw(event.target.value.trim()) })), place],
  });
}
