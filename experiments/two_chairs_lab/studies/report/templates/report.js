"use strict";
// Shows numbers that the model has computed and that stand in this page; it computes none.
(() => {
  const find = (one) => document.getElementById(one);
  const data = JSON.parse(find("numbers").textContent);
  const figure = find("chart"), side = 1000;
  const choices = [...document.querySelectorAll("input[name=change]")];
  const rows = [...document.querySelectorAll("#readout tr[data-kind]")];
  const asIs = Object.fromEntries(data.names.map((name, n) => [name, data.asIs[n]]));
  const drawn = new Map([...figure.querySelectorAll("path.area")].map((path) => [path, path.getAttribute("d")]));
  let shown = null, point = Number(find("day").value);

  const series = (name) => {
    const own = shown.series[data.changedNames.indexOf(name)];
    const before = asIs[name] ? asIs[name].slice(0, shown.since) : new Array(shown.since).fill(0);
    return before.concat(own);
  };

  const path = (up, low, high, back) => {
    const corner = (value, n) => {
      const down = (high - value / data.step) / (high - low);
      return `${data.x[n]} ${Math.round(side * Math.min(1, Math.max(0, down)))}`;
    };
    const line = (values) => values.length > 1
      ? values.map(corner) : [corner(values[0], 0), `${side} ${corner(values[0], 0).split(" ")[1]}`];
    const there = line(up);
    return "M" + (back ? there.concat(line(back).reverse()) : there).join("L") + (back ? "Z" : "");
  };

  const draw = () => {
    figure.classList.toggle("switched", shown !== null);
    for (const panel of figure.querySelectorAll("[data-low]")) {
      const low = Number(panel.dataset.low), high = Number(panel.dataset.high);
      let below = null;
      for (const curve of panel.querySelectorAll("path[data-series]")) {
        const name = curve.dataset.series;
        if (curve.classList.contains("area")) {
          if (shown === null) { curve.setAttribute("d", drawn.get(curve)); continue; }
          const share = series(name);
          below = below || share.map(() => 0);
          const above = share.map((value, n) => value + below[n]);
          curve.setAttribute("d", path(below, low, high, above));
          below = above;
        } else if (shown === null) {
          curve.setAttribute("d", "");
        } else if (curve.classList.contains("band")) {
          curve.setAttribute("d", path(series(`${name}:p05`), low, high, series(`${name}:p95`)));
        } else {
          curve.setAttribute("d", path(series(`${name}:p50`), low, high));
        }
      }
    }
    find("difference").hidden = shown === null;
  };

  const two = (value, sign) => {
    const text = Math.abs(value / data.step).toFixed(2);
    if (Number(text) === 0) return text;
    return (value < 0 ? "−" : sign ? "+" : "") + text;
  };
  const percent = (value) => {
    const share = value / data.step;
    if (share > 0 && share < 0.01) return "<1 %";
    return share > 0.99 && share < 1 ? ">99 %" : `${Math.round(100 * share)} %`;
  };
  const points = (value) => {
    const share = Math.abs(value) / data.step;
    return (100 * share).toFixed(share > 0 && share < 0.00949 ? 1 : 0);
  };

  const told = (kind, name, at) => {
    const error = (write) => at(`${name}:error`) === null ? "" : ` ± ${write(at(`${name}:error`))}`;
    if (kind === "share") return percent(at(name)) + error(points);
    if (kind === "gained") {
      const gained = at(name);
      return `${gained < 0 ? "−" : "+"}${points(gained)}${error(points)} points`;
    }
    const signed = kind === "difference";
    const [low, middle, high] = ["p05", "p50", "p95"].map((end) => two(at(`${name}:${end}`), signed));
    return signed ? `${middle}${error(two)} (${low}…${high})` : `${middle} (${low}…${high})`;
  };

  const read = () => {
    find("at").textContent = data.dates[point];
    for (const row of rows) {
      const { kind, series: name } = row.dataset, paired = kind === "difference" || kind === "gained";
      row.hidden = paired && shown === null;
      if (!paired) row.cells[1].textContent = told(kind, name, (key) => asIs[key][point]);
      row.cells[2].textContent = shown === null ? "" : told(kind, name, (key) => series(key)[point]);
    }
    for (const cell of document.querySelectorAll("#readout .changed")) cell.hidden = shown === null;
    for (const line of figure.querySelectorAll("path.pointer"))
      line.setAttribute("d", `M${data.x[point]} 0V${side}`);
    find("day").value = point;
  };

  const choose = () => {
    const chosen = choices.find((choice) => choice.checked);
    shown = chosen && chosen.value !== "" ? data.switches[Number(chosen.value)] : null;
    find("changed").textContent = shown ? shown.words : "As it is";
    find("take").hidden = !(shown && shown.file);
    find("file").value = shown ? shown.file : "";
    find("copied").textContent = "";
    draw();
    read();
  };

  const nearest = (event, plot) => {
    const box = plot.getBoundingClientRect();
    const at = side * (event.clientX - box.left) / box.width;
    let best = 0;
    data.x.forEach((x, n) => { if (Math.abs(x - at) < Math.abs(data.x[best] - at)) best = n; });
    return best;
  };

  for (const plot of figure.querySelectorAll(".plot"))
    for (const kind of ["pointermove", "pointerdown"])
      plot.addEventListener(kind, (event) => { point = nearest(event, plot); read(); });
  find("day").addEventListener("input", (event) => { point = Number(event.target.value); read(); });
  for (const choice of choices) choice.addEventListener("change", choose);
  find("search").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/);
    for (const entry of document.querySelectorAll(".choices div")) {
      const text = entry.textContent.toLowerCase();
      entry.hidden = !words.every((word) => text.includes(word));
    }
  });
  find("copy").addEventListener("click", async () => {
    const file = find("file");
    file.select();
    let done = false;
    try { await navigator.clipboard.writeText(file.value); done = true; }
    catch { done = document.execCommand("copy"); }
    find("copied").textContent = done ? " Copied." : " Marked: copy it with Ctrl-C.";
  });

  const folded = () => [...document.querySelectorAll("main > details")];
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = folded().filter((part) => !part.open);
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of closed) part.open = false; });

  for (const part of document.querySelectorAll(".scripted")) part.hidden = false;
  choose();
})();
