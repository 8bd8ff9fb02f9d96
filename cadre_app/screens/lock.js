/** The PIN: making one, typing it, waiting after wrong ones, and the way out when it is forgotten. */

import { fill, h, newName } from "../dom.js";
import { TRIES, PIN_LENGTH, WrongPin } from "../keeping/vault.js";
import * as vault from "../keeping/vault.js";

export function pinBox(label, attributes = {}) {
  const name = newName("pin");
  const input = h("input", { id: name, class: "pin", type: "password", inputmode: "numeric", pattern: "[0-9]*", maxlength: PIN_LENGTH, autocomplete: "off", ...attributes });
  return { input, element: h("div", { class: "field" }, h("label", { for: name }, label), input) };
}

/** Locked: {title, opened(), forgotten(), count}: count records wait behind the lock. */
export function locked({ opened, forgotten, emptied, count, note }) {
  const problem = h("p", { class: "problem", role: "alert" });
  const box = pinBox("开锁密码（6 位数字）", { autofocus: true });
  let isTrying = false;
  const pause = (seconds) => {
    box.input.disabled = seconds > 0;
    if (seconds <= 0) { problem.textContent = problem.dataset.left || ""; box.input.focus(); return; }
    problem.textContent = `${problem.dataset.left || ""}请等 ${wait(seconds)}再试。`;
    setTimeout(async () => pause((await vault.standing()).seconds), 1000);
  };
  const attempt = async () => {
    if (isTrying || box.input.value.length < PIN_LENGTH) return;
    isTrying = true;
    problem.textContent = "正在开锁……";
    try {
      await vault.open(box.input.value);
      await opened();
    } catch (error) {
      if (!(error instanceof WrongPin)) throw error;
      if (!error.left) { emptied(); return; }
      problem.dataset.left = `密码不对，还可以试 ${error.left} 次，之后手机里的资料会清空。`;
      pause(error.seconds);
    } finally {
      isTrying = false;
      box.input.value = "";
    }
  };
  box.input.addEventListener("input", attempt);
  vault.standing().then(({ left, seconds }) => {
    if (left < TRIES) problem.dataset.left = `还可以试 ${left} 次。`;
    if (seconds) pause(seconds);
  });
  const lost = h("div", {});
  return h("main", { class: "lock" }, h("h1", {}, "守望 · 走访"), note ? h("p", { class: "note" }, note) : null,
    h("form", { onsubmit: (event) => { event.preventDefault(); attempt(); } }, box.element, problem, h("button", { class: "main" }, "打开")),
    count ? h("p", { class: "hint" }, `有 ${count} 条存在手机里，打开后自动上传。`) : null,
    h("details", { class: "more" }, h("summary", {}, "忘了密码"), fill(lost,
      h("p", {}, "密码谁也查不到，只能清空这部手机，再连网登录、重新下载。", count ? `还没上传的 ${count} 条会丢掉。` : ""),
      h("button", { type: "button", class: "danger", onclick: forgotten }, "清空这部手机"))));
}

const wait = (seconds) => (seconds >= 60 ? `${Math.ceil(seconds / 60)} 分钟` : `${seconds} 秒`);

/** A first PIN: chosen(pin) is called once two equal ones were typed. */
export function newPin({ chosen }) {
  const problem = h("p", { class: "problem", role: "alert" });
  const [first, again] = [pinBox("开锁密码（6 位数字）", { autofocus: true }), pinBox("再输一次")];
  const button = h("button", { class: "main" }, "好，下载资料");
  return h("main", { class: "lock" }, h("h1", {}, "定一个开锁密码"),
    h("p", {}, "这个密码只在这部手机上用：没有网络也能打开，别人捡到手机打不开。请记牢，不要用生日或 123456。"),
    h("form", { onsubmit: async (event) => {
      event.preventDefault();
      const pin = first.input.value;
      if (!/^\d{6}$/.test(pin)) problem.textContent = "要 6 位数字。";
      else if (isEasy(pin)) problem.textContent = "这个密码太好猜，请换一个。";
      else if (pin !== again.input.value) problem.textContent = "两次输的不一样，请再输一次。";
      else {
        button.disabled = true;
        problem.textContent = "正在下载本村资料……";
        const fault = await chosen(pin);
        if (fault) problem.textContent = fault;
        button.disabled = false;
      }
    } }, first.element, again.element, problem, button));
}

const isEasy = (pin) => /^(\d)\1{5}$/.test(pin) || "01234567890".includes(pin) || "09876543210".includes(pin);
