// The version switch keeps the reader's place: the same note, else a line with the same
// code, else the top, and the page says which. Without this it leads to the top.
{
  const words = document.querySelector("[data-place-line]")?.dataset
  const code = line => line.textContent.trim().replace(/\s+/g, " ")
  const isLine = e => e?.parentElement.localName === "code"
  const lines = () => [...document.querySelectorAll("code > :is(.l, [data-n])")]
  const inSight = e => {
    const box = e.getBoundingClientRect(), bar = document.querySelector(".bar")?.offsetHeight ?? 0
    return box.height > 0 && box.bottom > bar && box.top < innerHeight * 2 / 3
  }

  // what is the note, and the line, that the address names or that stand first in sight.
  const here = () => {
    let id = ""
    try { id = decodeURIComponent(location.hash.slice(1)) } catch { /* no place of ours */ }
    const target = document.getElementById(id)
    const meant = target && inSight(target) ? target : null
    if (!meant && scrollY < 200) return null
    const note = meant?.matches(".note") ? meant : [...document.querySelectorAll(".note[id]")].find(inSight)
    const line = isLine(meant) ? meant : note && lines().find(l => note.closest(".passage").contains(l)) || lines().find(inSight)
    if (isLine(meant)) return { line: code(line) }
    return { note: note?.id, line: line && code(line) }
  }

  const say = text => {
    const p = document.createElement("p")
    p.className = "kept"
    p.role = "status"
    document.body.append(p)
    p.textContent = text
    setTimeout(() => p.remove(), 8000)
  }

  document.addEventListener("click", event => {
    const link = event.target.closest?.(".versions a, .strip a:not(.delta), .banner a")
    const place = link && here()
    if (!place) return
    try { sessionStorage.setItem("place", JSON.stringify({ ...place, path: new URL(link.href).pathname })) } catch { /* the top */ }
  })

  let place = null
  try {
    place = JSON.parse(sessionStorage.getItem("place"))
    sessionStorage.removeItem("place")
  } catch { /* none */ }
  if (place?.path === location.pathname && words) {
    const note = place.note && document.getElementById(place.note)
    const line = !note && place.line && lines().find(l => l.id && code(l) === place.line)
    const found = note || line
    if (found) location.replace("#" + found.id)
    say(note ? words.placeNote : line ? words.placeLine : words.placeTop)
  }
}
