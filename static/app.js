/* The frame's script: colour theme, htmx under a strict CSP, toasts. Keys of the workbench live in soa.js. */
const root = document.documentElement;
const stored = localStorage.getItem("assay-theme");
if (stored) root.dataset.theme = stored;
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("assay-theme", root.dataset.theme);
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]");
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
});
/* A refused form comes back as 422, a conflict as 409: both show their page, never a silent failure. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 413, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
const say = (text) => {
  const place = document.getElementById("announce");
  if (place) place.textContent = text;
};
document.addEventListener("htmx:sendError", () => say("The connection was lost. What you typed is still here; try again."));
document.addEventListener("htmx:responseError", (event) => {
  const code = event.detail.xhr.status;
  if (![409, 413, 422].includes(code)) say(`The server answered ${code}. Nothing was saved; what you typed is still here.`);
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});
/* "/" goes to the search of the page, or else to the one over everything; single keys can be turned off in one's profile. */
document.addEventListener("keydown", (event) => {
  const jump = document.querySelector("[data-jump]");
  if (event.key !== "/" || !jump || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, textarea, select, dialog") || document.querySelector("[data-search]")) return;
  event.preventDefault();
  jump.focus();
});
/* What a page asks by itself is no sign of life of its reader: the session may still end for want of use. */
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.triggeringEvent) event.detail.headers["X-Assay-Poll"] = "1";
});
/* After confirming who one is, what was sent before goes on by itself; without scripts, by its button. */
document.querySelector("form[data-go-on]")?.requestSubmit();
