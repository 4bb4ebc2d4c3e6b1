package margin_test

import (
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/bep/logg"
	"github.com/gohugoio/hugo/common/loggers"
	"github.com/gohugoio/hugo/config"
	"github.com/gohugoio/hugo/config/allconfig"
	"github.com/gohugoio/hugo/deps"
	"github.com/gohugoio/hugo/hugofs"
	"github.com/gohugoio/hugo/hugolib"
	"github.com/spf13/afero"
)

var out = flag.String("out", "", "also write the fixture's site to this `folder`, to look at it")

// site builds the fixture once, in memory, and returns what Hugo published.
func site(t *testing.T) fs.FS {
	t.Helper()
	buildOnce.Do(func() { built = build(t) })
	if built == nil {
		t.Fatal("the fixture's site was not built")
	}
	return built
}

var (
	buildOnce sync.Once
	built     fs.FS
)

// build runs Hugo as the generator does: over site/hugo.toml, a second file
// with the dimensions, and a mount for each edition.
func build(t *testing.T) fs.FS {
	t.Helper()
	scratch := t.TempDir()
	writeFixture(t, scratch)
	flags := config.New()
	for key, dir := range map[string]string{"workingDir": "../../site", "themesDir": "..", "resourceDir": filepath.Join(scratch, "resources"), "cacheDir": filepath.Join(scratch, "cache")} {
		abs, err := filepath.Abs(dir)
		if err != nil {
			t.Fatal(err)
		}
		flags.Set(key, abs)
	}
	flags.Set("publishDir", "/public")
	log := &strings.Builder{}
	logger := loggers.New(loggers.Options{Level: logg.LevelWarn, StdOut: log, StdErr: log, DistinctLevel: logg.LevelWarn})
	configs, err := allconfig.LoadConfig(allconfig.ConfigSourceDescriptor{
		Flags:       flags,
		Fs:          hugofs.Os,
		Filename:    strings.Join([]string{filepath.Join(flags.GetString("workingDir"), "hugo.toml"), absolute(t, "testdata/site.toml"), mounts(t, scratch)}, ","),
		Environment: "production",
		Logger:      logger,
	})
	if err != nil {
		t.Fatal(err)
	}
	flags.Set("publishDirStatic", "/public")
	flags.Set("publishDirDynamic", "/public")
	memory := afero.NewMemMapFs()
	h, err := hugolib.NewHugoSites(deps.DepsCfg{
		Configs: configs, Fs: hugofs.NewFromSourceAndDestination(hugofs.Os, memory, flags),
		StdOut: log, StdErr: log, LogLevel: logg.LevelWarn,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.Build(hugolib.BuildCfg{NoBuildLock: true}); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if log.Len() > 0 {
		t.Errorf("Hugo warns:\n%s", log)
	}
	public := afero.NewIOFS(afero.NewBasePathFs(memory, "/public"))
	if *out != "" {
		for _, files := range []fs.FS{public, os.DirFS("../../site/static")} {
			if err := os.CopyFS(*out, files); err != nil {
				t.Fatal(err)
			}
		}
	}
	return public
}

// mounts writes the part of the configuration that names the fixture's folders.
func mounts(t *testing.T, dir string) string {
	t.Helper()
	var list []params
	for _, v := range versions {
		for _, l := range languages {
			list = append(list, params{"source": filepath.Join(dir, v, l), "target": "content",
				"sites": params{"matrix": params{"languages": []string{l}, "versions": []string{v}}}})
		}
	}
	text, err := json.Marshal(params{"module": params{"mounts": list}})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "mounts.json")
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

func absolute(t *testing.T, name string) string {
	t.Helper()
	abs, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}
