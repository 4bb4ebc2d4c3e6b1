// Where the reader stopped: the home page offers to go on there.
{
  const page = document.querySelector("[data-reading]"), offer = document.querySelector("[data-continue]")
  const lang = document.documentElement.lang

  if (page) addEventListener("pagehide", () => {
    const marks = [...document.querySelectorAll("main :is(h2, h3, .note, code > *)[id]")]
    const seen = marks.filter(e => e.getClientRects().length && e.getBoundingClientRect().top < innerHeight / 2)
    const at = scrollY > 200 && seen.length ? "#" + seen[seen.length - 1].id : ""
    try { localStorage.setItem("reading " + lang, JSON.stringify({ href: location.pathname + at, title: page.dataset.reading })) } catch { /* forgotten */ }
  })

  if (offer) {
    let last = null
    try { last = JSON.parse(localStorage.getItem("reading " + lang)) } catch { /* none */ }
    if (last?.title && last.href?.startsWith("/") && !last.href.startsWith("//")) {
      const link = offer.querySelector("a")
      link.href = last.href
      link.textContent = last.title
      offer.hidden = false
    }
  }
}
