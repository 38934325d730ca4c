/* The governance chain: keep the row of the open record marked; on a narrow page follow the link, so that the sheet opens. */
document.addEventListener(
  "click",
  (event) => {
    const panel = document.getElementById("inspector");
    if (event.target.closest("[data-record]") && panel && matchMedia("(width < 66rem)").matches) event.stopPropagation();
  },
  true,
);
document.addEventListener("htmx:afterSettle", () => {
  const here = location.pathname;
  for (const link of document.querySelectorAll(".chain-table tr:not([data-run]) [data-record]")) {
    const row = link.closest("tr");
    if (link.pathname === here) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
});

/* A folded run opens in place; without scripts its link shows every edit. */
for (const link of document.querySelectorAll("[data-run-open]")) {
  const rows = document.querySelectorAll(`[data-run-of="${link.dataset.runOpen}"]`);
  link.setAttribute("role", "button");
  link.setAttribute("aria-expanded", String(!rows[0]?.hidden));
  const toggle = (event) => {
    event.preventDefault();
    const opens = link.getAttribute("aria-expanded") !== "true";
    for (const row of rows) row.hidden = !opens;
    link.setAttribute("aria-expanded", String(opens));
  };
  link.addEventListener("click", toggle);
  link.addEventListener("keydown", (event) => event.key === " " && toggle(event));
}

/* Copy what a link leads to; where the browser has no clipboard for us, the link is followed. */
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-copy-text]");
  if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    await navigator.clipboard.writeText(await answer.text());
    document.getElementById("announce").textContent = link.dataset.copied;
    const words = link.innerHTML;
    link.textContent = link.dataset.copied;
    setTimeout(() => (link.innerHTML = words), 2000);
  } catch {
    location.assign(link.href);
  }
});

/* A filter's drop-down closes with Escape and with a click elsewhere. */
const closeDrops = (except) => {
  for (const drop of document.querySelectorAll(".filter-drop[open]")) if (drop !== except) drop.open = false;
};
document.addEventListener("click", (event) => closeDrops(event.target.closest(".filter-drop")));
document.addEventListener("keydown", (event) => {
  const drop = event.key === "Escape" && event.target.closest?.(".filter-drop[open]");
  if (!drop) return;
  drop.open = false;
  drop.querySelector("summary").focus();
});

/* The way back in time: a slider beside the date, one day a step. */
const track = document.querySelector(".as-of-track");
const date = document.getElementById("as-of-date");
if (track && date) {
  const DAY = 86400000;
  const first = Date.parse(date.min);
  const days = Math.round((Date.parse(date.max) - first) / DAY);
  const range = document.createElement("input");
  Object.assign(range, { type: "range", min: "0", max: String(days), step: "1" });
  range.setAttribute("aria-label", track.dataset.rangeLabel);
  const told = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const say = () => range.setAttribute("aria-valuetext", told.format(first + Number(range.value) * DAY));
  const follow = () => {
    range.value = String(Math.round((Date.parse(date.value || date.max) - first) / DAY));
    say();
  };
  range.addEventListener("input", () => {
    date.value = new Date(first + Number(range.value) * DAY).toISOString().slice(0, 10);
    say();
  });
  date.addEventListener("change", follow);
  if (days > 0) track.querySelector(".density").after(range);
  follow();
}
