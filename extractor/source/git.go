package source

import (
	"context"
	"errors"
)

func (o *opener) fetchGit(ctx context.Context, in *incoming, versions []Version) error {
	return errors.New("wip")
}
