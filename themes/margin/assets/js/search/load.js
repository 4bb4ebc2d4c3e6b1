// Loads files of the index. They are scripts that hand their data to bookSearch: a page
// of a folder on disk may not fetch, but may load a script.
const files = new Map(), waiting = new Map()

globalThis.bookSearch = (name, data) => waiting.get(name)?.(data)

// loader returns what loads a file below base once. One that failed may be asked for again.
export const loader = base => name => {
  if (!files.has(name)) files.set(name, new Promise((resolve, reject) => {
    const script = document.createElement("script")
    waiting.set(name, data => {
      waiting.delete(name)
      resolve(data)
    })
    // A page in the place of the file loads as well, and hands nothing over.
    script.onload = script.onerror = () => {
      script.remove()
      if (waiting.delete(name)) files.delete(name)
      reject(new Error(name)) // in vain if the data has come
    }
    script.src = base + name + ".js"
    document.head.append(script)
  }))
  return files.get(name)
}
