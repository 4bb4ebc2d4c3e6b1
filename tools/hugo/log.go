package hugo

import (
	"strings"
	"sync"
)

// Log keeps what Hugo says: it belongs to the error, if there is one.
type Log struct {
	mu sync.Mutex
	b  strings.Builder
}

// Write adds what Hugo says; several goroutines may.
func (l *Log) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(text)
}

// String returns all that was said.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
