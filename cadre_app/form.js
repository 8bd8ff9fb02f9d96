/** Fields of a form, made from their definitions. Values are text, lists of codes, or true/false; nothing is judged here. */

import { h, newName } from "./dom.js";

const FEW = 8;

/**
 * fields: definitions; values: what is there, changed in place; changed(): called with every key; people: members of the household.
 * Gives {element, missing()}: missing lists the labels of what the definitions ask for and nobody has filled in.
 */
export function form({ fields, values, changed, people = [] }) {
  const rows = new Map();
  const update = () => fields.forEach((field) => { rows.get(field.name).hidden = !isAsked(field, values); });
  const heard = (field, value) => {
    values[field.name] = value;
    update();
    changed();
  };
  for (const field of fields) rows.set(field.name, row(field, values[field.name], (value) => heard(field, value), people));
  update();
  return {
    element: h("div", { class: "fields" }, [...rows.values()]),
    missing: () => fields.filter((field) => (field.required || field.required_if) && isAsked(field, values) && isEmpty(values[field.name])),
    given: () => Object.fromEntries(fields.filter((field) => isAsked(field, values) && !isEmpty(values[field.name])).map((field) => [field.name, tidy(values[field.name])])),
    show: (field) => {
      const box = rows.get(field.name);
      box.classList.add("missing");
      const first = box.querySelector("input, textarea, select");
      if (first) first.focus();
      box.scrollIntoView({ block: "center" });
    },
  };
}

/** Asked for only when the other field has one of the values. */
function isAsked(field, values) {
  if (!field.required_if) return true;
  const [other, wanted] = field.required_if;
  const value = values[other];
  return (Array.isArray(value) ? value : [value]).some((one) => wanted.includes(String(one)));
}

/** Nothing was filled in; a box that is not ticked says nothing. */
export const isEmpty = (value) => value === undefined || value === null || value === "" || value === false || (Array.isArray(value) && !value.length);
const tidy = (value) => (typeof value === "string" ? value.trim() : value);

function row(field, value, heard, people) {
  const name = newName("field");
  const help = field.help || (field.kind === "long_text" ? "可以点键盘上的话筒，用说的。" : "");
  const choices = field.kind === "member" ? people.map((one) => [String(one.id), `${one.name}（${one.relation}）`]) : field.choices || [];
  const label = [field.label, field.unit ? `（${field.unit}）` : "", field.required || field.required_if ? h("span", { class: "must" }, " 必填") : ""];
  const hint = help ? h("p", { class: "hint", id: `${name}-hint` }, help) : null;
  const common = { id: name, "aria-describedby": help ? `${name}-hint` : null };
  if (["choice", "choices", "member"].includes(field.kind) && choices.length <= FEW) {
    return h("fieldset", { class: "field", "data-field": field.name }, h("legend", {}, label), hint, h("div", { class: choices.every(([, label]) => label.length <= 4) ? "options short" : "options" }, options(field, name, choices, value, heard)));
  }
  if (field.kind === "flag") {
    const box = h("input", { ...common, type: "checkbox", onchange: (event) => heard(event.target.checked) });
    box.checked = value === true;
    return h("div", { class: "field", "data-field": field.name }, h("label", { class: "option", for: name }, box, h("span", {}, label)), hint);
  }
  return h("div", { class: "field", "data-field": field.name }, h("label", { for: name }, label), hint, control(field, common, choices, value, heard));
}

function options(field, name, choices, value, heard) {
  const isMany = field.kind === "choices";
  const chosen = new Set(isMany ? value || [] : [value]);
  return choices.map(([code, label]) => {
    const box = h("input", { type: isMany ? "checkbox" : "radio", name, value: code, onchange: () => {
      if (!isMany) return heard(code);
      if (box.checked) chosen.add(code);
      else chosen.delete(code);
      return heard([...chosen]);
    } });
    box.checked = chosen.has(code);
    return h("label", { class: "option" }, box, h("span", {}, label));
  });
}

function control(field, common, choices, value, heard) {
  const oninput = (event) => heard(event.target.value);
  if (field.kind === "long_text") return h("textarea", { ...common, rows: 4, maxlength: field.most || 2000, oninput, value: value || "" });
  if (field.kind === "day") return h("input", { ...common, type: "date", oninput, value: value || "" });
  if (field.kind === "number") return h("input", { ...common, type: "text", inputmode: "decimal", autocomplete: "off", oninput, value: value || "" });
  if (choices.length) {
    const isMany = field.kind === "choices";
    const list = h("select", { ...common, multiple: isMany, onchange: () => heard(isMany ? [...list.selectedOptions].map((one) => one.value) : list.value) },
      isMany ? null : h("option", { value: "" }, "请选择"), choices.map(([code, label]) => h("option", { value: code }, label)));
    for (const option of list.options) option.selected = isMany ? (value || []).includes(option.value) : option.value === (value || "");
    return list;
  }
  return h("input", { ...common, type: "text", maxlength: field.most || 200, autocomplete: "off", oninput, value: value || "" });
}
