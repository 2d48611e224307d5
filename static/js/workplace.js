// Keys of the moderator's workplace, and the statement as it will be sent. The pages are complete without this file.
(() => {
  const typing = (target) => target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");

  const keys = () => {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      const found = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
      if (!found) return;
      event.preventDefault();
      if (found.matches("input[type=radio]")) {
        found.checked = true;
        found.dispatchEvent(new Event("change", { bubbles: true }));
        found.scrollIntoView({ block: "center" });
        found.focus();
      } else if (found.matches("button[data-key=d]")) {
        found.scrollIntoView({ block: "center" });
        found.focus();
      } else found.click();
    });
  };

  const reasons = (form) => {
    const effect = form.querySelector("input[name=effect]:checked");
    for (const option of form.querySelectorAll("option[data-effects]")) {
      option.hidden = option.disabled = Boolean(effect) && !option.dataset.effects.split(" ").includes(effect.value);
      if (option.disabled && option.selected) form.elements.reason.value = "";
    }
  };

  const preview = (form) => {
    let waiting = 0;
    const show = async () => {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Requested-With": "fetch" },
      });
      if (answer.ok) document.getElementById("statement").innerHTML = await answer.text();
    };
    form.addEventListener("input", () => {
      reasons(form);
      clearTimeout(waiting);
      waiting = setTimeout(show, 250);
    });
    form.addEventListener("change", () => reasons(form));
    reasons(form);
  };

  document.addEventListener("DOMContentLoaded", () => {
    keys();
    for (const form of document.querySelectorAll("form[data-preview]")) preview(form);
  });
})();
