/** One thing of a visit: what is known with a button; opened, the box for what it is now. Fields of a group are one thing. */

import { h } from "../dom.js";
import { form, isEmpty } from "../form.js";
import * as words from "../words.js";

/**
 * fields: one field, or those of a group with the leading one first. Typed values go to values.data, and what the person saw
 * before goes to values.base. Gives {element, missing(), show(field), given()}.
 */
export function change({ fields, one, values, changed }) {
  const [leader] = fields;
  const facts = one.known.filter((fact) => fact.field === leader.name || (leader.group && fact.field.split(":")[0] === leader.group));
  const element = h("li", { class: "fact" });
  const state = { form: null };
  const closed = () => {
    state.form = null;
    element.replaceChildren(
      h("div", {}, h("b", {}, leader.label), facts.length ? facts.map(told) : h("span", {}, leader.group || leader.kind === "choices" ? "没有" : "没有记录")),
      h("button", { type: "button", class: "small-button", "aria-label": `${facts.length ? "改" : "填"} ${leader.label}`, onclick: () => open(true) }, facts.length ? "改" : "填"));
  };
  const open = (isNew) => {
    state.form = form({ fields, values: values.data, people: one.members, changed: () => { remember(); changed(); } });
    element.replaceChildren(h("div", { class: "opened" }, facts.map((fact) => h("p", { class: "hint" }, "原来：", told(fact))), state.form.element,
      h("button", { type: "button", class: "small-button plain", "aria-label": `不改 ${leader.label}`, onclick: () => { forget(); changed(); closed(); } }, "不改了")));
    if (!isNew) return;
    const box = element.querySelector("input, textarea, select");
    if (box) box.focus({ preventScroll: true });
    element.scrollIntoView({ block: "center" });
  };
  /** The server compares with what stood on the screen: for a group, what stood there about that member. */
  const remember = () => {
    forgetBase();
    const about = leader.group ? fields.filter((field) => field.kind === "member").map((field) => values.data[field.name]).find(Boolean) : null;
    const key = leader.group ? `${leader.group}:${about}` : leader.name;
    if (leader.group && !about) return;
    const fact = facts.find((known) => known.field === key);
    values.base[key] = fact ? fact.value : null;
  };
  const forgetBase = () => Object.keys(values.base)
    .filter((key) => key === leader.name || (leader.group && key.split(":")[0] === leader.group)).forEach((key) => { delete values.base[key]; });
  const forget = () => {
    forgetBase();
    fields.forEach((field) => { delete values.data[field.name]; });
  };
  if (fields.some((field) => field.name in values.data)) open(false);
  else closed();
  return {
    element,
    missing: () => (state.form && fields.some((field) => !isEmpty(values.data[field.name])) ? state.form.missing() : []),
    show: (field) => state.form.show(field),
    given: () => (state.form ? state.form.given() : {}),
  };
}

const told = (fact) => h("span", {}, fact.text || words.value(null, fact.value), " ", h("small", {}, [fact.source, words.since(fact.as_of)].filter(Boolean).join(" ")));
