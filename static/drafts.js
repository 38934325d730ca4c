/* Texts that somebody was typing outlive a session that ended, a crash, a closed tab. They stay in this browser, under a
   name that only their writer's pages know, for a day at most, until they are saved, discarded, or their writer signs out. */
const owner = document.querySelector("meta[name=draft-owner]")?.content;
const PREFIX = "assay-draft:";
const LASTS = 24 * 60 * 60 * 1000;
const typed = "textarea[name], input[type=text][name], input:not([type])[name]";

const mine = (form) => owner && form.method === "post" && !form.closest("[data-no-draft]");
const keyOf = (form) => `${PREFIX}${owner}:${new URL(form.action, location.href).pathname}`;
const fieldsOf = (form) => [...form.querySelectorAll(typed)].filter((field) => !field.hidden && !field.readOnly);
const nameOf = (form, field) => `${field.name}.${fieldsOf(form).filter((one) => one.name === field.name).indexOf(field)}`;
const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};
const write = (key, draft) => {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    /* A full or forbidden store keeps no drafts; the form works as ever. */
  }
};

const keep = (form) => {
  const changed = fieldsOf(form).filter((field) => field.value !== field.defaultValue);
  if (!changed.length) return localStorage.removeItem(keyOf(form));
  const texts = Object.fromEntries(changed.map((field) => [nameOf(form, field), { text: field.value, over: field.defaultValue }]));
  return write(keyOf(form), { at: Date.now(), page: location.pathname, texts });
};

/* A draft comes back only over the very text it was written over: what somebody else saved since is never hidden. */
const restore = (form) => {
  const draft = read(keyOf(form));
  if (!draft || draft.sent || form.dataset.draftRestored) return;
  form.dataset.draftRestored = "yes";
  const found = fieldsOf(form).filter((field) => {
    const kept = draft.texts[nameOf(form, field)];
    return kept && kept.over === field.defaultValue && kept.text !== field.value;
  });
  if (!found.length) return;
  for (const field of found) field.value = draft.texts[nameOf(form, field)].text;
  form.prepend(note(form, found));
};

const note = (form, fields) => {
  const place = document.createElement("p");
  place.className = "draft-note";
  place.setAttribute("role", "status");
  place.append("What you typed here before is back, and not saved yet. ");
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "link-button";
  discard.textContent = "Discard it";
  discard.addEventListener("click", () => {
    for (const field of fields) field.value = field.defaultValue;
    localStorage.removeItem(keyOf(form));
    place.remove();
  });
  place.append(discard);
  return place;
};

const all = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

/* A form that was sent is done once a page answers that is neither a sign-in, nor an error, nor the form refused; going
   back or loading again answers nothing. */
const settle = () => {
  const isAnswer = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  const isDone = owner && isAnswer && !location.pathname.startsWith("/accounts/") && !document.querySelector(".error-page, .error-summary, [aria-invalid]");
  for (const key of all()) {
    const draft = read(key);
    if (!draft || Date.now() - draft.at > LASTS) localStorage.removeItem(key);
    else if (draft.sent && isDone) localStorage.removeItem(key);
    else if (draft.sent) write(key, { ...draft, sent: false });
  }
};

settle();
if (owner) {
  for (const form of document.forms) if (mine(form)) restore(form);
  document.addEventListener("htmx:load", (event) => {
    const root = event.target;
    const forms = root.matches?.("form") ? [root] : [...(root.querySelectorAll?.("form") ?? [])];
    for (const form of forms) if (mine(form)) restore(form);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && event.target.matches(typed) && mine(form)) keep(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.action.endsWith("/accounts/logout/")) for (const key of all()) localStorage.removeItem(key);
    else if (mine(form) && read(keyOf(form))) write(keyOf(form), { ...read(keyOf(form)), sent: true });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt?.closest?.("form");
    if (form && mine(form) && event.detail.successful && event.detail.xhr.status < 300 && !event.detail.xhr.getResponseHeader("HX-Redirect")) {
      localStorage.removeItem(keyOf(form));
    }
  });
}
