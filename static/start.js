/* The first day: the time zone of the browser, and rows for systems that show one after the other. */
const zone = document.querySelector("[data-time-zone]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.getElementById("form-errors") && [...zone.options].some((option) => option.value === here)) zone.value = here;

const rows = [...document.querySelectorAll("[data-row]")];
const more = document.querySelector("[data-add-row]");
const isEmpty = (row) => !row.hasAttribute("data-kept") && [...row.querySelectorAll("input")].every((input) => input.value === "");
rows.forEach((row, place) => (row.hidden = place > 1 && isEmpty(row)));
const offer = () => {
  if (more) more.hidden = !rows.some((row) => row.hidden);
};
more?.addEventListener("click", () => {
  const next = rows.find((row) => row.hidden);
  next.hidden = false;
  next.querySelector("input").focus();
  offer();
});
offer();
