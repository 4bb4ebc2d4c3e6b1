package bench

// system is what linux/amd64 can measure.
func system() meter { return meter{wall: wall, mark: mark, memory: memory, faults: true} }
