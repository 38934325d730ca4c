/* Keys and selection of the workbench. Everything here only presses what the page already offers. */
const rows = () => [...document.querySelectorAll(".control-row")];
const current = () => document.querySelector(".control-row[aria-current]") || rows()[0];
let here = new URLSearchParams(location.search).get("control");
const mark = (code) => {
  here = code;
  rows().forEach((row) => row.toggleAttribute("aria-current", false));
  rows().find((row) => row.dataset.code === code)?.setAttribute("aria-current", "true");
};
const open = (row) => {
  if (!row) return;
  mark(row.dataset.code);
  row.querySelector(".cell-control a").click();
  row.scrollIntoView({ block: "nearest" });
};
const step = (by) => {
  const all = rows();
  const place = all.findIndex((row) => row.hasAttribute("aria-current"));
  open(all[Math.min(Math.max(place + by, 0), all.length - 1)]);
};
const choose = (value) => current()?.querySelector(`input[type=radio][value=${value}]:not(:disabled)`)?.click();
const boxes = () => [...document.querySelectorAll(".cell-select input")];
const count = () => {
  const number = boxes().filter((box) => box.checked).length;
  document.querySelectorAll("[data-selected]").forEach((place) => (place.textContent = number));
  document.querySelectorAll(".bulk-bar").forEach((bar) => (bar.hidden = number === 0));
};
const keys = {
  j: () => step(1),
  k: () => step(-1),
  i: () => choose("included"),
  e: () => choose("excluded"),
  u: () => choose("undecided"),
  x: () => current()?.querySelector(".cell-select input")?.click(),
  z: () => document.querySelector("[data-undo]")?.click(),
  t: () => current() && location.assign(document.getElementById("keys").dataset.trace + current().dataset.code),
  v: () => document.querySelector("[data-versions]")?.click(),
  Enter: () => current()?.querySelector("[data-edit]")?.click(),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};
const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog");

document.addEventListener("keydown", (event) => {
  const editor = event.target.closest("[data-editor]");
  if (editor && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    editor.querySelector("button[type=submit]").click();
    return;
  }
  if (event.key === "Escape") {
    if (editor) return editor.querySelector("[data-cancel]").click();
    document.querySelector("[data-clear]")?.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (!document.body.hasAttribute("data-single-keys") || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && event.target.closest("a, button, label, summary, input")) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-select-all]")) boxes().forEach((other) => (other.checked = box.checked));
  if (box.matches("[data-select-area]")) {
    box.closest("tbody").querySelectorAll(".cell-select input").forEach((other) => (other.checked = box.checked));
  }
  if (box.type === "checkbox") count();
});
document.addEventListener("reset", (event) => {
  if (!event.target.matches("#bulk")) return;
  document.querySelectorAll(".soa-table input[type=checkbox]").forEach((box) => (box.checked = false));
  setTimeout(settle);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest(".cell-control a");
  if (link) mark(link.closest(".control-row").dataset.code);
  if (event.target.closest("[data-dismiss]")) event.target.closest(".toast").remove();
});

/* A row shows at once that it is being saved. */
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches(".applies-form")) event.target.closest(".control-row").dataset.state = "saving";
});
let wanted = "why";
document.addEventListener("htmx:beforeRequest", (event) => {
  const opener = event.target.closest("[data-edit]");
  if (opener) wanted = opener.dataset.edit || "why";
});
const settle = () => {
  count();
  if (here) mark(here);
};
document.addEventListener("htmx:afterSettle", (event) => {
  settle();
  const detail = event.target;
  if (detail.matches?.(".row-detail:not([hidden])")) detail.querySelector(`[name=${wanted}]`)?.focus();
  if (detail.id === "inspector" && matchMedia("(width < 66rem)").matches) location.hash = "inspector";
});
document.addEventListener("htmx:oobAfterSwap", (event) => {
  settle();
  const target = event.detail.target;
  if (target.matches?.(".row-detail:not([hidden])")) {
    target.scrollIntoView({ block: "nearest" });
    target.querySelector("[name=why]")?.focus();
  }
});
/* A toast with undo stays ten seconds and waits while it is pointed at or focused. */
let left = 0;
setInterval(() => {
  const toast = document.querySelector("[data-fades]");
  if (!toast) return (left = 10);
  if (toast.matches(":hover, :focus-within")) return;
  if ((left -= 1) < 0) toast.remove();
}, 1000);
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target.id === "toast") left = 10;
});
settle();
