// Finds documents in the index: extractor/search says what is in its files.
import {fold, terms} from "./words.js"

// What a term is worth by where it is: in the text once, twice, often; inside a word of
// a symbol's name, in the context, a word of the title, all of another name, all of it.
const worth = [
  [2, 3, 4.5, 0, 3, 34, 45, 80], // chapter: what stands before its first section
  [2, 3, 4.5, 0, 3, 26, 30, 60], // section
  [1, 1.5, 2, 14, 1, 30, 70, 120], // symbol
  [.7, 1, 1.2, 9, .5, 22, 45, 80], // card
  [1.5, 2, 3, 0, 2, 9, 0, 0], // note
  [1.2, 1.6, 2, 0, 0, 14, 75, 110], // term
]
const other = 6 // the first level of whole names
const most = 4 // files of terms that one word may load

// unroll writes the runs out: the kind of each document, and its versions.
function unroll(m) {
  m.kinds = m.runs.flatMap(([n, kind]) => Array(n).fill(kind))
  m.masks = m.runs.flatMap(([n, , mask]) => Array(n).fill(mask))
}

// at returns the last place whose entry is not behind key.
function at(list, key) {
  let low = 0, high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle] <= key) low = middle + 1
    else high = middle
  }
  return low - 1
}

// lookup returns what one term is worth in each document of the version.
async function lookup(load, m, bit, {word, start, prefix}, least) {
  const found = new Map(), first = Math.max(at(m.terms, start), 0)
  const last = prefix ? Math.min(at(m.terms, start + "\uffff"), first + most - 1) : first
  const files = await Promise.all(Array.from({length: last - first + 1}, (_, i) => load(`${m.folder}/t${first + i}`)))
  for (const file of files) {
    for (const key in file) {
      if (key !== start && !(prefix && key.startsWith(start))) continue
      const near = key === word ? 1 : .2 + .3 * start.length / key.length
      let id = 0
      for (const n of file[key]) {
        id += n >> 3
        const w = near * worth[m.kinds[id]][n & 7]
        if ((n & 7) >= least && m.masks[id] & bit && w > (found.get(id) ?? 0)) found.set(id, w)
      }
    }
  }
  return found
}

// find returns the numbers of the documents that match, the best first: those with the
// most of the words, if that is most of them.
export async function find(load, lang, version, query) {
  const list = terms(query), all = fold(query), m = await load(lang)
  if (!m.kinds) unroll(m)
  const bit = 1 << m.versions.indexOf(version)
  const found = await Promise.all(list.map(t => lookup(load, m, bit, t, 0)))
  const scores = new Map()
  for (const docs of found) {
    for (const [id, w] of docs) {
      const s = scores.get(id) ?? {n: 0, sum: 0}
      scores.set(id, {n: s.n + 1, sum: s.sum + w})
    }
  }
  if (all.length > 1 && all !== list[0]?.word) { // several words may be one name
    for (const [id, w] of await lookup(load, m, bit, {word: all, start: all, prefix: true}, other)) {
      scores.set(id, {n: list.length, sum: (scores.get(id)?.sum ?? 0) + w})
    }
  }
  let n = Math.ceil(list.length * .6)
  for (const s of scores.values()) n = Math.max(n, s.n)
  return [...scores].filter(([, s]) => s.n === n).sort(([a, x], [b, y]) => y.sum - x.sum || a - b).map(([id]) => id)
}

// read returns documents by their numbers.
export async function read(load, lang, ids) {
  const m = await load(lang)
  return Promise.all(ids.map(async id => {
    const file = at(m.documents, id)
    const [url, title, context, text] = (await load(`${m.folder}/d${file}`))[id - m.documents[file]]
    return {kind: m.kinds[id], url, title, context, text}
  }))
}
