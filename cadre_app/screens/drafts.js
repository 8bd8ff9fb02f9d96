/** What a draft or a record is called in the lists. */

import { nameOf, task } from "../model.js";
import { RESULTS } from "../words.js";

/** "visit:<household>" and "task:<id>" are what drafts are about. */
export function titleOf(about) {
  const [kind, ...rest] = about.split(":");
  const name = rest.join(":");
  if (kind === "visit") return `${nameOf(name)} 的走访`;
  const found = task(name);
  return found ? `${found.household_no ? nameOf(found.household_no) : ""} ${found.title}` : "已经不在名单上的事";
}

export function titleOfRecord(record) {
  if (record.kind === "undo") return `撤销 ${nameOf(record.household_no)} 的一条记录`;
  const name = record.household_no ? nameOf(record.household_no) : "";
  if (record.kind === "confirmation") return `${name} 无变化`;
  if (record.kind === "step") {
    const found = task(record.task);
    return `${name} ${found ? found.title : "办的一步"}`;
  }
  const count = Object.keys(record.data).length;
  if (record.result) return `${name} ${RESULTS[record.result] || record.result}`;
  return `${name} ${record.method === "phone" ? "电话联系" : "走访"}，改了 ${count} 项`;
}
