// Comfort for the box that takes a badge: what is dropped or pasted on it goes
// in, and a QR code is read where the browser can. Without it the box takes the
// same by hand.
"use strict";

for (const form of document.querySelectorAll("form.verify")) {
  const { input, file } = form.elements;
  form.querySelector(".drop").hidden = false;

  const take = files => {
    file.files = files;
    input.value = "";
    form.requestSubmit();
  };

  const read = text => {
    file.value = "";
    input.value = text;
    form.requestSubmit();
  };

  let inside = 0; // elements of the form that a drag has entered and not left
  form.addEventListener("dragenter", event => {
    event.preventDefault();
    inside++;
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => {
    if (--inside === 0) form.classList.remove("over");
  });
  form.addEventListener("dragover", event => event.preventDefault());
  form.addEventListener("drop", event => {
    event.preventDefault();
    inside = 0;
    form.classList.remove("over");
    const { files } = event.dataTransfer;
    const link = event.dataTransfer.getData("text/uri-list").split("\n").find(line => line && !line.startsWith("#"));
    const text = link || event.dataTransfer.getData("text/plain");
    if (files.length > 0) take(files);
    else if (text) read(text.trim());
  });

  form.addEventListener("paste", event => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    take(event.clipboardData.files);
  });

  input.addEventListener("input", () => { file.value = ""; }); // the last that was given counts
  file.addEventListener("change", () => { if (file.files.length > 0) input.value = ""; });

  camera(form, read);
}

// camera offers to scan a QR code, where the browser reads them.
async function camera(form, read) {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return;
  const button = form.querySelector(".scan");
  const dialog = form.querySelector("dialog");
  const video = dialog.querySelector("video");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  button.hidden = false;

  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    video.srcObject?.getTracks().forEach(track => track.stop());
    video.srcObject = null;
  });

  const look = async () => {
    if (!dialog.open) return;
    const [code] = await detector.detect(video).catch(() => []);
    if (!code) {
      setTimeout(look, 200);
      return;
    }
    dialog.close();
    read(code.rawValue.trim());
  };

  button.addEventListener("click", async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      dialog.showModal();
      video.srcObject = stream;
      await video.play();
      look();
    } catch { // refused, or there is no camera
      if (dialog.open) dialog.close();
      button.textContent = button.dataset.failed;
      button.disabled = true;
    }
  });
}

// A report is printed by a button, for those who do not know the key.
for (const button of document.querySelectorAll("button.print")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
