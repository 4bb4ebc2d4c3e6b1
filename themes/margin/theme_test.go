package margin_test

import (
	"io/fs"
	"testing"
)

func TestBuild(t *testing.T) {
	fs.WalkDir(site(t), ".", func(name string, d fs.DirEntry, err error) error {
		t.Log(name)
		return err
	})
}
