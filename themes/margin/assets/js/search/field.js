// The search field. Without it a link to the glossary stands in its place.
import {words} from "@params"
import {loader} from "./load.js"
import {find, read} from "./rank.js"
import {pattern} from "./words.js"
import {write} from "./hit.js"

const place = document.querySelector("[data-search]")
const shown = 8 // results at a time
const base = new URL("../search/", document.currentScript.src).href

function element(name, attributes, ...children) {
  const e = document.createElement(name)
  for (const key in attributes) e.setAttribute(key, attributes[key])
  e.append(...children)
  return e
}

function start() {
  const version = place.dataset.search, lang = place.dataset.lang, load = loader(base)
  const root = new URL("..", place.querySelector("a").href).href
  const input = element("input", {type: "search", id: "search", placeholder: words.example, autocomplete: "off", spellcheck: "false", "aria-label": words.search, "aria-keyshortcuts": "/", "aria-controls": "search-hits"})
  const button = element("button", {type: "button", "aria-expanded": "false", "aria-controls": "search-box"}, element("span", {class: "visually-hidden"}, words.search))
  const status = element("p", {role: "status", class: "hits-count"}), list = element("ol", {class: "hits", id: "search-hits", "aria-label": words.results})
  const panel = element("div", {class: "hits-panel", hidden: ""}, status, list)
  const box = element("div", {class: "search-box", role: "search", id: "search-box"}, input, panel)
  let asked = "", ids = []

  const open = on => {
    place.toggleAttribute("data-open", on)
    button.setAttribute("aria-expanded", on)
    panel.hidden = !on || !asked
  }
  const links = () => [...list.querySelectorAll("a")]
  async function more() {
    const query = asked, from = list.children.length
    const docs = await read(load, lang, ids.slice(from, from + shown))
    if (query === asked && from === list.children.length) list.append(...docs.map(d => write(d, pattern(query), root)))
  }
  async function ask() {
    const query = input.value.trim()
    if (query === asked) return open(true)
    asked = query
    try {
      const found = query ? await find(load, lang, version, query) : []
      const docs = await read(load, lang, found.slice(0, shown))
      if (query !== asked) return // the reader has typed on
      ids = found
      const at = links().indexOf(document.activeElement) // the reader is among the last answer's
      list.replaceChildren(...docs.map(d => write(d, pattern(query), root)))
      if (at >= 0) (links()[at] ?? input).focus()
      status.textContent = ids.length === 0 ? words.none : (ids.length === 1 ? words.one : words.many).replace("{n}", ids.length)
    } catch {
      if (query !== asked) return
      list.replaceChildren()
      status.textContent = words.failed
      asked = "" // the next key tries again
      panel.hidden = false
      return
    }
    open(true)
  }
  async function move(step) {
    const at = links().indexOf(document.activeElement) + step
    if (at >= links().length && links().length < ids.length) await more()
    if (at < 0) input.focus()
    else links()[Math.min(at, links().length - 1)]?.focus()
  }
  input.addEventListener("input", ask)
  input.addEventListener("focus", () => { if (input.value) ask() })
  button.addEventListener("click", () => {
    open(!place.hasAttribute("data-open"))
    if (place.hasAttribute("data-open")) input.focus()
  })
  box.addEventListener("keydown", e => {
    if (e.isComposing) return
    if (e.key === "Escape") {
      (place.hasAttribute("data-open") ? input : document.activeElement).focus()
      open(false)
    } else if (e.key === "ArrowDown" || e.key === "ArrowUp") move(e.key === "ArrowDown" ? 1 : -1)
    else if (e.target !== input && e.key.length === 1 && !e.ctrlKey && !e.metaKey && !e.altKey) return input.focus() // typing on
    else return
    e.preventDefault()
  })
  addEventListener("keydown", e => {
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.("input, textarea, select, [contenteditable]")) return
    e.preventDefault()
    open(true)
    input.focus()
    input.select()
  })
  addEventListener("pointerdown", e => { if (!place.contains(e.target)) open(false) })
  place.addEventListener("focusout", e => { if (e.relatedTarget && !place.contains(e.relatedTarget)) open(false) })
  place.querySelector("[data-search-plain]")?.remove()
  place.append(button, box)
}

if (place) start()
