/** The shell: kept by the service worker for starting without a network; a new version is offered, never forced. */

import { h } from "./dom.js";

let offer = null; // the browser's own offer to put the app on the home screen

export function start() {
  window.addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); offer = event; });
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.register("/app/sw.js", { scope: "/app/" }).then((registration) => {
    if (registration.waiting && navigator.serviceWorker.controller) announce(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const fresh = registration.installing;
      fresh.addEventListener("statechange", () => { if (fresh.state === "installed" && navigator.serviceWorker.controller) announce(fresh); });
    });
    const look = () => registration.update().catch(() => {}); // without a network there is nothing new to hear
    window.addEventListener("online", look);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  }).catch((error) => console.warn("no service worker", error));
}

/** How to put it on the home screen; null where the browser has no button for it. */
export function install() {
  return offer ? () => { offer.prompt(); offer = null; } : null;
}

/** What is being typed is saved already, so the new version may start whenever the person likes. */
function announce(worker) {
  if (document.querySelector(".update")) return;
  const bar = h("div", { class: "update", role: "status" }, h("span", {}, "有新版本，写的内容不会丢。"),
    h("button", { type: "button", onclick: () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      worker.postMessage("take over");
    } }, "现在换"),
    h("button", { type: "button", class: "plain", onclick: () => bar.remove() }, "以后"));
  document.body.prepend(bar);
}
