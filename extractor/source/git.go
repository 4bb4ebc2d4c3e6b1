package source

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
)

// fetchGit fetches the versions' tags, each without its history. If the lock names the
// files and the server lets us choose, only the trees come, and the blobs that the lock
// names: 3 MB instead of 60.
func (o *opener) fetchGit(ctx context.Context, in *incoming, versions []Version) error {
	if o.cfg.Remote == "" {
		return errors.New("the book names no git remote")
	}
	o.say(RouteGit, "asking "+o.cfg.Remote)
	r, err := dial(ctx, o.cfg.Remote, o.cfg.Timeout, o.cfg.Limits)
	if err != nil {
		return err
	}
	r.arrived = func(n int64) { o.report(func(p *Progress) { p.Bytes += n }) }
	tags, err := o.tags(r, versions)
	if err != nil {
		return err
	}
	if o.selective(r, versions) {
		err := o.fetchSelected(ctx, r, in, versions, tags)
		var locked *LockError
		if err == nil || ctx.Err() != nil || errors.As(err, &locked) || isTimeout(err) {
			return err
		}
		o.say(RouteGit, "fetching whole trees, since fetching only what is needed failed: "+err.Error())
		if err := in.reset(); err != nil {
			return err
		}
	}
	o.say(RouteGit, "fetching "+tagList(versions))
	return fetchTags(ctx, r, in, tags, "")
}

// tags returns the remote's references for the versions, none of which has moved.
func (o *opener) tags(r *remote, versions []Version) ([]*plumbing.Reference, error) {
	var tags []*plumbing.Reference
	for _, v := range versions {
		name := plumbing.NewTagReferenceName(v.Tag)
		id, ok := r.refs.References[name.String()]
		if !ok {
			return nil, fmt.Errorf("%s has no tag %s", r.url, v.Tag)
		}
		commit, annotated := r.refs.Peeled[name.String()]
		if !annotated {
			commit = id
		}
		if err := o.cfg.Lock.check(v.Tag, commitPath, commit.String()); err != nil {
			return nil, err
		}
		tags = append(tags, plumbing.NewHashReference(name, id))
	}
	return tags, nil
}

// selective reports whether only some blobs can be fetched: the lock knows them, and the
// server filters and gives single objects. (A server that gives any object announces
// both of the last two capabilities.)
func (o *opener) selective(r *remote, versions []Version) bool {
	for _, v := range versions {
		if len(o.cfg.Lock.files(v.Tag)) == 0 {
			return false
		}
	}
	c := r.refs.Capabilities
	return c.Supports(capability.Filter) && c.Supports(capability.AllowReachableSHA1InWant) && c.Supports(capability.AllowTipSHA1InWant)
}

// fetchTags fetches the commits and trees that tags point to, and the blobs that the
// filter lets through.
func fetchTags(ctx context.Context, r *remote, in *incoming, tags []*plumbing.Reference, filter packp.Filter) error {
	wants := make([]plumbing.Hash, len(tags))
	for i, t := range tags {
		wants[i] = t.Hash()
	}
	shallow, err := r.fetch(ctx, in.storage, request{wants: wants, depth: 1, filter: filter})
	if err != nil {
		return err
	}
	if err := in.storage.SetShallow(shallow); err != nil {
		return err
	}
	for _, t := range tags {
		if err := in.storage.SetReference(t); err != nil {
			return err
		}
	}
	return nil
}

func (o *opener) fetchSelected(ctx context.Context, r *remote, in *incoming, versions []Version, tags []*plumbing.Reference) error {
	o.say(RouteGit, "fetching the trees of "+tagList(versions))
	if err := fetchTags(ctx, r, in, tags, packp.FilterBlobNone()); err != nil {
		return err
	}
	repo := in.open(o.cfg)
	wanted := map[plumbing.Hash]bool{}
	var wants []plumbing.Hash
	for _, v := range versions {
		s, err := repo.Snapshot(v)
		if err != nil {
			return err
		}
		blobs, err := s.locked()
		if err != nil {
			return err
		}
		for _, id := range blobs {
			if !wanted[id] && repo.has(id) != nil {
				wanted[id] = true
				wants = append(wants, id)
			}
		}
	}
	if len(wants) == 0 {
		return nil
	}
	o.say(RouteGit, fmt.Sprintf("fetching %d files", len(wants)))
	_, err := r.fetch(ctx, in.storage, request{wants: wants})
	return err
}
