// Package npm brings programs of the npm registry to tests that need them.
package npm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"beforemain/tools/need"
)

// Install returns the folder node_modules with a package, name@version, in it. It is
// downloaded only where BOOK_REQUIRE names npm, and stays in the user's cache; without
// it the test is skipped.
func Install(t testing.TB, pkg string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "before-main", "npm", strings.ReplaceAll(pkg, "@", "-"))
	modules := filepath.Join(dir, "node_modules")
	if _, err := os.Stat(modules); err == nil {
		return modules
	}
	if !need.Required("npm") {
		need.That(t, "npm", fmt.Errorf("%s is not in %s; with BOOK_REQUIRE=npm the test downloads it", pkg, dir))
	}
	need.That(t, "npm", install(t.Context(), pkg, dir))
	return modules
}

// install downloads into another folder and renames it, so that what is there is whole.
func install(ctx context.Context, pkg, dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp(filepath.Dir(dir), ".npm-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "npm", "install", "--prefix", scratch, "--ignore-scripts", "--no-audit", "--no-fund", pkg).CombinedOutput()
	if err != nil {
		return fmt.Errorf("npm install %s: %w\n%s", pkg, err, out)
	}
	if err := os.Rename(scratch, dir); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}
