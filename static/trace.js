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
  for (const link of document.querySelectorAll(".chain-table [data-record]")) {
    const row = link.closest("tr");
    if (link.pathname === here) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
});
