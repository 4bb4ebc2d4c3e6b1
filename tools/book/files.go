package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"beforemain/extractor/writing"
	"beforemain/tools/scratch"
)

// rewrite puts new texts in the place of files of the book, by their slash-separated
// names below root: all of them or, if one cannot be written, none. Folders that are
// missing are made.
func rewrite(root string, texts map[string][]byte) (err error) {
	type written struct {
		name string
		old  []byte // nil: there was none
	}
	var temporary []string
	var done []written
	defer func() {
		for _, name := range temporary {
			os.Remove(name)
		}
		if err == nil {
			return
		}
		for _, w := range done {
			if w.old == nil {
				err = errors.Join(err, os.Remove(w.name))
			} else {
				err = errors.Join(err, os.WriteFile(w.name, w.old, 0o666))
			}
		}
	}()
	names := slices.Sorted(maps.Keys(texts))
	for _, name := range names {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		mode := fs.FileMode(0o666)
		if info, err := os.Stat(file); err == nil {
			mode = info.Mode().Perm()
		}
		temporary = append(temporary, file+".new")
		if err := os.WriteFile(file+".new", texts[name], mode); err != nil {
			return err
		}
	}
	for _, name := range names {
		file := filepath.Join(root, filepath.FromSlash(name))
		old, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := os.Rename(file+".new", file); err != nil {
			return err
		}
		done = append(done, written{file, old})
	}
	return nil
}

// create makes a file that f writes, under another name until it is whole: a reader never
// meets half of one. It returns the file's size.
func create(name string, f func(io.Writer) error) (size int64, err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return 0, err
	}
	scratch.Clear(filepath.Dir(name), ".new-")
	file, err := os.CreateTemp(filepath.Dir(name), scratch.Name(".new-"))
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			os.Remove(file.Name())
		}
	}()
	if err := f(file); err != nil {
		return 0, errors.Join(err, file.Close())
	}
	info, err := file.Stat()
	if err != nil {
		return 0, errors.Join(err, file.Close())
	}
	if err := file.Close(); err != nil {
		return 0, err
	}
	if err := os.Chmod(file.Name(), 0o644); err != nil {
		return 0, err
	}
	return info.Size(), os.Rename(file.Name(), name)
}

// edited makes the edits of files below root and returns their new texts.
func edited(root fs.FS, edits []writing.Edit) (map[string][]byte, error) {
	byFile := map[string][]writing.Edit{}
	for _, e := range edits {
		byFile[e.Pos.Filename] = append(byFile[e.Pos.Filename], e)
	}
	texts := map[string][]byte{}
	for name, list := range byFile {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return nil, err
		}
		if texts[name], err = writing.Apply(text, list); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// noteFiles returns the files of notes that arguments name, relative to the book's
// folder with slashes, or all of them.
func noteFiles(root string, args []string) ([]string, error) {
	var all []string
	err := fs.WalkDir(os.DirFS(root), "annotations", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(name) == ".md" {
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return all, nil
	}
	var files []string
	for _, arg := range args {
		name, err := bookPath(root, arg)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(all, name) {
			return nil, usagef("%s holds no notes of the book", arg)
		}
		files = append(files, name)
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// bookPath returns the path of a file as diagnostics write it, relative to the book's
// folder. An argument may be that already, or a path from the working folder.
func bookPath(root, arg string) (string, error) {
	abs, err := filepath.Abs(arg)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(abs); err != nil {
		if abs = filepath.Join(root, filepath.FromSlash(arg)); !filepath.IsLocal(filepath.FromSlash(arg)) {
			return "", usagef("%s is not there", arg)
		}
		if _, err := os.Stat(abs); err != nil {
			return "", usagef("%s is not there", arg)
		}
	}
	rel, err := filepath.Rel(root, abs)
	if err != nil || !filepath.IsLocal(rel) {
		return "", usagef("%s is not in the book's folder", arg)
	}
	return filepath.ToSlash(rel), nil
}

// position writes a place as diagnostics do.
func position(file string, line int) string { return fmt.Sprintf("%s:%d", file, line) }
