package annotation

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
)

type schema struct {
	Ref        string            `json:"$ref"`
	Pattern    string            `json:"pattern"`
	MaxLength  int               `json:"maxLength"`
	Required   []string          `json:"required"`
	Closed     *bool             `json:"additionalProperties"`
	Properties map[string]schema `json:"properties"`
	Defs       map[string]schema `json:"$defs"`
}

// The schema that editors are given knows the keys and forms that the parser knows.
func TestSchema(t *testing.T) {
	text, err := os.ReadFile("../../site/static/schema/annotation.json")
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	keys := func(s schema) []string { return slices.Sorted(maps.Keys(s.Properties)) }
	same := func(what string, got, want any) {
		t.Helper()
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-parser +schema):\n%s", what, d)
		}
	}
	same("front matter", keys(s), slices.Sorted(slices.Values(noteKeys)))
	same("kinds of block", slices.DeleteFunc(slices.Sorted(maps.Keys(s.Defs)), func(name string) bool { return s.Defs[name].Properties == nil }),
		slices.Sorted(slices.Values(blockKinds)))
	for _, kind := range blockKinds {
		def := s.Defs[kind]
		want := slices.Clone(blockKeys)
		if kind == string(CommentKind) {
			want = slices.DeleteFunc(want, func(key string) bool { return slices.Contains(notOfComments, key) })
		}
		slices.Sort(want)
		same(kind, keys(def), want)
		same("required of "+kind, def.Required, []string{"at"})
		if def.Closed == nil || *def.Closed {
			t.Errorf("%s may have other keys", kind)
		}
		for key, property := range def.Properties {
			if _, ok := s.Defs[property.Ref[len("#/$defs/"):]]; !ok {
				t.Errorf("%s of %s refers to %s", key, kind, property.Ref)
			}
		}
	}
	same("id", s.Defs["id"].Pattern, scan.IDForm.String())
	same("language", s.Defs["language"].Pattern, languageForm.String())
	same("tag", s.Defs["tag"].Pattern, TagForm.String())
	same("stamp", s.Defs["stamp"].Pattern, stampForm.String())
	same("length of a fragment", s.Defs["fragment"].MaxLength, MaxFragment)
	same("length of a comment's fragment", s.Defs["comment-fragment"].MaxLength, MaxFragment)
	same("length of a symbol", s.Properties["symbol"].MaxLength, scan.MaxValue)
	same("length of platforms", s.Defs["platforms"].MaxLength, scan.MaxValue)
	form := regexp.MustCompile(s.Defs["range"].Pattern)
	for _, r := range []string{"1.18", "1.17..1.21", "1.26+", "go1.18", "v2..v3", "", "1.", "..1.2", "1..", "1.2..1.3+", "1.2 .. 1.3", "1.+17", "-1", "1.99999999999", "1-2"} {
		_, err := scope.ParseRange(r)
		if form.MatchString(r) != (err == nil) {
			t.Errorf("the schema and ParseRange differ on %q: %v", r, err)
		}
	}
}
