// Small conveniences; every page works without them.

// A click on a row opens what its name opens.
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest("a, button, input, summary, label, .src-card")) return;
  if (String(window.getSelection())) return;
  event.target.closest("[data-rows] > tr, [data-rows] > li")?.querySelector("a.name")?.click();
});

// One menu is open at a time; a click elsewhere closes it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[open].drop, details[open].asof-box, details[open].me-box, details[open].menu-m")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// The list of errors takes the focus, so that it is read first.
document.querySelector("[data-focus]")?.focus();

// A wide sheet is scrolled until its cell is seen.
document.getElementById("hit")?.scrollIntoView({ block: "nearest", inline: "nearest" });

// The name of the chosen file stands beside the button.
document.addEventListener("change", (event) => {
  if (!(event.target instanceof HTMLInputElement) || event.target.type !== "file") return;
  const said = document.querySelector(`output[for="${event.target.id}"]`);
  if (said) said.textContent = [...event.target.files].map((file) => file.name).join("、");
});

// When a job ends, the page that showed its progress is read again.
document.addEventListener("htmx:afterSwap", (event) => {
  const done = event.target.closest?.("[data-reload]") ?? document.querySelector("[data-reload]");
  if (done) window.location.assign(done.dataset.reload);
});
