// Loads files of the index. They are scripts that hand their data to bookSearch: a page
// of a folder on disk may not fetch, but may load a script.
const files = new Map(), waiting = new Map()

globalThis.bookSearch = (name, data) => waiting.get(name)?.(data)

// loader returns what loads a file below base once. One that failed may be asked for again.
export const loader = base => name => {
  if (!files.has(name)) files.set(name, new Promise((resolve, reject) => {
    const script = document.createElement("script")
    waiting.set(name, resolve)
    script.onload = () => script.remove()
    script.onerror = () => {
      script.remove()
      files.delete(name)
      reject(new Error(name))
    }
    script.src = base + name + ".js"
    document.head.append(script)
  }))
  return files.get(name)
}
