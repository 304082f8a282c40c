// One tile a film: its poster is a button, and each mark says its genre and score on hover. All text
// is set as text, as it comes from tables of others.
export default function ({ data, parentElement, setTriggerValue }) {
  const make = (tag, className, text) => {
    const node = document.createElement(tag)
    node.className = className
    node.textContent = text ?? ""
    return node
  }
  const poster = film => {
    const button = make("button", "")
    button.type = "button"
    button.dataset.film = film.id
    if (film.poster) {
      const image = make("img", "")
      image.src = film.poster
      image.alt = film.alt
      image.title = film.title
      button.append(image)
    } else {
      button.className = "words"
      button.title = film.title
      button.append(make("strong", "", film.name), make("span", "", film.overview))
    }
    button.onclick = () => setTriggerValue("open", film.id)
    return button
  }
  const line = run => {
    const node = make("div", "line")
    const sign = make("span", "", `${run.sign} `)
    sign.style.color = run.colour
    node.append(sign, make("span", "", run.marks.length ? "" : run.empty))
    sign.title = run.name
    for (const { kind, sign, words } of run.marks) {
      const mark = make("span", `mark ${kind}`, sign)
      mark.title = words
      mark.setAttribute("role", "img")
      mark.setAttribute("aria-label", `${run.name}: ${words}`)
      node.append(mark)
    }
    return node
  }
  const tile = film => {
    const node = make("li", "")
    const genres = make("div", "line", film.genres)
    genres.title = film.genres
    const name = make("div", "line name", film.name)
    name.title = film.name
    node.append(poster(film), ...(film.poster && film.name ? [name] : []), genres)
    node.append(...film.runs.map(line))
    return node
  }
  const wall = parentElement.querySelector(".film-wall")
  wall.style.setProperty("--film-width", `${data.width}px`)
  wall.replaceChildren(...data.films.map(tile))
}
