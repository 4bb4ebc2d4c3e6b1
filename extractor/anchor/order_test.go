package anchor

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInsertOlder(t *testing.T) {
	order := insertOlder(nil, map[string]notePlace{"a": {0, 10}, "d": {0, 40}, "w": {1, 5}})
	order = insertOlder(order, map[string]notePlace{"a": {0, 5}, "b": {0, 6}, "c": {0, 7}, "d": {0, 8}, "first": {0, 1}, "w": {1, 1}})
	if d := cmp.Diff([]string{"first", "a", "b", "c", "d", "w"}, order); d != "" {
		t.Error(d)
	}
}
