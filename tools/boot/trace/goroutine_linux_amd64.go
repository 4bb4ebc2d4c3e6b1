package trace

import (
	"strconv"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/process"
)

// tlsG is where a thread keeps its g, from the base of FS on.
const tlsG = ^uint64(8) + 1

// goroutine says which g a thread runs: g0, gsignal, or g and its number.
func goroutine(m *image.Image, p *process.Process, bias, fs uint64) string {
	if fs == 0 {
		return "" // before settls
	}
	g, err := p.Word(fs + tlsG)
	if err != nil || g == 0 {
		return ""
	}
	if g == m.G0()+bias {
		return "g0"
	}
	mp, err := p.Word(g + uint64(m.Offsets.GM))
	if err == nil && mp != 0 {
		if g0, err := p.Word(mp + uint64(m.Offsets.MG0)); err == nil && g0 == g {
			return "g0"
		}
		if s, err := p.Word(mp + uint64(m.Offsets.MSignal)); err == nil && s == g {
			return "gsignal"
		}
	}
	id, err := p.Word(g + uint64(m.Offsets.GID))
	if err != nil {
		return ""
	}
	return "g" + strconv.FormatUint(id, 10)
}
