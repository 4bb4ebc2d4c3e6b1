// The link that begins a note, for the line that the address names: "at:" is filled in
// with the line's code. Without a script the page's own link leaves it to the writer.
{
  const page = document.querySelector("a[data-add-note]")
  const most = 80 // characters that a fragment may have

  // fragment returns the code of a line, without its comment unless it has nothing else.
  function fragment(line) {
    const copy = line.cloneNode(true)
    copy.querySelectorAll("a.n").forEach(e => e.remove())
    const all = copy.textContent.trim()
    copy.querySelectorAll(".c").forEach(e => e.remove())
    const text = (copy.textContent.trim() || all).replace(/\s+/g, " ")
    if (text.length <= most) return text
    const short = text.slice(0, text.lastIndexOf(" ", most))
    const open = !short.startsWith("//") && short.split('"').length % 2 === 0 // half a string is no token
    return (open ? short.slice(0, short.lastIndexOf('"')) : short).trim()
  }

  function offer() {
    document.querySelector(".l > .add")?.remove()
    let id = ""
    try { id = decodeURIComponent(location.hash.slice(1)) } catch { /* no place of ours */ }
    const line = document.getElementById(id)
    if (!page || !line?.matches(".l:has(> a.n)")) return
    const at = fragment(line)
    if (!at) return
    const link = document.createElement("a"), to = new URL(page.href)
    to.searchParams.set("value", to.searchParams.get("value").replace(/^at:.*$/m, () => "at:       " + at))
    link.className = "add"
    link.href = to.href
    link.textContent = page.dataset.addNote
    line.append(link)
  }

  addEventListener("hashchange", offer)
  offer()
}
