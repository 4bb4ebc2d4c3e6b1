package poster

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"
)

func TestPNG(t *testing.T) {
	p := Poster{Title: "A book", Tagline: "How it goes", Versions: "v1–v2", Steps: []string{"start", "run", "a.nameThatIsFarTooLongToStandBesideTheOthersOnOneLineOfThePicture"}}
	one, err := p.PNG()
	if err != nil {
		t.Fatal(err)
	}
	two, err := p.PNG()
	if err != nil || !bytes.Equal(one, two) {
		t.Errorf("the same poster makes other bytes (%v)", err)
	}
	img, err := png.Decode(bytes.NewReader(one))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds() != image.Rect(0, 0, Width, Height) {
		t.Errorf("the picture is %v", img.Bounds())
	}
	checkMargin(t, img)
	p.Title, p.Tagline = strings.Repeat("A long title ", 4), strings.Repeat("and how it goes on ", 8)
	long, err := p.PNG()
	if err != nil {
		t.Fatal(err)
	}
	if img, err = png.Decode(bytes.NewReader(long)); err != nil {
		t.Fatal(err)
	}
	checkMargin(t, img)
	p.Title = "Another"
	if other, err := p.PNG(); err != nil || bytes.Equal(one, other) {
		t.Errorf("another title makes the same picture (%v)", err)
	}
}

// checkMargin sees to it that the margin at the right stays empty.
func checkMargin(t *testing.T, img image.Image) {
	t.Helper()
	dark := 0
	for y := range Height {
		for x := Width - 40; x < Width; x++ {
			if r, _, _, _ := img.At(x, y).RGBA(); r>>8 < 0xf0 {
				dark++
			}
		}
	}
	if dark > 0 {
		t.Errorf("%d pixels of the margin are written on", dark)
	}
}

func TestLegible(t *testing.T) {
	for text, want := range map[string]bool{"Before main": true, "main 之前": false, "go1.17–go1.27": true, "": true} {
		if got := Legible(text); got != want {
			t.Errorf("Legible(%q) = %t, want %t", text, got, want)
		}
	}
}

func TestCover(t *testing.T) {
	p := Poster{Title: "A book", Tagline: "How it goes, told in a line that is too long to stand on the cover as one", Versions: "v1", Steps: []string{"start", "run"}}
	one, err := p.Cover()
	if err != nil {
		t.Fatal(err)
	}
	two, err := p.Cover()
	if err != nil || !bytes.Equal(one, two) {
		t.Errorf("the same cover has other bytes (%v)", err)
	}
	img, err := png.Decode(bytes.NewReader(one))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds() != image.Rect(0, 0, CoverWidth, CoverHeight) {
		t.Errorf("the cover is %v", img.Bounds())
	}
	written := func(r image.Rectangle) (n int) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if red, _, _, _ := img.At(x, y).RGBA(); red>>8 < 0x80 {
					n++
				}
			}
		}
		return n
	}
	if n := written(image.Rect(CoverWidth-60, 0, CoverWidth, CoverHeight)); n > 0 {
		t.Errorf("%d pixels of the margin are written on", n)
	}
	if written(image.Rect(100, CoverHeight-300, CoverWidth, CoverHeight-100)) == 0 {
		t.Error("the foot of the cover is empty")
	}
	p.Steps = slices.Repeat([]string{"again"}, 100)
	if _, err := p.Cover(); err != nil {
		t.Error(err)
	}
}
