package render

import (
	"html/template"
	"strconv"
)

// Tree is who called whom, drawn from top to bottom in the order of the first calls.
type Tree struct {
	Title string // what a reader who cannot see it is told
	Nodes []TreeNode
}

// TreeNode is one call. Parent is the position of the caller in Tree.Nodes, or -1; it
// stands before the node.
type TreeNode struct {
	Label, Href string
	Note        string // at the right edge, such as a time
	Parent      int
	Quiet       bool // inlined, or not of this thread
}

// The measures of trees.
const (
	treeRow    = 22
	treeIndent = 18
)

type treeDrawing struct {
	Tree
	Width, Height int
	Rows          []treeRowDrawing
}

type treeRowDrawing struct {
	TreeNode
	X, Y, Base int
	Path       string // from the caller
}

var treeTemplate = template.Must(template.New("tree").Parse(
	`<svg class="tree" viewBox="0 0 {{.Width}} {{.Height}}" role="group" aria-label="{{.Title}}" xmlns="http://www.w3.org/2000/svg">
{{$d := .}}{{range .Rows}}{{with .Path}}<path d="{{.}}"></path>{{end}}<circle cx="{{.X}}" cy="{{.Y}}" r="3"{{if .Quiet}} class="quiet"{{end}}></circle>` +
		`{{if .Href}}<a href="{{.Href}}">{{end}}<text x="{{.X}}" dx="9" y="{{.Base}}"{{if .Quiet}} class="quiet"{{end}}>{{.Label}}</text>{{if .Href}}</a>{{end}}` +
		`{{if .Note}}<text class="note" x="{{$d.Width}}" y="{{.Base}}">{{.Note}}</text>{{end}}
{{end}}</svg>
`))

// SVG draws the tree.
func (t Tree) SVG() template.HTML {
	d := treeDrawing{Tree: t, Width: wideWidth, Height: len(t.Nodes)*treeRow + 4}
	for i, n := range t.Nodes {
		row := treeRowDrawing{TreeNode: n, X: 5, Y: i*treeRow + treeRow/2, Base: i*treeRow + treeRow/2 + 4}
		if n.Parent >= 0 {
			up := d.Rows[n.Parent]
			row.X = up.X + treeIndent
			row.Path = "M" + strconv.Itoa(up.X) + " " + strconv.Itoa(up.Y+4) + "V" + strconv.Itoa(row.Y) + "H" + strconv.Itoa(row.X-4)
		}
		d.Rows = append(d.Rows, row)
	}
	return execute(treeTemplate, d)
}
