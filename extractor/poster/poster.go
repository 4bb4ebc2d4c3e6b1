// Package poster draws the picture that a link to the book is shown with, and the cover of
// an e-book.
package poster

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// The size that Open Graph readers ask for, in pixels.
const (
	Width  = 1200
	Height = 630
)

// The colours of the theme's light scheme (tokens.css).
var (
	paper  = color.RGBA{0xfb, 0xfa, 0xf7, 0xff}
	ink    = color.RGBA{0x1f, 0x23, 0x28, 0xff}
	quiet  = color.RGBA{0x57, 0x60, 0x6a, 0xff}
	accent = color.RGBA{0x00, 0x62, 0x7a, 0xff}
	rule   = color.RGBA{0xe5, 0xe1, 0xd8, 0xff}
)

// Poster is what the picture says. Steps are names in the order in which they run.
type Poster struct {
	Title, Tagline, Versions string
	Steps                    []string
}

// Legible reports whether the faces at hand have every letter of a text: they have
// Latin, Greek and Cyrillic.
func Legible(text string) bool {
	face := newFace(goregular.TTF, 12)
	for _, r := range text {
		if _, ok := face.GlyphAdvance(r); !ok {
			return false
		}
	}
	return true
}

// newFace returns one of the faces that the program has, at a size in pixels.
func newFace(ttf []byte, size float64) font.Face {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic("poster: a built-in font: " + err.Error())
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic("poster: a built-in font: " + err.Error())
	}
	return face
}

// fitting returns a face in which a text is at most so many pixels wide: of the size, or
// smaller.
func fitting(text string, ttf []byte, size float64, width int) font.Face {
	face := newFace(ttf, size)
	if is := font.MeasureString(face, text).Ceil(); is > width { // without hinting, widths go with sizes
		return newFace(ttf, size*float64(width)/float64(is))
	}
	return face
}

// PNG draws the poster. The same poster makes the same bytes.
func (p Poster) PNG() ([]byte, error) {
	const left = 88
	title := fitting(p.Title, gobold.TTF, 112, Width-2*left)
	tagline := fitting(p.Tagline, goregular.TTF, 38, Width-2*left)
	code := newFace(gomono.TTF, 26)
	img := image.NewRGBA(image.Rect(0, 0, Width, Height))
	fill(img, img.Bounds(), paper)
	fill(img, image.Rect(0, 0, 16, Height), accent)
	text(img, title, left, 210, p.Title, ink)
	text(img, tagline, left, 280, p.Tagline, quiet)
	fill(img, image.Rect(left, 400, Width-left, 402), rule)
	x := left
	for i, step := range p.Steps {
		width := font.MeasureString(code, step).Ceil()
		if x+width > Width-left {
			break
		}
		fill(img, image.Rect(x, 396, x+12, 408), accent)
		end := text(img, code, x, 450, step, ink)
		if x = end + 28; i < len(p.Steps)-1 {
			x += 12
		}
	}
	text(img, code, left, 560, p.Versions, accent)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("poster: %w", err)
	}
	return b.Bytes(), nil
}

func fill(img draw.Image, r image.Rectangle, c color.Color) {
	draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// text writes a line from a point of its baseline and returns where it ends.
func text(img draw.Image, face font.Face, x, y int, s string, c color.Color) int {
	d := font.Drawer{Dst: img, Src: image.NewUniform(c), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(s)
	return d.Dot.X.Ceil()
}
