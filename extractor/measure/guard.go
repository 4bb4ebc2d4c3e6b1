package measure

import (
	"fmt"
	"io"
	"io/fs"
	"math"
	"reflect"
)

const (
	maxFile    = 16 << 20 // bytes of a file; the longest of this book has 150,000
	maxNumber  = 1e15     // so that sums stay exact, and axes end
	maxList    = 20000    // entries of one kind; the longest of this book has 807
	maxThreads = 1000     // threads: who made whom is looked for among all of them
)

func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("it has more than %d MiB", maxFile>>20)
	}
	return text, err
}

// inRange returns an error for a number that no machine measures.
func inRange(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Float64:
		if f := v.Float(); math.Abs(f) > maxNumber || f != 0 && math.Abs(f) < 1/maxNumber {
			return fmt.Errorf("the number %g", f)
		}
	case reflect.Int, reflect.Int64:
		if n := v.Int(); n > maxNumber || n < -maxNumber {
			return fmt.Errorf("the number %d", n)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			return inRange(v.Elem())
		}
	case reflect.Slice:
		if n := v.Len(); n > maxList || n > maxThreads && v.Type().Elem() == reflect.TypeFor[Thread]() {
			return fmt.Errorf("%d times %s", n, v.Type().Elem().Name())
		}
		for i := range v.Len() {
			if err := inRange(v.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := inRange(v.Field(i)); err != nil {
				return fmt.Errorf("%s: %w", v.Type().Field(i).Name, err)
			}
		}
	}
	return nil
}
