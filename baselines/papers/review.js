// Filters the matrix. The page is whole without it.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const form = byId("filters");
  const [search, role, client, topic, status, count] = ["search", "role", "client", "topic", "status", "count"].map((name) => byId("f-" + name));
  const vectors = byId("vectors").textContent.split(" ");
  const bits = { locked: 1, preset: 2, duty: 4, gap: 8 };
  const table = document.querySelector(".matrix");
  const heads = [...table.querySelectorAll("thead th[data-c]")];
  const groups = [...table.querySelectorAll("tbody")].map((body) => ({ body, topic: body.dataset.t }));
  const rows = groups.flatMap(({ body, topic }) =>
    [...body.querySelectorAll("tr[data-d]")].map((row) => ({
      row,
      topic,
      source: row.dataset.s,
      text: null,
      cells: [...row.querySelectorAll("td[data-c]")].map((cell) => ({
        cell,
        client: cell.dataset.c,
        vector: vectors[Number(cell.dataset.v)],
        marks: [...cell.querySelectorAll("[data-k]")].map((mark) => ({ mark, kind: mark.dataset.k })),
      })),
    })),
  );

  // What a row is found by: itself, and all that stands in the section it leads to.
  const textOf = (entry) => {
    const article = byId(entry.row.dataset.d);
    return (entry.row.textContent + " " + (article ? article.textContent : "")).toLowerCase();
  };
  // What a cell shows of one role, or of all: a sum of bits, or -1 where no role in question has the client.
  const stateOf = (vector, at) => {
    const letters = at === "" ? vector : vector[Number(at)];
    let state = -1;
    for (const letter of letters) {
      if (letter !== "-") state = (state === -1 ? 0 : state) | parseInt(letter, 16);
    }
    return state;
  };

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const at = role ? role.value : "";
    let shown = 0;
    for (const head of heads) head.hidden = client.value !== "" && head.dataset.c !== client.value;
    for (const entry of rows) {
      let fits = topic.value === "" || entry.topic === topic.value;
      if (fits && words.length > 0) {
        entry.text = entry.text === null ? textOf(entry) : entry.text;
        fits = words.every((word) => entry.text.includes(word));
      }
      const from = status.value.startsWith("from-");
      let kept = status.value === "" || (from && entry.source === status.value.slice(5));
      for (const { cell, client: of, vector, marks } of entry.cells) {
        const out = client.value !== "" && of !== client.value;
        cell.hidden = out;
        const state = stateOf(vector, at);
        for (const { mark, kind } of marks) {
          mark.hidden = kind === "nothing" ? state < 0 : state < 0 || (state & bits[kind]) === 0;
        }
        if (!out && !from && status.value !== "") {
          kept = kept || (status.value === "nothing" ? state === 0 && of !== "" : state > 0 && (state & bits[status.value]) !== 0);
        }
      }
      entry.row.hidden = !(fits && kept);
      shown += entry.row.hidden ? 0 : 1;
    }
    for (const { body } of groups) body.hidden = !body.querySelector("tr[data-d]:not([hidden])");
    count.textContent = `${shown} ${count.dataset.of} ${rows.length} ${count.dataset.shown}`;
  };

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply, 0));
  apply();
  // A link into a closed part opens it, also where the browser does not do so by itself.
  const reveal = () => {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    const part = target && target.closest("details");
    if (part) part.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
  // Paper has no parts to open, and no filter.
  let closed = [];
  addEventListener("beforeprint", () => {
    form.reset();
    apply();
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of closed) part.open = false;
  });
})();
