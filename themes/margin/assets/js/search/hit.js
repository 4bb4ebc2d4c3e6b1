// Writes one result: a link with its kind, and the words around the match.
import {kinds} from "@params"

const before = 36, length = 120 // characters of an excerpt

// marked appends a text to an element, with what matches marked.
function marked(parent, text, pattern) {
  text.split(pattern).forEach((piece, i) => {
    if (i % 2 === 0) return parent.append(piece)
    const mark = document.createElement("mark")
    mark.textContent = piece
    parent.append(mark)
  })
  return parent
}

// excerpt cuts a text around its first match, at the ends of words.
function excerpt(text, pattern) {
  const match = Math.max(text.search(pattern), 0)
  let start = match < before ? 0 : match - before
  if (start > 0) start += Math.max(text.slice(start, match).search(/[\s，。；：、！？]/), -1) + 1
  let end = Math.min(start + length, text.length)
  if (end < text.length) end = Math.max(text.slice(0, end).search(/[^\w][\w]*$/), match + 1)
  return (start > 0 ? "…" : "") + text.slice(start, end).trim() + (end < text.length ? "…" : "")
}

function element(name, className) {
  const e = document.createElement(name)
  e.className = className
  return e
}

// write returns the list item of a document. root is the edition's address.
export function write(doc, pattern, root) {
  const item = element("li", "hit"), link = element("a", ""), head = element("span", "hit-head"), kind = element("span", "hit-kind")
  item.dataset.searchResult = ""
  const [page, fragment] = doc.url.split("#")
  link.href = root + page + (location.protocol === "file:" ? "index.html" : "") + (fragment ? "#" + fragment : "")
  const code = doc.kind === 2 || doc.kind === 3
  const title = marked(element(code ? "code" : "span", "hit-title"), doc.title, pattern)
  kind.textContent = kinds[doc.kind]
  head.append(title, kind)
  if (doc.context) head.append(marked(element("span", "hit-context"), doc.context, pattern))
  link.append(head)
  const text = doc.text.replace(/\s+/g, " ").replace(/([，。；：！？、」）]) /g, "$1")
  if (text) link.append(marked(element("span", "hit-text"), excerpt(text, pattern), pattern))
  item.append(link)
  return item
}
