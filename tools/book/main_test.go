package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"

	"beforemain/tools/need"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"book": main})
}

// TestScript runs the command line on a small book of its own. Its sources come
// out of a module proxy that the script makes in a folder, so that the whole
// way from `go mod download` to the published page is walked without a network.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setupScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"publish": publishModule, "killing": killBuilds, "whole": checkWhole, "small": smallScript, "disk": mountDisk, "listen": listenScript,
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "slow":
				return need.Required(name), nil
			case "root":
				return os.Geteuid() == 0, nil
			case "disk":
				return canMount(), nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
	})
}

func setupScript(env *testscript.Env) error {
	for _, shared := range []string{"site/hugo.toml", "site/static", "themes"} {
		from, err := filepath.Abs(filepath.Join("..", "..", filepath.FromSlash(shared)))
		if err != nil {
			return err
		}
		to := filepath.Join(env.WorkDir, "shared", filepath.FromSlash(shared))
		if err := copyAll(from, to); err != nil {
			return err
		}
	}
	// The book that the scripts of the writers' commands copy.
	if err := copyAll(filepath.Join("testdata", "small"), filepath.Join(env.WorkDir, "shared", "small")); err != nil {
		return err
	}
	home := filepath.Join(env.WorkDir, "home")
	cache := filepath.Join(home, "cache")
	env.Setenv("HOME", home)
	env.Setenv("XDG_CACHE_HOME", cache)
	env.Setenv("CACHE", filepath.Join(cache, "before-main"))
	env.Setenv("GOPATH", filepath.Join(home, "go"))
	env.Setenv("GOMODCACHE", filepath.Join(home, "go", "pkg", "mod"))
	env.Setenv("GOCACHE", filepath.Join(home, "gocache"))
	env.Setenv("GOPROXY", "file://"+filepath.ToSlash(filepath.Join(env.WorkDir, "proxy")))
	env.Setenv("GOSUMDB", "off")
	env.Setenv("GOFLAGS", "-modcacherw")
	if err := os.MkdirAll(filepath.Join(cache, "before-main"), 0o777); err != nil {
		return err
	}
	// Graphviz is compiled once for all scripts, not once for each.
	if users, err := os.UserCacheDir(); err == nil {
		_ = os.Symlink(filepath.Join(users, "before-main", "graphviz"), filepath.Join(cache, "before-main", "graphviz"))
	}
	return nil
}

func copyAll(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return os.CopyFS(to, os.DirFS(from))
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o666)
}

// publishModule is the script command "publish MODULE VERSION FOLDER": it puts
// the folder into the proxy as that version of the module.
func publishModule(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: publish MODULE VERSION FOLDER")
	}
	ts.Check(addModule(ts.MkAbs("proxy"), module.Version{Path: args[0], Version: args[1]}, ts.MkAbs(args[2])))
}

// addModule puts the folder into the proxy, a folder too.
func addModule(proxy string, m module.Version, folder string) error {
	dir := filepath.Join(proxy, filepath.FromSlash(m.Path), "@v")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	list, err := os.ReadFile(filepath.Join(dir, "list"))
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	for name, text := range map[string]string{
		m.Version + ".info": `{"Version":"` + m.Version + `","Time":"2026-01-01T00:00:00Z"}`,
		m.Version + ".mod":  "module " + m.Path + "\n",
		"list":              strings.TrimPrefix(string(list)+m.Version+"\n", "\n"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return err
		}
	}
	f, err := os.Create(filepath.Join(dir, m.Version+".zip"))
	if err != nil {
		return err
	}
	return errors.Join(zip.CreateFromDir(f, m, folder), f.Close())
}
