//go:build !linux || !amd64

package probe

// Once is for linux/amd64.
func Once(string, []string, int64) (Run, error) { return Run{}, ErrPlatform }
