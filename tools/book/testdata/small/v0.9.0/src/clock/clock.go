package clock

// Start winds the clock up.
// It never fails.
func Start() int {
	n := tick(0)
	// The second beat is louder.
	m := tick(n)
	ring(m)
	a := n + 1
	b := m + 1
	c := a + b
	d := c * 2
	return d
}

// tick is one beat.
func tick(n int) int {
	n++
	return n
}

func ring(int) {}
