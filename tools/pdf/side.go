package pdf

// sides keeps the numbers of pages, and which divisions of the book have an empty page
// before them so that they begin on a right one. The browser reads "break-before: right"
// as any break.
type sides struct {
	pages map[string]int  // by the id of a place
	blank map[string]bool // by the id of a division
}

// next returns the sides of the coming pass, given where a pass with these put every place;
// starts are the divisions, in order.
func (s sides) next(pages map[string]int, starts []string) sides {
	n := sides{map[string]int{}, map[string]bool{}}
	moves := map[string]int{} // of a division, how many pages it and what follows move by
	move := 0
	for _, id := range starts {
		if s.blank[id] {
			move--
		}
		if (pages[id]+move)%2 == 0 {
			n.blank[id] = true
			move++
		}
		moves[id] = move
	}
	for id, page := range pages {
		last := ""
		for _, start := range starts {
			if pages[start] <= page {
				last = start
			}
		}
		n.pages[id] = page + moves[last]
	}
	return n
}
