//go:build !linux

package main

import "errors"

// exchange is not there: two renames have to do.
func exchange(a, b string) error { return errors.ErrUnsupported }
