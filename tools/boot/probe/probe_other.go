//go:build !linux || !amd64

package probe

import "beforemain/tools/boot/process"

// Once is for linux/amd64.
func Once(string, []string, int64) (Run, error) { return Run{}, process.ErrPlatform }
