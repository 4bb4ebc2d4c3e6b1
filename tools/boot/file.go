package boot

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"beforemain/tools/boot/record"
)

// Path returns where a record stands below site/data/boot, with slashes.
func Path(r *record.Record) string {
	return path.Join("trace", r.GOOS+"-"+r.GOARCH, r.Version+".json")
}

// Save writes a record below dir, which is site/data/boot of the book. There is never
// half a file.
func Save(dir string, r *record.Record) error {
	name := filepath.Join(dir, filepath.FromSlash(Path(r)))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	temporary := name + ".new"
	f, err := os.Create(temporary)
	if err != nil {
		return err
	}
	_, err = r.WriteTo(f)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return nil
}

// Load reads the committed record that stands where r would.
func Load(data fs.FS, r *record.Record) (*record.Record, error) {
	f, err := data.Open(Path(r))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return record.Read(f)
}
