/* Evidence: files dropped or chosen, upload progress with cancel, finding controls in a long list, the panel beside the list. */
const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

const inputOf = (place) => place.closest("[data-upload]").querySelector("input[type=file]");

const listFiles = (input) => {
  const jobs = input.closest("[data-upload]").querySelector("[data-jobs]");
  const limit = Number(input.form.dataset.maxBytes);
  for (const old of jobs.querySelectorAll("[data-file]")) old.remove();
  for (const file of input.files) {
    const item = document.createElement("li");
    item.className = "job";
    item.dataset.file = "";
    const head = document.createElement("p");
    head.className = "job-head";
    const name = document.createElement("strong");
    name.textContent = file.name;
    const amount = document.createElement("span");
    amount.className = "aside";
    amount.textContent = limit && file.size > limit ? `${jobs.dataset.tooLarge}: ${size(file.size)}` : size(file.size);
    head.append(name, amount);
    item.append(head);
    jobs.prepend(item);
  }
};

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-upload] input[type=file]")) listFiles(event.target);
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest && event.target.closest("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.toggleAttribute("data-over", kind === "dragover");
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    inputOf(zone).files = event.dataTransfer.files;
    listFiles(inputOf(zone));
  });
}

const started = new WeakMap();
const jobOf = (form) => form.querySelector("[data-progress]");
document.addEventListener("htmx:beforeRequest", (event) => {
  const job = event.target.matches("#upload-form") && jobOf(event.target);
  if (!job || !event.target.querySelector("input[type=file]").files.length) return;
  started.set(event.target, performance.now());
  job.hidden = false;
});
document.addEventListener("htmx:xhr:progress", (event) => {
  const job = started.has(event.target) && jobOf(event.target);
  if (!job || !event.detail.lengthComputable || !event.detail.total) return;
  const { loaded, total } = event.detail;
  const left = job.querySelector("[data-left]");
  const seconds = (performance.now() - started.get(event.target)) / 1000;
  job.querySelector("progress").value = (100 * loaded) / total;
  job.querySelector("[data-amount]").textContent = `${size(loaded)} / ${size(total)}`;
  left.textContent = loaded < total ? left.dataset.words.replace("%s", Math.max(1, Math.round((seconds * (total - loaded)) / loaded))) : left.dataset.done;
});
for (const kind of ["htmx:afterRequest", "htmx:xhr:abort"]) {
  document.addEventListener(kind, (event) => {
    if (!started.has(event.target)) return;
    started.delete(event.target);
    const job = jobOf(event.target);
    if (job) job.hidden = true;
  });
}
document.addEventListener("click", (event) => {
  const cancel = event.target.closest("[data-cancel]");
  if (cancel) window.htmx.trigger(cancel.closest("form"), "htmx:abort");
});
let kept = null;
/* A full disk (507) shows its form again; a swapped form keeps the files that were chosen, so that nobody picks them twice. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 507) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
  const input = event.detail.elt && event.detail.elt.matches && event.detail.elt.matches("#upload-form") && event.detail.elt.querySelector("input[type=file]");
  if (input && input.files.length && event.detail.xhr.status === 422) kept = input.files;
});
document.addEventListener("htmx:afterSwap", () => {
  showFinders();
  const summary = document.getElementById("form-errors");
  if (summary) summary.focus();
  const input = kept && document.querySelector("[data-upload] input[type=file]");
  if (input) {
    input.files = kept;
    listFiles(input);
  }
  kept = null;
});

const showFinders = () => {
  for (const box of document.querySelectorAll("[data-finds]")) box.hidden = false;
};
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-find]")) return;
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const group of document.querySelectorAll("#requirement-groups [data-group]")) {
    let here = 0;
    for (const choice of group.querySelectorAll(".choice")) {
      const text = choice.textContent.toLowerCase();
      const stays = words.every((word) => text.includes(word));
      choice.hidden = !stays;
      here += stays ? 1 : 0;
    }
    group.hidden = here === 0;
    found += here;
  }
  const place = event.target.closest("fieldset").querySelector("[data-found]");
  place.textContent = words.length ? place.dataset.words.replace("%s", found) : "";
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-find]")) event.preventDefault();
});
showFinders();

/* Where there is no room for the panel the link simply opens the item's page. */
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.matches("[data-panel]")) return;
  const panel = document.getElementById("inspector");
  if (panel && getComputedStyle(panel).display !== "none") return;
  event.preventDefault();
  window.location.assign(event.target.href);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.matches("[data-panel]") || !event.detail.successful) return;
  for (const row of document.querySelectorAll(".evidence-table tr[aria-current]")) row.removeAttribute("aria-current");
  event.target.closest("tr").setAttribute("aria-current", "true");
});
