//go:build !linux

package bench

import (
	"fmt"
	"os"
	"time"
)

// wall times a program from before it is started until its end was seen.
func wall(b Binary) (run, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return run{}, err
	}
	defer null.Close()
	attr := &os.ProcAttr{Env: b.Env, Files: []*os.File{null, null, null}}
	if attr.Env == nil {
		attr.Env = []string{} // nil would stand for ours
	}
	start := time.Now()
	p, err := os.StartProcess(b.Path, []string{b.Path}, attr)
	if err != nil {
		return run{}, err
	}
	end, err := p.Wait()
	took := time.Since(start)
	if err != nil {
		return run{}, fmt.Errorf("%s: wait: %w", b.Path, err)
	}
	if !end.Success() {
		return run{}, fmt.Errorf("%s: %v", b.Path, end)
	}
	return run{NS: took.Nanoseconds()}, nil
}
