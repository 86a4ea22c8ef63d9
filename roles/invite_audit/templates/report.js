// Copyright (c) 2026, community.cloudflare contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Sorts and filters the table of invites, and reveals the target of a link. The page is complete
// without: this adds the controls. It reads the text of the page, and never writes HTML.
(() => {
  "use strict";

  const form = document.getElementById("filter");
  const table = document.querySelector("table.invites");
  const rows = table ? [...table.tBodies[0].rows] : [];

  // Filter

  const searchInput = document.getElementById("words");
  const status = document.getElementById("status");
  const severity = document.getElementById("severity");
  const count = document.getElementById("count");
  const texts = new Map();

  function rowText(row) {
    if (!texts.has(row)) {
      const cells = [...row.cells].map((cell) => cell.textContent);
      texts.set(row, cells.join("\n").toLowerCase());
    }
    return texts.get(row);
  }

  function hasSeverity(row, requested) {
    const found = row.dataset.severities;
    if (requested === "some" || requested === "none") {
      return (found !== "") === (requested === "some");
    }
    return found.split(" ").includes(requested);
  }

  function filter() {
    const requested = searchInput.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const isShown =
        (!status.value || row.dataset.status === status.value) &&
        (!severity.value || hasSeverity(row, severity.value)) &&
        requested.every((word) => rowText(row).includes(word));
      row.hidden = !isShown;
      shown += isShown ? 1 : 0;
    }
    const noun = `${count.dataset.noun}${rows.length === 1 ? "" : "s"}`;
    const all = `${rows.length.toLocaleString("en")} ${noun}`;
    count.textContent = shown === rows.length ? all : `${shown.toLocaleString("en")} of ${all}`;
    document.getElementById("no-match").hidden = shown > 0;
  }

  // Sort

  const collator = new Intl.Collator("en", { numeric: true });

  // What is unknown has no key, and comes last both ways.
  function sortKey(cell, isNumber) {
    if (isNumber) {
      return "value" in cell.dataset ? Number(cell.dataset.value) : null;
    }
    const first = cell.querySelector("bdi, .none");
    return first && first.className === "none" ? null : cell.textContent;
  }

  function sort(header) {
    const column = header.cellIndex;
    const isNumber = rows.some((row) => "value" in row.cells[column].dataset);
    const isDescending = header.getAttribute("aria-sort") === "ascending";
    const keyed = rows.map((row, place) => [sortKey(row.cells[column], isNumber), place, row]);
    keyed.sort(([one, place], [other, otherPlace]) => {
      if (one === null || other === null) {
        return (one === null) - (other === null) || place - otherPlace;
      }
      const order = isNumber ? one - other : collator.compare(one, other);
      return (isDescending ? -order : order) || place - otherPlace;
    });
    table.tBodies[0].append(...keyed.map(([, , row]) => row));
    mark(header, isDescending ? "descending" : "ascending");
  }

  function mark(header, order) {
    for (const other of header.parentNode.cells) {
      other.removeAttribute("aria-sort");
    }
    header.setAttribute("aria-sort", order);
  }

  // Links

  function showAll() {
    form.reset();
    filter();
  }

  // A link may lead to a row that is filtered out, or into what is collapsed.
  function revealTarget(hash) {
    const target = document.getElementById(hash.slice(1));
    const folded = target && target.closest("details:not([open])");
    if (folded) {
      folded.open = true;
    }
    const isFiltered = Boolean(target && target.hidden);
    if (isFiltered) {
      showAll();
    }
    if (folded || isFiltered) {
      target.scrollIntoView();
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) {
      revealTarget(link.hash);
    }
  });
  addEventListener("hashchange", () => revealTarget(location.hash));

  if (table) {
    for (const header of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      button.addEventListener("click", () => sort(header));
      header.append(button);
    }
    mark(table.tHead.rows[0].cells[0], "ascending");
    form.addEventListener("input", filter);
    document.getElementById("all").addEventListener("click", showAll);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    filter();
  }
  revealTarget(location.hash);
})();
