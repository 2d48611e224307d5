// Theme, remembered client, copy buttons, dropped folders, work that goes on. Pages are complete without this file.
(() => {
  const root = document.documentElement;
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const write = (key, value) => { try { localStorage.setItem(key, value); } catch { /* storage may be off */ } };
  const saved = read("theme");
  if (saved) root.dataset.theme = saved;

  const themes = () => {
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
        root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
        write("theme", root.dataset.theme);
      });
    }
  };

  const copying = () => {
    for (const button of document.querySelectorAll("[data-copy]")) {
      const label = button.getAttribute("aria-label");
      button.hidden = false;
      button.addEventListener("click", async () => {
        const lines = document.getElementById(button.dataset.copy).querySelectorAll("span");
        await navigator.clipboard.writeText([...lines].map((line) => line.textContent.trim()).join("\n"));
        button.classList.add("done");
        button.setAttribute("aria-label", button.dataset.copied);
        setTimeout(() => { button.classList.remove("done"); button.setAttribute("aria-label", label); }, 2000);
      });
    }
  };

  const clients = () => {
    const chosen = read("client");
    for (const radio of document.querySelectorAll("input[name=client]")) {
      if (radio.value === chosen) radio.checked = true;
      radio.addEventListener("change", () => write("client", radio.value));
    }
  };

  const menus = () => {
    for (const menu of document.querySelectorAll("details.menu")) {
      menu.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        menu.open = false;
        menu.querySelector("summary").focus();
      });
      document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    }
  };

  const drops = () => {
    for (const form of document.querySelectorAll("form[data-drop]")) {
      const input = form.querySelector("input[type=file]");
      const paths = form.querySelector("input[name=paths]");
      const name = form.querySelector("[data-chosen]");
      const chosen = () => {
        const files = [...input.files];
        paths.value = JSON.stringify(files.map((file) => file.webkitRelativePath || file.name));
        name.textContent = files.length === 1 ? files[0].name : `${files.length} ${name.dataset.chosen}`;
      };
      input.addEventListener("change", chosen);
      form.addEventListener("dragover", (event) => event.preventDefault());
      form.addEventListener("drop", (event) => {
        event.preventDefault();
        input.files = event.dataTransfer.files;
        chosen();
      });
      for (const button of form.querySelectorAll("[data-folder]")) {
        button.hidden = false;
        button.addEventListener("click", () => {
          input.webkitdirectory = true;
          input.click();
          input.webkitdirectory = false;
        });
      }
    }
  };

  const following = () => {
    if (!document.querySelector("main [data-follow]")) return;
    setTimeout(async () => {
      const answer = await fetch(location.href).catch(() => null);
      if (answer?.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        document.querySelector("main").replaceWith(page.querySelector("main"));
      }
      following();
    }, 3000);
  };

  addEventListener("DOMContentLoaded", () => { themes(); copying(); clients(); menus(); drops(); following(); });
})();
