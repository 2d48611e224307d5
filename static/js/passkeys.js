// Shows what needs a passkey only where the browser has them, and says in words when one cannot be used.
(() => {
  addEventListener("DOMContentLoaded", () => {
    if (!window.PublicKeyCredential) return;
    for (const hidden of document.querySelectorAll("[data-passkey]")) hidden.hidden = false;
    for (const missing of document.querySelectorAll("[data-no-passkey]")) missing.hidden = true;
  });
  document.addEventListener("allauth.error", (event) => {
    const place = document.querySelector("[data-passkey-error]");
    if (!place) return;
    event.preventDefault();
    place.hidden = false;
    place.focus();
  });
})();
