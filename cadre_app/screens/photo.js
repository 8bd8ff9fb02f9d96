/** A photo, where somebody wants one: never asked for, made small, and without the place where it was taken. */

import { h } from "../dom.js";
import * as photos from "../keeping/photos.js";

const MOST = 3;

/** values.photos are the ids; changed() saves the draft. */
export function photoRow(values, changed) {
  const pictures = h("ul", { class: "photos" });
  const said = h("p", { class: "hint", role: "status" });
  const taken = h("input", { type: "file", accept: "image/*", capture: "environment", class: "hidden-input", id: "photo", onchange: async () => {
    const file = taken.files[0];
    taken.value = "";
    if (!file) return;
    try {
      values.photos.push(await photos.keep(await photos.shrunk(file)));
      changed();
      draw();
    } catch (error) {
      said.textContent = "这张照片打不开，请重拍一张。";
    }
  } });
  const button = h("label", { class: "button", for: "photo" }, "拍张照片（可以不拍）");
  const draw = async () => {
    const shown = await Promise.all(values.photos.map(async (id) => [id, await photos.shown(id)]));
    pictures.replaceChildren(...shown.map(([id, source], place) => h("li", {}, h("img", { src: source, alt: `第 ${place + 1} 张照片` }),
      h("button", { type: "button", class: "small-button plain", "aria-label": `删掉第 ${place + 1} 张照片`, onclick: async () => {
        values.photos = values.photos.filter((other) => other !== id);
        changed();
        await photos.drop(id);
        draw();
      } }, "删掉"))));
    button.hidden = values.photos.length >= MOST;
    said.textContent = values.photos.length ? "照片已缩小，不带拍摄地点。" : "";
  };
  draw();
  return h("section", { class: "photo" }, taken, button, said, pictures);
}
