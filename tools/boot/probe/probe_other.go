//go:build !linux || !amd64

package probe

import "time"

func first(Config, int64) (time.Duration, bool, error) { return 0, false, ErrPlatform }
