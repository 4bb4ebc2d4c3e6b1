//go:build !(linux && amd64)

package bench

import "runtime"

// system is what the other systems can measure.
func system() meter { return meter{wall: wall, faults: runtime.GOOS == "linux"} }
