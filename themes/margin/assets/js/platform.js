// The platform that a reader has chosen stays chosen on the pages that follow. The tabs
// work without this: then each page begins with its first variant.
{
  const variants = document.querySelector(".variants")
  const sections = variants ? [...variants.querySelectorAll(":scope > .variant")] : []
  const tabs = variants ? [...variants.querySelectorAll(":scope > .tabs a")] : []
  const keep = platform => { try { localStorage.setItem("platform", platform) } catch { /* for this page only */ } }

  tabs.forEach((tab, i) => tab.addEventListener("click", () => keep(sections[i].dataset.on.split(" ")[0])))

  let chosen = ""
  try { chosen = localStorage.getItem("platform") || "" } catch { /* none */ }
  const [system] = chosen.split("/")
  const has = test => sections.findIndex(s => s.dataset.on.split(" ").some(test))
  let at = chosen && tabs.length ? has(p => p === chosen) : -1
  if (chosen && tabs.length && at < 0) at = has(p => p.split("/")[0] === system)
  if (at > 0) {
    sections[at].classList.add("chosen")
    tabs[at].classList.add("chosen")
  }
}
