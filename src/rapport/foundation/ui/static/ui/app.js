"use strict";
// Theme, keys, print, copy, leaving a form half filled. Every page works without it.
(() => {
  const root = document.documentElement;
  const $ = (sel, at = document) => at.querySelector(sel);
  const typing = (el) => el.closest?.("input, textarea, select, [contenteditable]");

  // Theme: the form posts without this; with it nothing reloads.
  document.addEventListener("submit", (e) => {
    const form = e.target.closest("[data-theme-form]");
    if (!form || !e.submitter) return;
    e.preventDefault();
    const wanted = e.submitter.value;
    document.cookie = `theme=${wanted};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
    $("#dark").media = { dark: "screen", light: "not all" }[wanted] ?? "screen and (prefers-color-scheme: dark)";
    root.dataset.theme = wanted;
    for (const b of form.querySelectorAll("button"))
      b === e.submitter ? b.setAttribute("aria-current", "true") : b.removeAttribute("aria-current");
  });

  // Say something for a moment, also to who listens.
  let gone;
  const say = (text) => {
    const toast = $("#toast");
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(gone);
    gone = setTimeout(() => { toast.hidden = true; }, 2500);
  };

  document.addEventListener("click", async (e) => {
    const open = $("details.menu[open], .tabs details[open]");
    if (open && !open.contains(e.target)) open.open = false;
    const el = e.target.closest("[data-print], [data-keys], [data-close], [data-copy]");
    if (!el) return;
    if ("print" in el.dataset) print();
    else if ("keys" in el.dataset) keys();
    else if ("close" in el.dataset) el.closest("dialog").close();
    else if (navigator.clipboard) {
      await navigator.clipboard.writeText(el.dataset.copy);
      say(el.dataset.copied);
    } else getSelection().selectAllChildren(el.previousElementSibling);  // plain http: ready for Ctrl-C
  });

  // On paper nothing is folded. Where the style sheet cannot unfold it, this does.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("main details:not([open], .no-print)")];
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of folded) one.open = false; });

  const keys = () => { const d = $("#keys"); if (d && !d.open) d.showModal(); };
  const rows = () => [...document.querySelectorAll("[data-rows] > :is(tr, li)")];
  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => "at" in row.dataset);
    const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))];
    if (all[at]) delete all[at].dataset.at;
    next.dataset.at = "";
    const link = $("a, button, input", next);
    link ? link.focus() : next.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") {
      const open = $("details.menu[open], .tabs details[open]");
      if (open) { open.open = false; $("summary", open).focus(); }
      else if (typing(e.target)) e.target.blur();
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || $("dialog[open]")) return;
    const search = $(".find input");
    if (e.key === "/" && search?.offsetParent) { e.preventDefault(); search.focus(); search.select(); }
    else if (e.key === "/" && $(".find-link")) { e.preventDefault(); $(".find-link").click(); }
    else if (e.key === "?") keys();
    else if (e.key === "j") step(1);
    else if (e.key === "k") step(-1);
  });

  // A form with data-guard asks before what was typed is left behind.
  let dirty = false;
  document.addEventListener("input", (e) => { if (e.target.form?.matches("[data-guard]")) dirty = true; });
  document.addEventListener("submit", (e) => { if (!e.defaultPrevented) dirty = false; });
  addEventListener("beforeunload", (e) => { if (dirty) e.preventDefault(); });

  // Whoever types into a long form is there: say so once a minute, so that the page is not locked meanwhile.
  let told = Date.now();
  document.addEventListener("input", (e) => {
    const { here } = document.body.dataset;
    const token = e.target.form?.elements.csrfmiddlewaretoken?.value;
    if (!here || !token || Date.now() - told < 60000) return;
    told = Date.now();
    fetch(here, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => {});
  });

  // After a refused save the reader begins at what is wrong.
  $("[data-first]")?.focus();
  // A filter chosen with the pointer applies at once; with the keyboard, arrows must not reload the page.
  let pointed = null;
  document.addEventListener("pointerdown", (e) => { pointed = e.target.closest?.("select"); });
  document.addEventListener("keydown", () => { pointed = null; });
  document.addEventListener("change", (e) => {
    if (e.target === pointed && e.target.closest("[data-at-once]")) e.target.form.requestSubmit();
  });
})();
