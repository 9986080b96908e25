/* What the pages do beyond plain HTML: completion, copying a clause, stepping by keys. Nothing needs it. */
"use strict";

/** Makes the search field a combobox (ARIA 1.2) that is filled from the API. */
function complete(field) {
  const form = field.form;
  const list = document.createElement("ul");
  const said = document.createElement("p");
  let offers = [], at = -1, asked = "", timer = 0;
  list.id = "offers"; list.className = "offers"; list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0].textContent);
  said.className = "unseen"; said.setAttribute("role", "status");
  form.append(list, said);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "offers"],
    ["aria-expanded", "false"]]) field.setAttribute(name, value);

  function show(found) {
    offers = found; at = -1;
    list.replaceChildren(...found.map((offer, n) => {
      const item = document.createElement("li"), text = document.createElement("bdi"), count = document.createElement("span");
      item.id = "offer-" + n; item.setAttribute("role", "option"); item.setAttribute("aria-selected", "false");
      item.className = offer.kind; text.textContent = offer.text;
      count.className = "count"; count.textContent = offer.count;
      item.append(text, " ", count);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(n); });
      return item;
    }));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    field.removeAttribute("aria-activedescendant");
    said.textContent = field.dataset.offers.replace("{n}", found.length);
  }

  function move(step) {
    const items = [...list.children];
    at = (at + step + items.length + 1) % (items.length + 1);
    if (at === items.length) at = -1;
    items.forEach((item, n) => item.setAttribute("aria-selected", String(n === at)));
    if (at >= 0) { field.setAttribute("aria-activedescendant", "offer-" + at); items[at].scrollIntoView({block: "nearest"}); }
    else field.removeAttribute("aria-activedescendant");
  }

  function take(n) {
    const offer = offers[n];
    if (offer.kind === "word") { field.value = offer.text; show([]); form.requestSubmit(); }
    else window.location.assign(offer.url);
  }

  async function ask() {
    const typed = field.value.trim();
    if (typed === asked) return;
    asked = typed;
    if (typed.length < 2) return show([]);
    try {
      const answer = await fetch(field.dataset.suggest + "?q=" + encodeURIComponent(typed));
      if (!answer.ok || typed !== asked || document.activeElement !== field) return;
      show((await answer.json()).suggestions);
    } catch { show([]); }  // offline: the plain form still works
  }

  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  field.addEventListener("blur", () => show([]));
  field.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") { move(1); event.preventDefault(); }
    else if (event.key === "ArrowUp") { move(at < 0 ? list.children.length : -1); event.preventDefault(); }
    else if (event.key === "Enter" && at >= 0) { take(at); event.preventDefault(); }
    else if (event.key === "Escape") { show([]); event.preventDefault(); }
  });
}

/** Shows the copy button of a clause: its text and its permalink. */
function copying(button) {
  const item = button.closest(".item"), label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = item.querySelector(".text").textContent.trim();
    const link = new URL(item.querySelector(".no")?.getAttribute("href") ?? window.location.pathname, window.location.href);
    try {
      await navigator.clipboard.writeText(text + "\n" + link.href + "\n");
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = label; }, 2000);
    } catch { window.getSelection().selectAllChildren(item.querySelector(".text")); }
  });
}

/** Alt+↓ and Alt+↑ go to the next and previous hit. */
function stepping(event) {
  const name = {ArrowDown: "next", ArrowUp: "previous"}[event.key];
  if (!name || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = document.querySelector(`[data-key="${name}"]`);
  if (link) { event.preventDefault(); link.click(); }
}

document.querySelectorAll("[data-suggest]").forEach(complete);
document.querySelectorAll(".copy").forEach(copying);
document.addEventListener("keydown", stepping);
