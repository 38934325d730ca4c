/* AI systems: copy a record, choose all systems of a page, and count what is chosen. */
document.querySelectorAll("[data-copy-record]").forEach((button) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector("[data-record]").textContent);
    document.getElementById("announce").textContent = button.textContent.trim() + " ✓";
  });
});
