// The program that prints calls this between two passes: it knows by then on which page
// each place of the book is.
function fillPages(pages) {
  const word = document.body.dataset.pageWord;
  let filled = 0;
  for (const place of document.querySelectorAll("[data-ref]")) {
    const page = pages[place.dataset.ref];
    if (page === undefined) continue;
    if (place.matches(".page, .number-only")) place.textContent = page;
    else place.dataset.page = word.replace("{{ .Page }}", page);
    filled++;
  }
  return filled;
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
