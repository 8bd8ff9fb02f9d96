/** Days, states and results in plain words. */

import { days, dayOf } from "./clock.js";

/** 7月18日 */
export const day = (text) => (text ? `${Number(text.slice(5, 7))}月${Number(text.slice(8, 10))}日` : "");

/** As of a day or a month: 6月30日, 2022年6月. */
export function since(text) {
  if (/^\d{4}-\d{2}$/.test(text || "")) return `${Number(text.slice(0, 4))}年${Number(text.slice(5))}月`;
  return /^\d{4}-\d{2}-\d{2}$/.test(text || "") ? day(text) : text || "";
}

/** 今天 10:32, 昨天 10:32, 7月16日 10:32; both by the clock of China. */
export function moment(text, now) {
  const then = Date.parse(text);
  const passed = days(dayOf(then), dayOf(now));
  const name = passed === 0 ? "今天" : passed === 1 ? "昨天" : day(dayOf(then));
  return `${name} ${new Date(then + 8 * 3600000).toISOString().slice(11, 16)}`;
}

/** 已过期 3 天 · 今天到期 · 还有 2 天 */
export function due(text, today) {
  if (!text) return "没有规定期限";
  const left = days(today, text);
  if (left < 0) return `已过期 ${-left} 天`;
  if (left === 0) return "今天到期";
  if (left === 1) return "明天到期";
  return left <= 31 ? `还有 ${left} 天` : `${day(text)}前`;
}

export const STATES = {
  waiting: "在手机里，等着上传",
  sent: "传过一次，没收到回音，会再传",
  accepted: "平台已收到",
  conflict: "和别人填的不一样",
  refused: "没有收下",
  withdrawn: "已撤销",
};

export const RESULTS = { died: "已去世", moved: "已迁出", not_found: "查无此人", wrong_data: "数据有误" };

export const KINDS = { lead: "线索核实", case: "监测办理", collection: "补问收入", change: "户籍变更", notice: "公示公告" };

/** A known value as people read it: codes become labels, nothing becomes 没有记录. */
export function value(field, raw) {
  if (raw === null || raw === undefined || raw === "") return "没有记录";
  if (raw === true) return "是";
  if (raw === false) return "否";
  const labels = new Map((field && field.choices) || []);
  const text = (Array.isArray(raw) ? raw : [raw]).map((one) => labels.get(one) || String(one)).join("、");
  return field && field.unit && !labels.size ? `${text} ${field.unit}` : text;
}
