package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// meter measures what a process and all that come from it take, as Linux tells it.
type meter struct {
	peak int64           // bytes at a time, a page that processes share counted once
	cpu  map[int]float64 // seconds of each process
}

// watch measures until done is closed.
func (m *meter) watch(root int, done <-chan struct{}) {
	m.cpu = map[int]float64{}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			m.sample(root)
		}
	}
}

// seconds is how long processors worked.
func (m *meter) seconds() float64 {
	sum := 0.0
	for _, s := range m.cpu {
		sum += s
	}
	return sum
}

func (m *meter) sample(root int) {
	children, cpu := map[int][]int{}, map[int]float64{}
	names, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	for _, name := range names {
		text, err := os.ReadFile(name) // a process may be gone
		_, after, ok := bytes.Cut(text, []byte(") "))
		f := strings.Fields(string(after))
		if err != nil || !ok || len(f) < 13 {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		parent, _ := strconv.Atoi(f[1])
		user, _ := strconv.Atoi(f[11])
		system, _ := strconv.Atoi(f[12])
		children[parent] = append(children[parent], pid)
		cpu[pid] = float64(user+system) / 100 // USER_HZ
	}
	var sum int64
	for tree := []int{root}; len(tree) > 0; tree = tree[1:] {
		pid := tree[0]
		tree = append(tree, children[pid]...)
		m.cpu[pid] = max(m.cpu[pid], cpu[pid])
		sum += share(pid)
	}
	m.peak = max(m.peak, sum)
}

// share returns the proportional set size of a process in bytes: what is its own, and of
// what it shares with n processes an nth.
func share(pid int) int64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "Pss:" {
			kilobytes, _ := strconv.ParseInt(f[1], 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}
