// Command sitecheck reads a built site as a browser would and says what is
// wrong with its pages: dead links, doubled ids, missing languages, anything
// that the site's content security policy would refuse.
//
//	go run ./tools/sitecheck site/public
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) != 1 || args[0] == "-h" || args[0] == "--help" {
		fmt.Fprintln(stderr, "usage: sitecheck FOLDER")
		return 2
	}
	if info, err := os.Stat(args[0]); err != nil || !info.IsDir() {
		fmt.Fprintf(stderr, "sitecheck: there is no folder %s: make the site with go run ./tools/book build\n", args[0])
		return 2
	}
	site, err := readSite(os.DirFS(args[0]))
	if err != nil {
		fmt.Fprintf(stderr, "sitecheck: %s: %v\n", args[0], err)
		return 2
	}
	problems := site.check()
	for _, p := range problems {
		fmt.Fprintln(stdout, p)
	}
	fmt.Fprintf(stderr, "%d pages, %d links, %d problems; the largest page is %s, %d bytes\n",
		len(site.pages), site.links, len(problems), site.largest.path, site.largest.size)
	if len(problems) > 0 {
		return 1
	}
	return 0
}
