// Light or dark by the reader's choice. It runs before anything is painted; the button
// that changes the choice is filled in when the page is there.
{
  const root = document.documentElement, order = ["system", "light", "dark"]
  let choice = "system"
  const apply = () => choice === "system" ? delete root.dataset.theme : root.dataset.theme = choice

  try { choice = localStorage.getItem("theme") || choice } catch { /* no storage: by the system */ }
  if (!order.includes(choice)) choice = "system"
  apply()

  addEventListener("DOMContentLoaded", () => {
    const buttons = document.querySelectorAll("[data-theme-button]")
    const show = () => buttons.forEach(b => {
      b.hidden = false
      b.textContent = b.dataset[choice]
    })
    buttons.forEach(b => b.addEventListener("click", () => {
      choice = order[(order.indexOf(choice) + 1) % order.length]
      try { localStorage.setItem("theme", choice) } catch { /* for this page only */ }
      apply()
      show()
    }))
    show()
  })
}
