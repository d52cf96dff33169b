// Correct with the mouse how a sheet is read: a click on a row's number sets what the pen says.

const form = document.querySelector("[data-reading]");
const field = (name) => form.querySelector(`[name="${name}"]`);
const number = (name) => Number.parseInt(field(name).value, 10) || 0;
const totals = () => field("totals").value.split(/[,，\s]+/).filter(Boolean).map(Number);

// Colours follow the fields, so that what will be read is seen before it is sent.
function paint() {
  const [top, bottom, first, last] = ["top", "bottom", "first", "last"].map(number);
  const sums = new Set(totals());
  for (const row of form.querySelectorAll("[data-row]")) {
    const at = Number(row.dataset.row);
    const filled = [...row.querySelectorAll("td")].some((cell) => cell.textContent.trim());
    let role = "note";
    if (at < top) role = "title";
    else if (at <= bottom) role = "head";
    else if (sums.has(at)) role = "total";
    else if (!filled) role = "empty";
    else if (at >= first && (!last || at <= last)) role = "data";
    row.className = `role-${role}`;
  }
}

function set(line) {
  const pen = form.querySelector("[name=pen]:checked").value;
  if (pen === "totals") {
    const sums = new Set(totals());
    if (!sums.delete(line)) sums.add(line);
    field("totals").value = [...sums].sort((a, b) => a - b).join("，");
  } else {
    field(pen).value = line;
    if (pen === "top" && number("bottom") < line) field("bottom").value = line;
    if (pen === "bottom" && number("first") <= line) field("first").value = line + 1;
  }
  paint();
}

if (form && !field("top").disabled) {
  form.querySelector("[data-pens]").hidden = false;
  form.addEventListener("click", (event) => {
    const line = event.target.closest?.("[data-line]");
    if (line) set(Number(line.dataset.line));
  });
  form.addEventListener("input", paint);
}
