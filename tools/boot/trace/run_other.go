//go:build !linux || !amd64

package trace

import (
	"context"

	"beforemain/tools/boot/image"
)

// Run returns ErrPlatform: it is written for linux/amd64.
func Run(context.Context, *image.Image, Config) (*Result, error) { return nil, ErrPlatform }

// Count returns ErrPlatform: it is written for linux/amd64.
func Count(context.Context, *image.Image, Config) (*Counted, error) { return nil, ErrPlatform }
