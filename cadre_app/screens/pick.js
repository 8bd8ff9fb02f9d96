/** Where the register knows no streets: households are picked by tapping, by the numbers of their doors or block by block, and said together. */

import { h, newName } from "../dom.js";

const BLOCK = 10;
const chosen = new Set(); // stays while the screen is drawn anew
const opened = new Set([0]);

/** all: households still to be seen; free: those of them that may be said together; row(one) draws one. Gives {element, actions}. */
export function pick({ all, free, row, confirmed }) {
  const allowed = new Set(free.map((one) => one.no));
  for (const no of [...chosen]) if (!allowed.has(no)) chosen.delete(no);
  const boxes = new Map();
  const said = h("button", { type: "button", class: "main", onclick: () => {
    const homes = free.filter((one) => chosen.has(one.no));
    chosen.clear();
    confirmed(homes);
  } });
  const none = h("button", { type: "button", class: "plain", onclick: () => set([...chosen], false) }, "都不选");
  const show = () => {
    for (const [no, box] of boxes) box.checked = chosen.has(no);
    said.textContent = chosen.size ? `选的 ${chosen.size} 户都无变化` : "先勾选走过的户";
    said.disabled = !chosen.size;
    none.hidden = !chosen.size;
  };
  const set = (numbers, isChosen) => {
    for (const no of numbers) if (allowed.has(no)) { if (isChosen) chosen.add(no); else chosen.delete(no); }
    show();
  };
  const tick = (one) => {
    if (!allowed.has(one.no)) return h("span", { class: "tick" });
    const box = h("input", { type: "checkbox", "aria-label": `选上 ${one.head}`, onchange: () => set([one.no], box.checked) });
    boxes.set(one.no, box);
    return h("label", { class: "tick" }, box);
  };
  const sorted = inOrder(all);
  const blocks = [];
  for (let start = 0; start < sorted.length; start += BLOCK) blocks.push(sorted.slice(start, start + BLOCK));
  const element = h("div", {},
    free.some((one) => one.door) ? byDoor(free, set) : null,
    blocks.map((block, place) => {
      const mine = block.filter((one) => allowed.has(one.no)).map((one) => one.no);
      return h("details", { class: "group", open: opened.has(place) || blocks.length === 1, ontoggle: (event) => (event.target.open ? opened.add(place) : opened.delete(place)) },
        h("summary", {}, h("b", {}, nameOf(block)), ` ${block.length} 户`),
        mine.length > 1 ? h("button", { type: "button", class: "small-button plain block", onclick: () => set(mine, !mine.every((no) => chosen.has(no))) }, `这 ${mine.length} 户全选`) : null,
        h("ul", { class: "rows" }, block.map((one) => row(one, tick(one)))));
    }));
  show();
  return { element, actions: [h("div", { class: "pair uneven" }, none, said)] };
}

/** By door where doors are known, then by name as a dictionary has them. */
function inOrder(households) {
  const names = new Intl.Collator("zh-Hans-u-co-pinyin");
  return [...households].sort((one, other) => (one.door || Infinity) - (other.door || Infinity) || names.compare(one.head, other.head) || (one.no < other.no ? -1 : 1));
}

function nameOf(block) {
  const [first, last] = [block[0], block[block.length - 1]];
  if (first.door && last.door) return first.door === last.door ? `${first.door} 号` : `${first.door}–${last.door} 号`;
  return block.length > 1 ? `${first.head} 到 ${last.head}` : first.head;
}

function byDoor(free, set) {
  const [from, until] = [newName("door"), newName("door")];
  const box = (name, label) => h("span", { class: "door" }, h("label", { for: name }, label), h("input", { id: name, type: "text", inputmode: "numeric", autocomplete: "off", maxlength: 4 }));
  const problem = h("p", { class: "problem", role: "alert" });
  return h("form", { class: "doors", onsubmit: (event) => {
    event.preventDefault();
    const [first, last] = [from, until].map((name) => Number(document.getElementById(name).value));
    const meant = free.filter((one) => one.door && one.door >= Math.min(first, last) && one.door <= Math.max(first, last));
    problem.textContent = meant.length ? "" : "没有这些门牌号的户。";
    set(meant.map((one) => one.no), true);
  } }, h("p", {}, "按门牌号选"), h("div", { class: "pair" }, box(from, "从几号"), box(until, "到几号"), h("button", {}, "选上")), problem);
}
