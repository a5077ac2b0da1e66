// Comfort on pages that offer something to copy or to share. Without it they
// show the same texts, to be marked and copied by hand, and every link works.
"use strict";

const said = document.createElement("p"); // tells screen readers what was done
said.className = "unseen";
said.setAttribute("role", "status");
document.body.append(said);

// textOf is what an element holds: the value of a field, the text of all else.
const textOf = id => {
  const e = document.getElementById(id);
  return "value" in e ? e.value : e.textContent.trim();
};

// A button with data-copy copies the text of the element with that id; with
// data-rich it also copies the HTML that another element holds, so that mail
// programs take it as it looks.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const plain = textOf(button.dataset.copy);
    const rich = button.dataset.rich ? textOf(button.dataset.rich) : "";
    const done = await copied(plain, rich);
    tell(button, done ? button.dataset.done : button.dataset.failed);
  });
}

async function copied(plain, rich) {
  // A copy event keeps HTML as it is; the newer way cleans it, and takes its
  // styles. Plain text goes the newer way, which needs no event.
  if (rich && copiedByEvent(plain, rich)) return true;
  try {
    await navigator.clipboard.writeText(plain);
    return !rich;
  } catch { // closed to scripts here, as it is without https
    return copiedByEvent(plain, "");
  }
}

function copiedByEvent(plain, rich) {
  let filled = false;
  const fill = event => {
    event.preventDefault();
    event.clipboardData.setData("text/plain", plain);
    if (rich) event.clipboardData.setData("text/html", rich);
    filled = true;
  };
  document.addEventListener("copy", fill);
  const done = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  return done && filled;
}

// tell shows words on a button for a while, and says them.
function tell(button, words) {
  button.dataset.name ??= button.textContent;
  button.textContent = words;
  said.textContent = words;
  clearTimeout(button.timer);
  button.timer = setTimeout(() => {
    button.textContent = button.dataset.name;
    said.textContent = "";
  }, 2500);
}

// A button with data-share opens the system's own sheet, where there is one.
for (const button of document.querySelectorAll("button[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const { share, title, text } = button.dataset;
    navigator.share({ title, text, url: share }).catch(() => {}); // closed without sharing
  });
}
