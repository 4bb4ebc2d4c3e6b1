package trace

// A Node is a call in the tree of calls.
type Node struct {
	Event
	Parent int   // index of the node that it was called from; -1 for a root
	Depth  int   // 0 for a root
	Self   int64 // instructions of its own
	Total  int64 // and of all that it called
}

// A Counted is what single steps observed.
type Counted struct {
	Result
	Steps []int64 // instructions by thread
	Tree  []Node  // in the order of entry, of all threads; without inlined instances
}

// tree puts calls below calls. Each goroutine has its own stack, and so has g0.
type tree struct {
	nodes  []Node
	stacks map[uint64][]frame // by the address of g
	now    map[int]int        // thread → the node that runs; -1 for none
}

type frame struct {
	node   int
	linker string
	sp     uint64 // at the entry
}

func newTree() *tree {
	return &tree{stacks: map[uint64][]frame{}, now: map[int]int{}}
}

// enter adds a call.
func (t *tree) enter(e Event, linker string, g, sp uint64) {
	stack := t.stacks[g]
	// A frame at or below this one has ended, or has jumped here.
	for len(stack) > 0 && stack[len(stack)-1].sp <= sp {
		stack = stack[:len(stack)-1]
	}
	n := Node{Event: e, Parent: -1}
	if len(stack) > 0 {
		n.Parent = stack[len(stack)-1].node
		n.Depth = t.nodes[n.Parent].Depth + 1
	}
	t.now[e.Thread] = len(t.nodes)
	t.stacks[g] = append(stack, frame{len(t.nodes), linker, sp})
	t.nodes = append(t.nodes, n)
}

// again notes that a function whose stack was too small has got a larger one: all frames
// of its goroutine have moved, and sp is what it was at the entry.
func (t *tree) again(thread int, linker string, g, sp uint64) {
	stack := t.stacks[g]
	for len(stack) > 0 && stack[len(stack)-1].linker != linker {
		stack = stack[:len(stack)-1]
	}
	t.stacks[g] = stack
	if len(stack) == 0 {
		return
	}
	moved := sp - stack[len(stack)-1].sp
	for i := range stack {
		stack[i].sp += moved
	}
	t.now[thread] = stack[len(stack)-1].node
}

// leave notes that a thread has come into the middle of a function: by a return, or
// because it goes on with another goroutine.
func (t *tree) leave(thread int, g, sp uint64) {
	stack := t.stacks[g]
	for len(stack) > 0 && stack[len(stack)-1].sp < sp {
		stack = stack[:len(stack)-1]
	}
	t.stacks[g] = stack
	t.now[thread] = -1
	if len(stack) > 0 {
		t.now[thread] = stack[len(stack)-1].node
	}
}

// step counts an instruction.
func (t *tree) step(thread int) {
	if n, ok := t.now[thread]; ok && n >= 0 {
		t.nodes[n].Self++
	}
}

// finish returns the tree with its totals.
func (t *tree) finish() []Node {
	for i := len(t.nodes) - 1; i >= 0; i-- {
		n := &t.nodes[i]
		n.Total += n.Self
		if n.Parent >= 0 {
			t.nodes[n.Parent].Total += n.Total
		}
	}
	return t.nodes
}
