// The program that prints calls this before each pass. It knows, from the pass before, on
// which page each place of the book is, and which divisions need an empty page before them;
// where it does not yet, the number's room is kept.
function fillPages(pages, blank) {
  for (const id of blank ?? []) {
    const page = document.createElement("div");
    page.className = "blank-page";
    document.getElementById(id).before(page);
  }
  const word = document.body.dataset.pageWord;
  for (const place of document.querySelectorAll("[data-ref]")) {
    const page = pages?.[place.dataset.ref] ?? "000";
    if (place.matches(".page, .number-only")) place.textContent = page;
    else place.dataset.page = word.replace("{{ .Page }}", page);
  }
  return true;
}

// Puts a Chinese character on the page, whose font the program asks for, and returns
// the fonts that the style sheet would have it in.
function probeFont(tag) {
  removeProbe();
  const probe = document.createElement(tag);
  probe.id = "font-probe";
  probe.lang = "zh-CN";
  probe.textContent = "永";
  document.body.append(probe);
  return getComputedStyle(probe).fontFamily;
}

function removeProbe() {
  document.getElementById("font-probe")?.remove();
  return true;
}

// Names what reaches beyond the page, with the part of the book that it is in. What only
// holds such a thing is not named. A space at which a line is wrapped may hang out.
function tooWide() {
  const edge = document.documentElement.clientWidth + 6;
  const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > edge);
  return wide
    .filter((e) => !wide.some((other) => other !== e && e.contains(other)))
    .map((e) => `<${e.tagName.toLowerCase()} class="${e.getAttribute("class") ?? ""}"> in #${e.closest("section")?.id}: ${Math.round(e.getBoundingClientRect().right)} of ${edge - 6}: ${e.textContent.slice(0, 60)}`);
}
