/** Speaks to the server: JSON over the session of this very site, or the phone's own signing in, and nobody else. */

const PATIENCE = 30000;

/** No answer, or one that says: later. */
export class Unreachable extends Error {}
/** The session is over; what is on the phone stays. */
export class SignedOut extends Error {}
/** This phone was given up: it has to empty itself. */
export class Wiped extends Error {}
/** The server understood and said no. */
export class Refused extends Error {
  constructor(status, error) {
    super(error.message || "没有收下");
    Object.assign(this, { status, nextStep: error.next_step || "" });
  }
}

export const state = (device) => ask(`/api/app/state?device=${device}`);
export const register = (device, label) => ask("/api/app/device", { device, label });
export const wiped = (device) => ask("/api/app/wiped", { device });
export const packet = (device) => ask(`/api/app/packet?device=${device}`);
export const outbox = (device, records) => ask("/api/app/outbox", { device, records });

export function photo(device, id, record, bytes) {
  const form = new FormData();
  form.append("device", device);
  form.append("id", id);
  form.append("record", record);
  form.append("photo", new Blob([bytes], { type: "image/jpeg" }), "photo.jpg");
  return ask("/api/app/photo", form);
}

/** Neither the session nor the phone's own signing in opens anything from here on. */
export const leave = (device) => ask("/api/app/leave", { device });

/** Sends what is given, asks where nothing is; gives the answer or throws one of the four. */
async function ask(path, sent) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  const asked = { method: sent ? "POST" : "GET", credentials: "same-origin", redirect: "manual", cache: "no-store", signal: stop.signal, headers: {} };
  if (sent) {
    asked.headers["X-CSRFToken"] = token();
    if (sent instanceof FormData) asked.body = sent;
    else {
      asked.headers["Content-Type"] = "application/json";
      asked.body = JSON.stringify(sent);
    }
  }
  try {
    return await understood(await fetch(path, asked));
  } catch (error) {
    if ([Unreachable, SignedOut, Wiped, Refused].some((kind) => error instanceof kind)) throw error;
    throw new Unreachable(String(error));
  } finally {
    clearTimeout(timer);
  }
}

async function understood(response) {
  // A redirect leads to the page for signing in.
  if (response.type === "opaqueredirect" || response.status === 401) throw new SignedOut();
  if (response.status >= 500 || response.status === 408 || response.status === 429) throw new Unreachable(String(response.status));
  const isJson = (response.headers.get("Content-Type") || "").includes("application/json");
  // The page of an office's gateway, or the one that says that the form's token is old.
  if (!isJson) throw response.status === 403 ? new SignedOut() : new Unreachable("not an answer of ours");
  const answer = await response.json();
  if (answer.wipe) throw new Wiped();
  if (!response.ok) throw new Refused(response.status, answer.error || {});
  return answer;
}

function token() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
  return found ? decodeURIComponent(found[1]) : "";
}
