// What is wider than its place scrolls, and keys must reach it; what fits is no stop on
// the way. A fold or a tab may show it late.
{
  const fit = new ResizeObserver(entries => {
    for (const { target: e } of entries) {
      if (e.scrollWidth > e.clientWidth && !e.querySelector("a")) e.tabIndex = 0
      else e.removeAttribute("tabindex")
    }
  })
  document.querySelectorAll("pre, table, .wide").forEach(e => fit.observe(e))
}
