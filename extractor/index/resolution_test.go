package index

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"beforemain/extractor/index/plan9"
)

// TestRealResolution: on every pinned version and platform every identifier of Go,
// and every symbol, macro and label of assembly, means something. The table it logs
// (go test -v) says how many there are.
func TestRealResolution(t *testing.T) {
	r := sources(t)
	programs, err := r.programs()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]*census{}
	for _, a := range realAssembly(t) {
		where := a.version.Tag + " on " + a.platform.String()
		if counts[where] == nil {
			counts[where] = &census{}
		}
		counts[where].add(a)
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "version\tplatform\tpackages\tGo files\tidentifiers\tunresolved\tasm files\tsymbols\tmacros\tlabels\tunresolved\t")
	for _, p := range programs {
		tag := p.tree.Version().Tag
		where := tag + " on " + p.platform.String()
		for _, wrong := range p.Problems {
			t.Errorf("%s: %v", where, wrong)
		}
		if p.Unresolved > 0 || p.Identifiers < 50000 {
			t.Errorf("%s: %d of %d identifiers are unresolved", where, p.Unresolved, p.Identifiers)
		}
		c := counts[where]
		for _, s := range p.Symbols {
			c.known(s.Name)
		}
		for _, a := range p.Aliases {
			c.known(a.Remote)
		}
		for _, name := range c.unresolved() {
			t.Errorf("%s: %s", where, name)
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", tag, p.platform, len(p.Packages), p.files,
			p.Identifiers, p.Unresolved, c.files, c.symbols, c.macros, c.labels, len(c.unresolved()))
	}
	w.Flush()
	t.Logf("\n%s", table.String())
}

// census counts what the assembly of one version and platform names.
type census struct {
	files, symbols, macros, labels int
	missing                        []string
	named, declared                map[string]bool
}

func (c *census) add(a assembled) {
	if c.named == nil {
		c.named, c.declared = map[string]bool{}, map[string]bool{}
	}
	c.files++
	for _, d := range a.view.Definitions {
		c.declared[d.Name] = true
	}
	for _, o := range a.view.Refs {
		switch o.Kind {
		case plan9.SymbolRef:
			c.symbols++
			c.named[o.Name] = true
		case plan9.LabelRef:
			c.labels++
			if o.Def.Path == "" {
				c.missing = append(c.missing, a.file.Path+": label "+o.Name)
			}
		case plan9.MacroRef, plan9.GoAsmRef:
			c.macros++
		}
	}
}

func (c *census) known(name string) { c.declared[name] = true }

// elsewhere are names that no source of the runtime's packages declares.
var elsewhere = map[string]string{
	"main.main":            "of the program",
	"no_pointers_stackmap": "the assembler's own (cmd/internal/obj/plist.go)",
	"runtime.libpreinit":   "of Unix, where Windows shares the text",
	"runtime.newosproc0":   "of some systems, where all share the text",
}

func (c *census) unresolved() []string {
	list := c.missing
	for name := range c.named {
		if !c.declared[name] && elsewhere[name] == "" {
			list = append(list, "symbol "+name)
		}
	}
	return list
}
