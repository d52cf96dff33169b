// Keys of every page: / and Ctrl+K find; j and k move in a list; Enter opens; Esc closes.

const rows = () =>
  [...document.querySelectorAll("[data-rows] > tr, [data-rows] > li")].filter(
    (row) => row.querySelector("a.name") && row.getClientRects().length > 0,
  );

const typing = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

function find(event) {
  const box = document.querySelector("[data-search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

function move(step) {
  const all = rows();
  if (all.length === 0) return;
  const at = all.findIndex((row) => row.classList.contains("is-cursor"));
  const next = at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step));
  for (const row of document.querySelectorAll(".is-cursor")) row.classList.remove("is-cursor");
  all[next].classList.add("is-cursor");
  all[next].querySelector("a.name").focus({ preventScroll: true });
  all[next].scrollIntoView({ block: "nearest" });
}

function close() {
  const active = document.activeElement;
  const open = active?.closest("details[open]") ?? document.querySelector("details[open].drop, details[open].asof-box, details[open].me-box, details[open].menu-m");
  if (open) {
    open.open = false;
    open.querySelector("summary")?.focus();
  } else if (active instanceof HTMLElement) {
    active.blur();
  }
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return find(event);
  if (event.key === "Escape") return close();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") find(event);
  else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
});
