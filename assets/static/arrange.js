// Comfort on pages with a list to arrange: its buttons work without a new page,
// and its rows can be dragged. Without it the buttons send their forms.
"use strict";

const told = document.createElement("p"); // tells screen readers what was done
told.className = "unseen";
told.setAttribute("role", "status");
document.body.append(told);

for (const list of document.querySelectorAll("ol.arrange[data-order]")) {
  const rows = () => [...list.children];
  let saving = Promise.resolve(); // one after the other, so that the last order stays

  const tidy = () => rows().forEach((row, i, all) => {
    row.querySelector("[value=up]").disabled = i === 0;
    row.querySelector("[value=down]").disabled = i === all.length - 1;
  });

  const save = row => {
    tidy();
    told.textContent = `${row.dataset.name}: ${list.dataset.moved} ${rows().indexOf(row) + 1} / ${rows().length}`;
    const body = new URLSearchParams({ order: rows().map(r => r.dataset.id).join(" ") });
    saving = saving.then(() => fetch(list.dataset.order, { method: "POST", body, redirect: "manual" }))
      .then(answer => { if (!answer.ok && answer.type !== "opaqueredirect") location.reload(); }, () => location.reload());
  };

  list.addEventListener("click", event => {
    const button = event.target.closest("button[name=move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    if (button.value === "up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    save(row);
    (button.disabled ? row.querySelector("[name=move]:not(:disabled)") : button)?.focus();
  });

  for (const row of rows()) {
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.setAttribute("aria-hidden", "true");
    row.prepend(grip);
    grip.addEventListener("pointerdown", event => {
      event.preventDefault();
      const before = rows().indexOf(row);
      grip.setPointerCapture(event.pointerId);
      row.classList.add("dragged");
      const move = e => {
        const over = rows().find(r => r !== row && e.clientY >= r.getBoundingClientRect().top && e.clientY <= r.getBoundingClientRect().bottom);
        if (!over) return;
        if (rows().indexOf(over) < rows().indexOf(row)) over.before(row);
        else over.after(row);
      };
      const end = () => {
        grip.removeEventListener("pointermove", move);
        row.classList.remove("dragged");
        if (rows().indexOf(row) !== before) save(row);
      };
      grip.addEventListener("pointermove", move);
      grip.addEventListener("lostpointercapture", end, { once: true });
    });
  }
}
