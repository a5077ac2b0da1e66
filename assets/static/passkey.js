// Passkeys: a form with data-passkey asks the server for options, the device for
// its answer, and sends that back. Without this script the form stays hidden.
"use strict";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential || !PublicKeyCredential.parseCreationOptionsFromJSON || !PublicKeyCredential.parseRequestOptionsFromJSON) {
    continue;
  }
  form.hidden = false;
  const note = form.querySelector("[data-failed]");
  const button = form.querySelector("button");

  const send = async (address, body) => {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    return answer.json();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    note.textContent = "";
    button.disabled = true;
    try {
      const { ceremony, options } = await send(form.dataset.options, {});
      const credential = form.dataset.passkey === "add"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      const { next } = await send(form.dataset.answer, {
        ceremony,
        name: form.elements.name ? form.elements.name.value : "",
        next: form.dataset.next || "",
        answer: credential.toJSON(),
      });
      location.assign(next);
    } catch {
      note.textContent = note.dataset.failed;
      button.disabled = false;
    }
  });
}
