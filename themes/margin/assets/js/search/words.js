// What a reader types, cut into terms as extractor/search cuts the texts.

// fold writes a name as the index has it: procresize for "proc resize".
export const fold = s => s.replaceAll("·", ".").replace(/[^\wÀ-ÖØ-öø-ÿ㐀-鿿.]/g, "").replace(/^[._]+|[._]+$/g, "").toLowerCase()

const run = /[㐀-鿿]+|[\wÀ-ÖØ-öø-ÿ]+/g
const isHan = s => /^[㐀-鿿]/.test(s)

// runs returns the words and the stretches of Chinese.
export const runs = query => (query.match(run) ?? []).map(r => r.replace(/^_+|_+$/g, "").toLowerCase()).filter(Boolean)

// stem takes an English ending off: what is left is looked up as a beginning.
const stem = w => /^[a-z]+$/.test(w) ? w.replace(/^(.{4,}?)(?:ies|ing|e?s)$/, "$1") : w

// Words that say little; so do single letters, which only names are looked up by.
const small = /^(?:[^㐀-鿿]|an|and|are|do|does|for|from|how|in|into|is|it|of|on|or|the|to|what|when|where|which|why|with)$/

// terms returns what to look up: the word, and what a term has to be or to begin with.
// Of Chinese that is every two neighbours; one character alone begins many.
export function terms(query) {
  const all = runs(query), telling = all.filter(w => !small.test(w))
  return (telling.length ? telling : all).flatMap(word => {
    if (!isHan(word)) return {word, start: stem(word), prefix: word.length > 1}
    if (word.length === 1) return {word, start: word, prefix: true}
    return Array.from({length: word.length - 1}, (_, i) => ({word: word.slice(i, i + 2), start: word.slice(i, i + 2), prefix: false}))
  })
}

// pattern matches what to mark: a stretch of Chinese as a whole, or else by twos.
export function pattern(query) {
  const list = [...runs(query), ...terms(query).map(t => t.start)].sort((a, b) => b.length - a.length)
  return list.length ? new RegExp(`(${[...new Set(list)].join("|")})`, "gi") : /(?!)/
}
