package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gohugoio/hugo/hugofs/files"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/mod/sumdb/dirhash"

	"beforemain/extractor"
	"beforemain/extractor/content"
	"beforemain/extractor/source"
)

// finisher makes the finished files of one version after another: out of the cache where
// all that Hugo would read has been the same before, else with Hugo.
type finisher struct {
	site  hugoSite // its tree and publish are of the version that is being made
	book  *extractor.Book
	store *diskStore
	frame string // the hash of what Hugo reads besides the tree
}

func newFinisher(site hugoSite, book *extractor.Book, cache string) (finisher, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q\n", site.baseURL, book.Title, book.Languages, book.Newest().Name)
	dirs := []string{"themes/" + book.Theme}
	for _, component := range files.ComponentFolders { // of which content is the tree
		if component != files.ComponentFolderContent {
			dirs = append(dirs, "site/"+component)
		}
	}
	for _, dir := range dirs {
		sum, err := dirhash.HashDir(filepath.Join(site.root, filepath.FromSlash(dir)), dir, dirhash.Hash1)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return finisher{}, err
		}
		fmt.Fprintln(h, dir, sum)
	}
	config, _ := os.ReadFile(filepath.Join(site.root, "site", "hugo.toml")) // without it, Hugo says so
	h.Write(config)
	return finisher{site, book, newDiskStore(cache, pagesDir), string(h.Sum(nil))}, nil
}

// finish adds the files of a version to the folder dir. What they have in common with an
// earlier version takes its place.
func (f finisher) finish(tree content.Tree, v source.Version, dir string) error {
	key := fmt.Sprintf("%s~%x", v.Name, sha256.Sum256(fmt.Appendf(nil, "%s%x", f.frame, tree.Sum())))
	if archive, ok := f.store.Get(key); ok && unpack(archive, dir) == nil {
		return nil
	}
	site := f.site
	site.tree = filepath.Join(site.scratch, v.Name)
	site.publish = dir + ".part" // on the same disk
	defer os.RemoveAll(site.tree)
	defer os.RemoveAll(site.publish)
	if err := tree.Write(site.tree); err != nil {
		return err
	}
	log := &hugoLog{}
	site.log = io.MultiWriter(log, f.site.log)
	if err := site.build(f.book, []source.Version{v}); err != nil {
		return err
	}
	if log.String() == "" { // whoever builds again should read a warning again
		if archive, err := pack(site.publish); err == nil {
			f.store.Put(key, archive)
		}
	}
	return layOver(site.publish, dir)
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
