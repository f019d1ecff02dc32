() => {
  // Returns what is wider than the screen, sticks out of its card, or lies on another card.
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) found.push(`page is ${root.scrollWidth} wide on ${innerWidth}`);
  for (const card of document.querySelectorAll(".card, .note, .strip, .bar, .ground, .pill, .btn")) {
    const box = card.getBoundingClientRect();
    if (!box.width) continue;
    if (box.right > innerWidth + 1 || box.left < -1) found.push(`off screen: ${card.className} ${card.textContent.trim().slice(0, 40)}`);
    for (const el of card.querySelectorAll("*")) {
      if (el.closest(".scroll, .cards thead, .drop, .sr, svg, .views, option, dialog")) continue;
      const at = el.getBoundingClientRect();
      if (at.width && (at.right > box.right + 1.5 || at.left < box.left - 1.5))
        found.push(`outside its ${card.className}: <${el.tagName} ${el.className}> ${el.textContent.trim().slice(0, 40)}`);
    }
  }
  if (innerWidth < 600) for (const el of document.querySelectorAll("main :is(tbody, .lines) :is(a, button, summary), main .btn")) {
    const at = el.getBoundingClientRect();
    if (el.checkVisibility() && at.width && at.height < 43.5)
      found.push(`too low for a thumb, ${Math.round(at.height)}: <${el.tagName} ${el.className}> ${el.textContent.trim().slice(0, 40)}`);
  }
  const main = [...document.querySelectorAll("main .card")];
  for (const [n, a] of main.entries()) for (const b of main.slice(n + 1)) {
    if (a.contains(b) || b.contains(a)) continue;
    const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
    if (p.right > q.left + 1 && q.right > p.left + 1 && p.bottom > q.top + 1 && q.bottom > p.top + 1)
      found.push(`cards lie on each other: ${a.textContent.trim().slice(0, 30)} / ${b.textContent.trim().slice(0, 30)}`);
  }
  return [...new Set(found)].slice(0, 12);
}
