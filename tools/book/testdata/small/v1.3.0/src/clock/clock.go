package clock

const beats = 3

// Start winds the clock up.
// It fails without a key.
func Start() int {
	n := tick(0)
	// The second beat is louder.
	m := tick(n)
	ring(m)
	ring(n)
	a := n + 1
	b := m + 1
	c := a + b
	d := c * 3
	return d
}

// tick is one beat.
func tick(n int) int {
	n++
	return n
}

// halt ends it.
func halt() {
	ring(0)
}

func ring(int) {}
