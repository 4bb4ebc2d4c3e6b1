package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"beforemain/extractor"
	"beforemain/extractor/content"
	"beforemain/extractor/source"
	"beforemain/tools/hugo"
	"beforemain/tools/store"
)

// finisher makes the finished files of one version after another: out of the cache where
// all that Hugo would read has been the same before, else with Hugo.
type finisher struct {
	site  hugo.Site // its Tree and Publish are of the version that is being made
	book  *extractor.Book
	store *store.Disk
	frame string // see hugo.Site.Frame
}

func newFinisher(site hugo.Site, book *extractor.Book, cache string) (finisher, error) {
	frame, err := site.Frame(book)
	return finisher{site, book, store.New(filepath.Join(cache, pagesDir)), frame}, err
}

// finish adds the files of a version to the folder dir. What they have in common with an
// earlier version takes its place.
func (f finisher) finish(tree content.Tree, v source.Version, dir string) error {
	key := fmt.Sprintf("%s~%x", v.Name, sha256.Sum256(fmt.Appendf(nil, "%s%x", f.frame, tree.Sum())))
	if archive, ok := f.store.Get(key); ok && unpack(archive, dir) == nil {
		return nil
	}
	site := f.site
	site.Tree = filepath.Join(site.Scratch, v.Name)
	site.Publish = dir + ".part" // on the same disk
	defer os.RemoveAll(site.Tree)
	defer os.RemoveAll(site.Publish)
	if err := tree.Write(site.Tree); err != nil {
		return err
	}
	log := &hugo.Log{}
	site.Log = io.MultiWriter(log, f.site.Log)
	if err := site.Build(f.book, []source.Version{v}); err != nil {
		return err
	}
	if log.String() == "" { // whoever builds again should read a warning again
		if archive, err := pack(site.Publish); err == nil {
			f.store.Put(key, archive)
		}
	}
	return layOver(site.Publish, dir)
}

// layOver moves what is in one folder into another, in the place of what is there.
func layOver(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		source, target := filepath.Join(from, e.Name()), filepath.Join(to, e.Name())
		if _, err := os.Lstat(target); e.IsDir() && err == nil {
			if err := layOver(source, target); err != nil {
				return err
			}
			continue
		}
		if err := os.Rename(source, target); err != nil {
			return err
		}
	}
	return nil
}

// pack returns the files of a folder as a compressed archive.
func pack(dir string) ([]byte, error) {
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	t := tar.NewWriter(z)
	if err := errors.Join(t.AddFS(os.DirFS(dir)), t.Close(), z.Close()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// unpack adds the files of an archive to a folder. Nothing is written outside of it.
func unpack(archive []byte, dir string) error {
	z, err := zstd.NewReader(bytes.NewReader(archive), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return err
	}
	defer z.Close()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for t := tar.NewReader(z); ; {
		head, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if head.Typeflag == tar.TypeDir {
			if err := root.MkdirAll(filepath.FromSlash(head.Name), 0o777); err != nil {
				return err
			}
			continue
		}
		file, err := root.Create(filepath.FromSlash(head.Name))
		if err != nil {
			return err
		}
		_, err = io.Copy(file, t)
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
	}
}
