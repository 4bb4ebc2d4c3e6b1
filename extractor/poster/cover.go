package poster

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
)

// The size of a cover, in pixels.
const (
	CoverWidth  = 1200
	CoverHeight = 1800
)

// Cover draws the poster upright, as the cover of a book: the steps stand below each other
// on the way that they go. The same poster makes the same bytes.
func (p Poster) Cover() ([]byte, error) {
	title, tagline, code := newFace(gobold.TTF, 176), newFace(goregular.TTF, 46), newFace(gomono.TTF, 36)
	img := image.NewRGBA(image.Rect(0, 0, CoverWidth, CoverHeight))
	fill(img, img.Bounds(), paper)
	fill(img, image.Rect(0, 0, 28, CoverHeight), accent)
	const left, bottom, leading = 120, CoverHeight - 120, 62
	y := 320
	for _, line := range wrap(title, p.Title, CoverWidth-2*left) {
		text(img, title, left, y, line, ink)
		y += 190
	}
	for _, line := range wrap(tagline, p.Tagline, CoverWidth-2*left) {
		text(img, tagline, left, y-70, line, quiet)
		y += 64
	}
	steps := p.Steps[:min(len(p.Steps), max(0, (bottom-leading-y)/leading))]
	top := bottom - 80 - leading*len(steps)
	if len(steps) > 0 {
		fill(img, image.Rect(left+8, top, left+10, top+leading*(len(steps)-1)), rule)
	}
	for i, step := range steps {
		at := top + i*leading
		fill(img, image.Rect(left, at-9, left+18, at+9), accent)
		text(img, code, left+54, at+12, step, ink)
	}
	text(img, code, left, bottom, p.Versions, accent)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("cover: %w", err)
	}
	return b.Bytes(), nil
}

// wrap cuts a text between words into lines of a width. A word that is wider has its own.
func wrap(face font.Face, s string, width int) []string {
	var lines []string
	for _, word := range strings.Fields(s) {
		if n := len(lines) - 1; n >= 0 && font.MeasureString(face, lines[n]+" "+word).Ceil() <= width {
			lines[n] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}
