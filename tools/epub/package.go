package epub

import (
	"encoding/xml"
	"fmt"

	"beforemain/extractor/render"
)

// container is META-INF/container.xml, which says where the package document is.
type container struct {
	XMLName xml.Name `xml:"urn:oasis:names:tc:opendocument:xmlns:container container"`
	Version string   `xml:"version,attr"`
	Root    struct {
		Path string `xml:"full-path,attr"`
		Type string `xml:"media-type,attr"`
	} `xml:"rootfiles>rootfile"`
}

func newContainer() container {
	c := container{Version: "1.0"}
	c.Root.Path, c.Root.Type = folder+packageName, "application/oebps-package+xml"
	return c
}

// packageDocument says what the book is, which files it has, and in which order they are read.
type packageDocument struct {
	XMLName  xml.Name `xml:"http://www.idpf.org/2007/opf package"`
	Version  string   `xml:"version,attr"`
	Unique   string   `xml:"unique-identifier,attr"`
	Lang     string   `xml:"xml:lang,attr"`
	Metadata metadata `xml:"metadata"`
	Manifest []item   `xml:"manifest>item"`
	Spine    spine    `xml:"spine"`
}

// spine is the reading order. TOC is for readers older than EPUB 3, as are a meta's Name
// and Content.
type spine struct {
	TOC   string    `xml:"toc,attr"`
	Items []itemRef `xml:"itemref"`
}

type metadata struct {
	Space       string  `xml:"xmlns:dc,attr"`
	Identifier  element `xml:"dc:identifier"`
	Title       element `xml:"dc:title"`
	Creator     string  `xml:"dc:creator,omitempty"`
	Language    string  `xml:"dc:language"`
	Description string  `xml:"dc:description,omitempty"`
	Source      string  `xml:"dc:source"`
	Meta        []meta  `xml:"meta"`
}

type element struct {
	ID   string `xml:"id,attr"`
	Text string `xml:",chardata"`
}

type meta struct {
	Property string `xml:"property,attr,omitempty"`
	Name     string `xml:"name,attr,omitempty"`
	Content  string `xml:"content,attr,omitempty"`
	Text     string `xml:",chardata"`
}

type item struct {
	ID         string `xml:"id,attr"`
	Name       string `xml:"href,attr"`
	Type       string `xml:"media-type,attr"`
	Properties string `xml:"properties,attr,omitempty"`
}

type itemRef struct {
	ID string `xml:"idref,attr"`
}

// about is what the book offers those who cannot see it, or find their way by its structure.
var about = []meta{
	{Property: "schema:accessMode", Text: "textual"},
	{Property: "schema:accessMode", Text: "visual"},
	{Property: "schema:accessModeSufficient", Text: "textual,visual"},
	{Property: "schema:accessibilityFeature", Text: "alternativeText"},
	{Property: "schema:accessibilityFeature", Text: "index"},
	{Property: "schema:accessibilityFeature", Text: "structuralNavigation"},
	{Property: "schema:accessibilityFeature", Text: "tableOfContents"},
	{Property: "schema:accessibilityHazard", Text: "none"},
}

func (v *volume) pack() packageDocument {
	lang := render.LangTag(v.Lang)
	p := packageDocument{
		Version: "3.0", Unique: "id", Lang: lang,
		Metadata: metadata{
			Space:       "http://purl.org/dc/elements/1.1/",
			Identifier:  element{"id", v.identifier()},
			Title:       element{"title", v.name()},
			Creator:     v.Authors,
			Language:    lang,
			Description: v.Tagline,
			Source:      v.Site,
			Meta:        append([]meta{{Property: "dcterms:modified", Text: v.Modified.UTC().Format("2006-01-02T15:04:05Z")}}, about...),
		},
		Manifest: []item{{ID: "style", Name: styleName, Type: "text/css"}, {ID: "toc", Name: tocName, Type: "application/x-dtbncx+xml"}},
		Spine:    spine{TOC: "toc"},
	}
	if v.Cover != nil {
		p.Manifest = append(p.Manifest, item{ID: "cover", Name: coverName, Type: "image/png", Properties: "cover-image"})
		p.Metadata.Meta = append(p.Metadata.Meta, meta{Name: "cover", Content: "cover"})
	}
	for i, d := range v.documents {
		it := item{ID: fmt.Sprintf("d%d", i+1), Name: link(packageName, d.name, ""), Type: "application/xhtml+xml"}
		switch {
		case d.name == navName:
			it.Properties = "nav"
		case d.drawn:
			it.Properties = "svg"
		}
		p.Manifest = append(p.Manifest, it)
		p.Spine.Items = append(p.Spine.Items, itemRef{it.ID})
	}
	return p
}

// marshal writes one of the structures above, which nothing keeps from being written.
func marshal(v any) []byte {
	text, err := xml.MarshalIndent(v, "", " ")
	if err != nil {
		panic("epub: " + err.Error())
	}
	return append(append([]byte(xml.Header), text...), '\n')
}
