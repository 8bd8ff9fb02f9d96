/** Which screen is open. Addresses carry running numbers, not households: a browser's history should say nothing about anybody. */

const meant = []; // place in the list → "visit:<household>", "task:<id>" …

export function addressOf(about) {
  let place = meant.indexOf(about);
  if (place < 0) place = meant.push(about) - 1;
  return `#/at/${place}`;
}

/** {name, about}: name is one of list, households, sent, phone, group, household, visit, task; unknown addresses lead to the list. */
export function here() {
  const [, name, place] = location.hash.split("/");
  if (name !== "at") return { name: ["households", "sent", "phone"].includes(name) ? name : "list", about: "" };
  const about = meant[Number(place)];
  if (!about) return { name: "list", about: "" };
  const colon = about.indexOf(":");
  return { name: about.slice(0, colon), about: about.slice(colon + 1) };
}

export function forget() {
  meant.length = 0;
}
