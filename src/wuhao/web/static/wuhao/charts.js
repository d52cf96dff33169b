// Draws the charts whose data stand in the page as JSON; colours come from the style sheet.

const style = getComputedStyle(document.documentElement);

// "var(--a)" in the data becomes the colour of grade A, so that no colour is named twice.
function coloured(value) {
  if (typeof value === "string") {
    const name = /^var\((--[\w-]+)\)$/.exec(value);
    return name ? style.getPropertyValue(name[1]).trim() : value;
  }
  if (Array.isArray(value)) return value.map(coloured);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, coloured(inner)]));
  }
  return value;
}

function draw(place) {
  const data = document.getElementById(place.dataset.chart);
  if (!data || !window.echarts) return;
  const options = coloured(JSON.parse(data.textContent));
  if (place.clientWidth < 480) {
    for (const line of options.series.map((one) => one.markLine).filter(Boolean)) line.label.show = false;
    for (const point of options.series.flatMap((one) => one.markLine?.data ?? [])) delete point.label;
  }
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  chart.setOption({
    textStyle: { fontFamily: style.getPropertyValue("--sans").trim(), fontSize: 12 },
    aria: { enabled: false },
    animation: false,
    ...options,
  });
  place.dataset.drawn = "yes";
  new ResizeObserver(() => chart.resize()).observe(place);
  window.addEventListener("beforeprint", () => chart.resize());
}

for (const place of document.querySelectorAll("[data-chart]")) draw(place);
