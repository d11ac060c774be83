// Airflow's choice of light or dark, and what runs shown as it goes on. Without this script the page is whole.
"use strict";

function theme() {
  let chosen = null;
  try { chosen = localStorage.getItem("theme"); } catch (error) { /* no storage: as the system has it */ }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
}
theme();
window.addEventListener("storage", theme);

// What is wider than its place can be scrolled with the keyboard: the tabulator reaches it.
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
function watchWidths(part) {
  for (const element of part.querySelectorAll(".scroll")) widths.observe(element);
}

// An element with data-live="5" is fetched again every 5 seconds from the address of the page, while it is seen.
async function refresh(element) {
  if (document.hidden || element.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(element.id);
  if (fresh) element.replaceChildren(...fresh.childNodes);
  watchWidths(element);
  // What else has come: the cycle opened or closed, or has a part more (the gate's, the training's).
  const parts = (whole) => whole.querySelectorAll("main > section").length;
  if (!fresh || !fresh.dataset.live || page.title !== document.title || parts(page) !== parts(document)) location.reload();
}
document.addEventListener("DOMContentLoaded", () => {
  watchWidths(document);
  for (const element of document.querySelectorAll("[data-live]")) {
    setInterval(() => refresh(element).catch(() => {}), 1000 * Number(element.dataset.live));
  }
});

// Airflow shows the page in a frame that may not replace Airflow's own page: the link is followed there.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[target='_top']");
  if (!link || window.top === window) return;
  event.preventDefault();
  const outside = window.top.document.createElement("a");
  outside.href = link.href;
  window.top.document.body.append(outside);
  outside.click();
  outside.remove();
});
