package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"beforemain/tools/scratch"
)

// publishPrefix begins the name of a folder beside the site in which a new one is made.
const publishPrefix = ".publish-"

// publish lets f fill a new folder and puts it in the place of out only if f
// succeeds and nobody interrupted it: readers never see half a site, and where the
// system can exchange two folders they never see none.
func publish(ctx context.Context, out string, f func(dir string) error) error {
	if err := os.MkdirAll(filepath.Dir(out), 0o777); err != nil {
		return err
	}
	dir, err := scratch.Make(filepath.Dir(out), publishPrefix)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fresh := filepath.Join(dir, "new")
	if err := os.Mkdir(fresh, 0o777); err != nil {
		return err
	}
	if err := f(fresh); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return replace(out, fresh, filepath.Join(dir, oldName(out)), exchange)
}

// replace puts the folder fresh in the place of out, by an exchange where there is one
// and else by two renames. old is a free name, where what was there stands for a moment.
func replace(out, fresh, old string, exchange func(a, b string) error) error {
	err := exchange(out, fresh)
	if err == nil {
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) { // the first site
		if err := os.Rename(fresh, out); err == nil || !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	for tries := 0; ; tries++ {
		if err := os.Rename(out, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		err := os.Rename(fresh, out)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, fs.ErrExist) || tries == 10:
			return errors.Join(err, os.Rename(old, out))
		}
		// Another build has published between the two: its site goes, as the one before.
		if err := os.RemoveAll(old); err != nil {
			return err
		}
	}
}

func oldName(out string) string { return "old-" + filepath.Base(out) }

// recoverSite puts a site back that a build took away and, being killed, did not replace.
func recoverSite(out string) error {
	if _, err := os.Lstat(out); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var kept []string
	for _, dir := range scratch.Find(filepath.Dir(out), publishPrefix+"*") {
		old := filepath.Join(dir, oldName(out))
		if _, err := os.Lstat(old); err == nil {
			kept = append(kept, old)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	err := os.Rename(kept[len(kept)-1], out)
	if errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return nil // the other build was not killed, but between its renames
	}
	return err
}
