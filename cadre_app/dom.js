/** Makes elements. Text stays text: nothing that came from outside is ever read as HTML. */

/** h("button", {class: "main", onclick: f}, "保存", child): attributes whose value is null, undefined or false are left out. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  put(element, children);
  return element;
}

/** Empties an element and fills it with children; lists are flattened, nothing (null, false, "") is left out. */
export function fill(element, ...children) {
  element.textContent = "";
  put(element, children);
  return element;
}

function put(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    element.append(child);
  }
}

let last = 0;

/** A name for an element that a label or a description points at. */
export function newName(stem) {
  last += 1;
  return `${stem}-${last}`;
}
