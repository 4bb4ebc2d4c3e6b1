package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/tools/scratch"
	"beforemain/tools/web"
)

func (a *app) serveCommand() *cobra.Command {
	var versions string
	var port int
	var open bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "show the book on this computer, and renew its pages as you write",
		Long: `Serve makes the newest version of the book, or those that --versions names, and
shows it on 127.0.0.1. URLs and switches are those of the whole book.

It watches annotations/, site/ and themes/: what you save is on the page half a
second later, and an open page loads itself anew. A mistake is shown on every page
and in the terminal, above the last good page, until it is mended.

Nobody but this computer can reach it. The site is kept in memory, and site/public
stays as it is. Ctrl-C ends it. The address goes to stdout, everything else to stderr.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if port < 0 || port > 65535 {
				return usagef("--port %d: want a number from 0 to 65535", port)
			}
			return a.serve(cmd.Context(), splitList(versions), port, open)
		},
	}
	cmd.Flags().StringVar(&versions, "versions", "", "make these `versions`, such as go1.17,go1.27 (default: the newest)")
	cmd.Flags().IntVar(&port, "port", 1313, "listen on this `port` of 127.0.0.1; 0 takes a free one")
	cmd.Flags().BoolVar(&open, "open", false, "open the book in the browser")
	return cmd
}

func (a *app) serve(ctx context.Context, versions []string, port int, open bool) error {
	root, err := a.root()
	if err != nil {
		return err
	}
	if book, err := a.book(); err == nil { // a book.toml that cannot be read is shown on the page
		if _, err := book.Select(versions); err != nil {
			return usagef("--versions: %w", err)
		}
	}
	cfg, err := a.config(request{versions: versions})
	if err != nil {
		return err
	}
	listener, err := listen(port)
	if err != nil {
		return err
	}
	defer listener.Close()
	cache, err := a.cacheDir()
	if err != nil {
		return err
	}
	scratch, err := scratch.Make(cache, "serve-")
	if err != nil {
		return err
	}
	watch, err := newWatcher(root)
	if err != nil {
		return errors.Join(err, os.RemoveAll(scratch))
	}
	defer watch.Close()

	port = listener.Addr().(*net.TCPAddr).Port
	url := "http://127.0.0.1:" + strconv.Itoa(port) + "/"
	p := &preview{root: root, config: cfg, stderr: a.stderr, scratch: scratch, tree: filepath.Join(scratch, "tree"), baseURL: url, web: web.New(port)}
	server := &http.Server{Handler: p.web, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	defer server.Close()
	failed := make(chan error, 2)
	go func() { failed <- server.Serve(listener) }()
	go func() {
		failed <- p.follow(ctx, watch, func() {
			fmt.Fprintln(a.stdout, url)
			if open {
				if err := openBrowser(url); err != nil {
					fmt.Fprintf(a.stderr, "no browser could be opened (%v): open %s yourself\n", err, url)
				}
			}
		})
	}()
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		err = nil // Ctrl-C is how it ends
	}
	return errors.Join(err, p.remove())
}

// follow makes the book and then takes in each change, until ctx is done. It is an
// error if the sources cannot be had at the start; all else may be mended while it runs.
func (p *preview) follow(ctx context.Context, watch *watcher, ready func()) error {
	p.spread(watch)
	p.renew(ctx, changedBasis)
	if _, err := extractor.ReadBook(p.config.Root); err == nil && p.basis == nil && ctx.Err() == nil {
		return errProblems
	}
	if ctx.Err() == nil {
		ready()
	}
	for ctx.Err() == nil {
		if c := watch.next(ctx); c != 0 {
			p.spread(watch) // first, so that a new folder is read after it is watched
			p.renew(ctx, c)
		}
	}
	return ctx.Err()
}

// spread watches new folders, and says once what cannot be watched.
func (p *preview) spread(watch *watcher) {
	if err := watch.spread(); err != nil && err.Error() != p.unwatched {
		p.unwatched = err.Error()
		fmt.Fprintln(p.stderr, err)
	}
}

func listen(port int) (net.Listener, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:"+strconv.Itoa(port))
	if err == nil {
		return l, nil
	}
	if errors.Is(err, syscall.EADDRINUSE) || runtime.GOOS == "windows" && errors.Is(err, syscall.Errno(10048)) { // WSAEADDRINUSE
		return nil, fmt.Errorf("port %d is in use: end the program that has it, or choose another with --port (0 takes a free one)", port)
	}
	return nil, fmt.Errorf("cannot listen on port %d; choose another with --port (0 takes a free one): %w", port, err)
}

func openBrowser(url string) error {
	switch runtime.GOOS {
	case "windows":
		return exec.Command("rundll32", "url.dll,FileProtocolHandler", url).Start()
	case "darwin":
		return exec.Command("open", url).Start()
	}
	return exec.Command("xdg-open", url).Start()
}
