// The keyboard: j and k go from note to note, [ and ] from version to version, ? shows
// the list. Whoever types in a field, or holds another key, is left alone.
{
  const dialog = document.querySelector("dialog.keys")
  const notes = () => [...document.querySelectorAll(".note[id]")].filter(n => n.getClientRects().length)

  const step = by => {
    const list = notes(), edge = innerHeight / 3 + 1
    const target = document.querySelector(".note:target")
    let at = target ? list.indexOf(target) + by : list.findIndex(n => n.getBoundingClientRect().top > edge)
    if (!target && by < 0) at = (at < 0 ? list.length : at) - 1
    if (list[at]) location.replace("#" + list[at].id)
  }

  const version = by => {
    const links = [...document.querySelectorAll(".versions li")]
    const at = links.findIndex(li => li.querySelector("[aria-current]"))
    for (let i = at + by; at >= 0 && links[i]; i += by) {
      const link = links[i].querySelector("a")
      if (link) return link.click()
    }
  }

  const keys = {
    j: () => step(1), k: () => step(-1),
    "[": () => version(1), "]": () => version(-1), // the newest stands first
    "?": () => dialog?.showModal(),
  }

  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return
    if (!Object.hasOwn(keys, event.key)) return
    event.preventDefault()
    keys[event.key]()
  })
}
